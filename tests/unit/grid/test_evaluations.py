from culturalign.artifacts import paths


def test_lists_are_those_of_the_tables_unless_said_otherwise(grid):
    changed = grid(run={"methods": [], "prompts": ["complex", "simple"],
                        "decodings": ["distinct", "greedy"]}).evaluations  # fmt: skip
    folder = "results/scores/smollm2/vanilla"
    assert changed.lists(paths.PRECISION, "demo_us") == [
        f"{folder}/precision.demo_us.complex.distinct.parquet"
    ]
    assert changed.all_precision("demo_us") == [
        f"{folder}/precision.demo_us.{prompt}.{decoding}.parquet"
        for prompt in ("complex", "simple")
        for decoding in ("distinct", "greedy")
    ]


def test_survey_files_are_named_by_language_and_others_by_culture(grid):
    evaluations = grid(run={"methods": []}).evaluations
    assert evaluations.of_arms("survey", paths.DIVERGENCE, "demo_cn") == [
        "results/scores/smollm2/vanilla/divergence.zh.parquet"
    ]
    assert evaluations.of_arms("ranking", paths.RANKINGS, "demo_cn") == [
        "results/scores/smollm2/vanilla/rankings.demo_cn.parquet"
    ]


def test_vanilla_arms_only_get_multiple_choice_questions_unless_configured(grid):
    assert len(grid().evaluations.mcq(paths.MCQ_CHOICES)) == 2  # cultures
    everyone = grid(ranking={"mcq": "all"}).evaluations
    assert len(everyone.mcq(paths.MCQ_CHOICES)) == 2 * (1 + 3)


def test_no_question_without_a_ranking_task_or_a_prompt(grid):
    assert grid(ranking=None, run={"methods": ["sft"]}).evaluations.mcq_cultures() == []
    changed = grid(languages={"zh": {"mcq_prompt": None}}).evaluations
    assert changed.mcq_cultures() == ["demo_us"]
    assert changed.mcq_prompts() == ["resources/prompts/en/mcq.txt"]


def test_the_report_quotes_answers_and_their_provenance(grid):
    evaluations = grid(run={"methods": []}).evaluations
    stem = "results/samples/smollm2/vanilla"
    assert evaluations.report_lists()[:2] == [
        f"{stem}/associations.demo_us.complex.distinct.json",
        f"{stem}/associations.demo_us.complex.distinct.jsonl",
    ]
    assert evaluations.report_rankings(["demo_us"]) == [
        f"{stem}/rankings.demo_us.json",
        f"{stem}/rankings.demo_us.jsonl",
    ]


def test_the_prompt_settings_of_an_arm(grid):
    found = grid("clca.yaml").evaluations
    plain = found.prompt_settings("demo_cn")
    assert plain == {"system": "You are a helpful assistant.", "separator": "，"}
    prompted = found.prompt_settings("demo_cn", "demo_cn-country-prompt-seed0")
    assert prompted["system"].endswith(plain["system"]) and prompted != plain


def test_a_prompt_may_have_a_system_message_of_its_own(grid):
    own = {"en": {"systems": {"complex": "List words.", "simple": None}}}
    found = grid("clca.yaml", languages=own).evaluations
    arm = "demo_us-country-prompt-seed0"
    of_prompts = {
        p: found.prompt_settings("demo_us", prompt=p)["system"] for p in ("complex", "simple")
    }
    assert of_prompts == {"complex": "List words.", "simple": "You are a helpful assistant."}
    assert found.prompt_settings("demo_us", arm, "complex")["system"].endswith(". List words.")
    assert found.example_settings("demo_us", "sft")["system"] == "List words."


def test_lists_depend_on_associations_only_with_shots_or_bounds_by_cue(grid):
    def asked(**settings):
        return grid(evaluation=settings).evaluations.asked_of("demo_us", "complex")

    assert asked() == asked(shots={"complex": None}) == asked(shots={"simple": {}}) == []
    needed = ["results/data/demo_us/associations.parquet"]
    assert asked(shots={"complex": {}}) == asked(bounds="cue") == needed
