from culturalign.artifacts import paths


def test_a_run_without_clca_has_neither_role_play_nor_personas(grid):
    clca = grid().clca
    assert clca.cultures() == clca.persona_cultures() == clca.tables() == clca.all_intents() == []


def test_the_materials_of_a_culture(grid):
    clca = grid("clca.yaml").clca
    found = clca.materials("demo_b", system=True)
    assert (found["country"], found["language"]) == ("CHN", "en") and found["system"]
    assert "system" not in clca.materials("demo_b")
    texts = clca.texts("demo_b")
    assert found["card"] == texts[0] and any(text.endswith("words.yaml") for text in texts)


def test_mixed_training_joins_examples_and_sequential_training_does_not(grid):
    arguments = (paths.TRAIN_EXAMPLES, "demo_a", "sft-clca")
    mixed = grid("clca.yaml", methods={"sft-clca": {"order": "mixed"}}).clca
    assert mixed.joined_examples(*arguments) == ["results/data/demo_a/sft/train.jsonl"]
    changed = grid("clca.yaml", methods={"sft-clca": {"order": "sequential"}}).clca
    assert changed.joined_examples(*arguments) == []


def test_intents_are_found_where_a_method_learns_them(grid):
    clca = grid("clca.yaml").clca
    assert clca.learned_intents("demo_a", "clca") == clca.all_intents()[:1]
    without = {"clca": {"intents": False}, "sft-clca": {"intents": False}}
    changed = grid("clca.yaml", methods=without).clca
    assert changed.learned_intents("demo_a", "clca") == changed.all_intents() == []


def test_as_whom_an_arm_is_asked(grid):
    clca = grid("clca.yaml").clca
    asked = clca.asked_as()
    assert asked["vanilla"] == "nobody" and asked["sft"] == asked["clca"] == "respondent"
    assert (asked["country-prompt"], asked["persona-prompt"]) == ("country", "respondent")
    assert not clca.as_persona("vanilla") and clca.as_persona("demo_a-sft-seed0")
    plain = clca.persona_system("demo_a", "demo_a-sft-seed0")
    assert clca.persona_system("demo_a", "demo_a-country-prompt-seed0").endswith(f" {plain}")


def test_every_culture_has_persona_scores_and_tables(grid):
    found = grid("clca.yaml")
    assert found.clca.persona_cultures() == ["demo_a", "demo_b"]
    arms = found.arms.evaluated("personas", "demo_a")
    assert len(found.clca.persona_scores()) == 2 * len(arms)
    assert found.clca.tables() == ["dialogues", "personas", "personas_contrasts"]
