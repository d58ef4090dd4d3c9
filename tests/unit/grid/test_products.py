import pytest


def test_the_default_has_every_table_and_figure_of_the_paper(grid):
    products = grid().products
    assert {f"table{number}" for number in range(1, 15)} <= set(products.tables())
    assert products.figures()[:2] == ["precision", "training"]
    numbered = [name for name in products.figures() if name.startswith("fig")]
    assert numbered[:3] == ["fig1", "fig2", "fig2_debiased"]
    assert {name.removesuffix("_debiased") for name in numbered} == {
        f"fig{number}" for number in range(1, 14)
    }


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"survey": None}, {"table7", "table8", "table14", "fig2", "fig3", "tension_demo_a"}),
        ({"norms": None}, {"table5", "norms", "humans_demo_a", "fig4"}),
        ({"run": {"methods": ["sft"]}}, {"table11", "ppo"}),
        ({"run": {"methods": []}}, {"table10", "table11", "training", "ppo"}),
        ({"survey": {"orders": 1}}, {"table8_debiased", "fig2_debiased"}),
        ({"run": {"cultures": ["demo_a"]}}, {"table2", "table8", "fig3", "tension_demo_b"}),
    ],
)
def test_what_a_run_leaves_out_has_no_table_or_figure(grid, changes, gone):
    everything = {*grid().products.tables(), *grid().products.figures()}
    products = grid(**changes).products
    left = {*products.tables(), *products.figures()}
    assert gone <= everything and not gone & left


def test_a_run_without_rankings_has_no_table_of_them(grid):
    products = grid(ranking=None, run={"methods": ["sft"]}).products
    assert products.ranking_tables() == {}
    assert not {"table3", "table9"} & set(products.tables())


def test_a_target_has_its_companion_averaged_over_orders(grid):
    targets = grid().products.targets()
    assert [file for file in targets["fig3"] if file.endswith(".csv")] == [
        "results/figures/fig3.csv",
        "results/figures/fig3_debiased.csv",
    ]
    assert targets["table1"] == [f"results/tables/table1.{form}" for form in ("csv", "md", "tex")]


@pytest.mark.parametrize(
    ("figure", "caption"),
    [("fig10", "thresholds"), ("fig11_debiased", "leanings"), ("fig4", "attributes"),
     ("precision", "precision")],
)  # fmt: skip
def test_figures_of_one_kind_share_a_caption(grid, figure, caption):
    assert grid().products.caption(figure) == caption


def test_the_papers_cultures_have_counterparts_and_a_real_one_is_preferred(grid, bilingual):
    assert set(bilingual().products.paper_counterparts()) == {"US", "ZH"}
    found = grid().products.paper_counterparts()  # demo B answers in English, not in Mandarin
    assert set(found) == {"US"} and found["US"]["synthetic"]
    assert (found["US"]["table"], found["US"]["ranking"]) == ("table1", "table3")
    real = {"label": "US", "language": "en", "swow": "x.csv", "country": "USA"}
    both = grid(
        run={"cultures": ["demo_a", "demo_b", "us"]}, cultures={"us": real}, survey=None
    ).products.paper_counterparts()
    assert both["US"]["name"] == "us" and both["US"]["attributes"] == "attributes_us_complex"
    assert not both["US"]["synthetic"]
    assert both["US"]["table"] == "generation_us"  # table 1 is of synthetic people


def test_tables_1_and_3_of_the_paper_as_run_are_of_english_of_all_countries(grid):
    found = grid("paper.yaml").products.paper_counterparts()
    lists = {place: [each[x] for x in ("name", "table", "ranking", "lists")]
             for place, each in found.items()}  # fmt: skip
    assert lists == {
        "US": ["us", "table1", "table3", "EN"], "ZH": ["cn", "table2", "table4", "ZH"],
    }  # fmt: skip
    sound = grid("paper.yaml", run={"cultures": ["us", "cn"]}).products.paper_counterparts()["US"]
    assert (sound["table"], sound["lists"]) == ("generation_us", "US")


def test_a_model_card_quotes_precision_and_the_survey(grid):
    assert grid().products.release_tables("demo_a") == [
        "results/tables/table1.csv",
        "results/tables/table7.csv",
    ]
    assert grid(survey=None).products.release_tables("demo_a") == ["results/tables/table1.csv"]


def test_adapters_are_released_and_loaded_in_vllm_where_the_run_has_it(grid):
    releases = grid(run={"cultures": ["demo_a"]}).products.releases()
    assert releases == [
        f"results/release/smollm2-demo_a-{method}-seed0"
        for method in ("sft", "sft-shuffled", "ppo")
    ]
    paper = grid("paper.yaml").products.releases()
    assert not [path for path in paper if "-us-ppo-seed0" in path or "prompt" in path]
    assert sum(path.endswith(".vllm.json") for path in paper) == len(paper) // 2
