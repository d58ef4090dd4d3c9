def test_a_label_and_an_engine_do_not_change_what_training_depends_on(grid):
    changed = grid(models={"smollm2": {"label": "Other", "engine": "vllm"}}).settings
    plain = grid().settings
    assert changed.training_settings("smollm2") == plain.training_settings("smollm2")
    answering = changed.answering_settings("smollm2")
    assert answering != plain.answering_settings("smollm2")
    assert answering["label"] == "smollm2" and plain.answering_settings(None) == {}


def test_labels_of_options_depend_on_what_renders_a_prompt_only(grid):
    """Another engine, or more answers at a time, would choose the labels again, and all answers."""
    plain = grid().settings.rendering_settings()
    speed = {"engine": "vllm", "max_sequences": 8, "max_model_length": 100, "tensor_parallel": 2}
    assert grid(models={"smollm2": speed}).settings.rendering_settings() == plain
    for change in ({"template_arguments": {"date_string": "today"}}, {"system_in_user": True}):
        assert grid(models={"smollm2": change}).settings.rendering_settings() != plain


def test_hyperparameters_name_the_precision_of_lora_only(grid):
    shown = grid("paper.yaml").settings.hyperparameters()
    assert shown["sft"]["precision"] == "bf16" and shown["ppo"]["kind"] == "ppo"
    assert "country-prompt" not in shown
