def test_tables_and_figures_have_the_papers_names(grid):
    attributes = grid().attributes
    assert attributes.tables() == {
        "table5": ("demo_a", "complex"),
        "table6": ("demo_b", "complex"),
        "table12": ("demo_a", "simple"),
        "table13": ("demo_b", "simple"),
    }
    assert sorted(attributes.figures()) == [f"fig{number}" for number in range(4, 10)]
    assert attributes.prints_raw_scales("table13") and not attributes.prints_raw_scales("table5")


def test_figures_follow_from_the_attributes_that_norms_have(grid):
    column = {"column": "A", "span": [9, 1]}
    files = [{"file": "results/demo/x.csv", "word": "Word", "attributes": {"arousal": column}}]
    changed = grid(
        norms={"files": {"en": files}, "prompts": ["complex"]},
        run={"cultures": ["demo_a"]},
    ).attributes
    assert list(changed.figures()) == ["fig6"]


def test_norms_that_are_missing_leave_no_scores_to_make(bilingual):
    column = {"column": "V", "span": [-3, 3]}
    files = [{"file": "nowhere.csv", "word": "W", "attributes": {"valence": column}}]
    attributes = bilingual(norms={"files": {"zh": files}}).attributes
    assert attributes.found_norms("zh") == [] and attributes.scores("demo_zh", "complex") == []
    assert [path for _, path in attributes.norm_files("zh")] == [None]
    assert len(attributes.scores("demo_a", "complex")) == 1 + 3
    assert list(map(len, attributes.figure_scores("fig5"))) == [1 + 3, 0]


def test_files_follow_from_the_language(bilingual):
    attributes = bilingual().attributes
    assert attributes.norms("demo_zh") == "results/data/norms/zh.parquet"
    assert attributes.norm_record("demo_zh") == "results/data/norms/zh.json"
    assert attributes.languages() == ["en", "zh"]
    assert attributes.human()[0] == "results/scores/references/attributes.demo_a.parquet"


def test_without_norms_there_is_nothing(grid):
    attributes = grid(norms=None).attributes
    assert attributes.cultures() == [] and attributes.tables() == attributes.figures() == {}
