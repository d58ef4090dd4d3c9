import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from culturalign.config import docs
from culturalign.config.data import Split
from culturalign.config.load import key_lines, keys_under, load, merge, resolve_like
from culturalign.config.root import Config
from culturalign.config.sft import Sft
from culturalign.errors import UserError

SHIPPED = sorted((docs.ROOT / "config").glob("*.yaml"))

# The tests count these lines: `run:` is line 1.
BASE = """\
run:
  models: [small]
  cultures: [us]
  methods: [sft]
  decodings: [greedy]
data:
  split: {train: 0.8, validation: 0.1, test: 0.1}
languages:
  en:
    system: You are a helpful assistant.
    prompts:
      complex: prompts/complex.txt
    separator: ", "
cultures:
  us:
    label: US
    language: en
    swow: us.csv
models:
  small:
    label: Small
    source: some/model
methods:
  sft:
    kind: sft
    learning_rate: 1.0e-5
    lora: {rank: 8}
decodings:
  greedy: {}
evaluation:
  precision_at: [5]
"""


def read(folder: Path, overlay: str = "") -> Config:
    """Load BASE with an overlay, both from real files."""
    files = [folder / "base.yaml", folder / "overlay.yaml"]
    for file, text in zip(files, (BASE, overlay), strict=True):
        file.write_text(text, encoding="utf-8")
    return load(merge(yaml.safe_load(BASE), yaml.safe_load(overlay) or {}), files)


def message(folder: Path, overlay: str) -> str:
    """What the user reads, with the folder taken out."""
    with pytest.raises(UserError) as caught:
        read(folder, overlay)
    return str(caught.value).replace(f"{folder}/", "")


def faults(folder: Path, overlay: str) -> list[str]:
    """The faults alone, one a line."""
    return [line.strip() for line in message(folder, overlay).splitlines()[1:-1]]


# What loads


def test_what_a_file_says_is_what_is_loaded(tmp_path):
    config = read(tmp_path)
    assert config.run.models == ["small"]
    assert config.methods["sft"].learning_rate == 0.00001
    assert config.methods["sft"].lora.rank == 8
    assert config.evaluation.precision_at == [5]
    assert config.data.split.shares() == {"train": 0.8, "validation": 0.1, "test": 0.1}


def test_what_a_file_leaves_out_takes_the_default(tmp_path):
    config = read(tmp_path)
    assert config.methods["sft"].lora.alpha == 256
    assert config.run.seeds == [0]
    assert config.run.prompts == ["complex"]
    assert (config.evaluation.lower, config.evaluation.upper) == (40, 50)
    assert config.cultures["us"].keep.country == []


def test_an_overlay_merges_mappings_and_replaces_lists(tmp_path):
    overlay = (
        "evaluation: {precision_at: [10, 40]}\nmodels:\n  large: {label: Large, source: a/b}\n"
    )
    config = read(tmp_path, overlay)
    assert config.evaluation.precision_at == [10, 40]
    assert set(config.models) == {"small", "large"}


def test_a_loaded_value_cannot_be_changed(tmp_path):
    config = read(tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        config.data.seed = 1


def test_a_whole_number_may_stand_for_a_fractional_one(tmp_path):
    assert read(tmp_path, "methods: {sft: {epochs: 4}}").methods["sft"].epochs == 4.0


def test_shipped_overlays_are_found():
    assert {path.name for path in SHIPPED} >= {
        "config.yaml",
        "clca.yaml",
        "paper.yaml",
        "real.yaml",
    }


@pytest.mark.parametrize("overlay", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_loads_on_top_of_the_default(overlay):
    files = [docs.ROOT / "config/config.yaml", overlay]
    default, own = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in files)
    config = load(merge(default, own), files)
    for name, value in own["run"].items():
        assert getattr(config.run, name) == value


def test_the_papers_batch_is_two_accumulated_micro_batches_on_four_devices():
    # table 10: 144 = 18 a device x 2 accumulated x 4 devices
    assert Sft(kind="sft", global_batch=144, micro_batch=18, devices=4).accumulation == 2


@given(st.sets(st.integers(1, 99), min_size=2, max_size=2))
def test_shares_in_whole_percent_that_add_up_are_accepted(cuts):
    first, second = sorted(cuts)
    shares = [first / 100, (second - first) / 100, (100 - second) / 100]
    split = Split(train=shares[0], validation=shares[1], test=shares[2])
    assert list(split.shares().values()) == shares


mappings = st.recursive(
    st.one_of(st.integers(), st.lists(st.integers(), max_size=2)),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@given(mappings)
def test_a_mapping_laid_over_itself_stays_itself(mapping):
    assert merge(mapping, mapping) == mapping


@given(st.dictionaries(st.sampled_from("abc"), mappings))
def test_an_empty_overlay_changes_nothing(mapping):
    assert merge(mapping, {}) == mapping


def test_merging_goes_into_mappings_and_replaces_everything_else():
    base = {"a": {"x": 1, "y": [1, 2]}, "b": 3}
    over = {"a": {"y": [9]}, "b": {"z": 4}}
    assert merge(base, over) == {"a": {"x": 1, "y": [9]}, "b": {"z": 4}}
    assert base == {"a": {"x": 1, "y": [1, 2]}, "b": 3}


# Unknown keys


def test_an_unknown_section_is_refused_with_the_likely_one(tmp_path):
    assert faults(tmp_path, "modles: {}") == [
        "overlay.yaml:1: modles: no such key; did you mean models?"
    ]


def test_an_unknown_key_of_a_method_is_refused_with_the_likely_one(tmp_path):
    overlay = "methods:\n  sft:\n    learning_rat: 1.0\n"
    assert faults(tmp_path, overlay) == [
        "overlay.yaml:3: methods.sft.learning_rat: no such key; did you mean learning_rate?"
    ]


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        (
            "methods:\n  sft:\n    lora:\n      rnk: 4\n",
            "overlay.yaml:4: methods.sft.lora.rnk: no such key; did you mean rank?",
        ),
        (
            "methods:\n  sft:\n    examples:\n      spraed: 4\n",
            "overlay.yaml:4: methods.sft.examples.spraed: no such key; did you mean spread?",
        ),
        (
            "data:\n  split:\n    trian: 0.8\n",
            "overlay.yaml:3: data.split.trian: no such key; did you mean train?",
        ),
        (
            "cultures:\n  us:\n    keep:\n      contry: [United States]\n",
            "overlay.yaml:4: cultures.us.keep.contry: no such key; did you mean country?",
        ),
        (
            "decodings:\n  greedy:\n    max_item: 4\n",
            "overlay.yaml:3: decodings.greedy.max_item: no such key; did you mean max_items?",
        ),
    ],
    ids=["lora", "examples", "split", "keep", "decoding"],
)
def test_an_unknown_key_deep_down_is_refused_with_the_likely_one(tmp_path, overlay, expected):
    assert faults(tmp_path, overlay) == [expected]


def test_a_key_like_no_other_is_refused_without_a_suggestion(tmp_path):
    assert faults(tmp_path, "data:\n  zzzzz: 1\n") == ["overlay.yaml:2: data.zzzzz: no such key"]


def test_a_key_of_another_section_is_not_suggested(tmp_path):
    # `rank` is a key of lora, not of the method
    assert faults(tmp_path, "methods:\n  sft:\n    rank: 8\n") == [
        "overlay.yaml:3: methods.sft.rank: no such key"
    ]


def test_the_keys_of_every_place_are_known():
    assert keys_under(("data", "split")) == {"train", "validation", "test", "seed"}
    assert keys_under(("cultures", "any", "keep")) == {"country", "native_language"}
    assert {"learning_rate", "actor_learning_rate"} <= keys_under(("methods", "any"))
    assert "run" in keys_under(())


# Wrong types


def test_1e_5_is_text_to_yaml_and_the_message_says_what_to_write(tmp_path):
    overlay = "methods:\n  sft:\n    learning_rate: 1e-5\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:3: methods.sft.learning_rate: ")
    assert fault.endswith("(got '1e-5'; YAML reads 1e-5 as text, write 1.0e-5)")


def test_text_that_is_no_number_gets_no_hint_about_numbers(tmp_path):
    (fault,) = faults(tmp_path, "methods:\n  sft:\n    learning_rate: high\n")
    assert fault.startswith("overlay.yaml:3: methods.sft.learning_rate: ")
    assert fault.endswith("(got 'high')")


@pytest.mark.parametrize(
    ("overlay", "place", "got"),
    [
        ("data:\n  seed: 1.5\n", "overlay.yaml:2: data.seed: ", "(got 1.5)"),
        ("data:\n  split_halves: true\n", "overlay.yaml:2: data.split_halves: ", "(got True)"),
        ("data:\n  split_halves: 0\n", "overlay.yaml:2: data.split_halves: ", "(got 0)"),
        ("models:\n  small:\n    label: 3\n", "overlay.yaml:3: models.small.label: ", "(got 3)"),
        ("run:\n  models: small\n", "overlay.yaml:2: run.models: ", "(got 'small')"),
        ("run:\n  models: []\n", "overlay.yaml:2: run.models: ", "(got [])"),
        ("run:\n  seeds:\n    - 0\n    - one\n", "overlay.yaml:4: run.seeds.1: ", "(got 'one')"),
        (
            "evaluation:\n  confidence: 1.0\n",
            "overlay.yaml:2: evaluation.confidence: ",
            "(got 1.0)",
        ),
        (
            "methods:\n  sft:\n    scheduler: linear\n",
            "overlay.yaml:3: methods.sft.scheduler: ",
            "(got 'linear')",
        ),
        (
            "methods:\n  sft:\n    learning_rate: -1.0\n",
            "overlay.yaml:3: methods.sft.learning_rate: ",
            "(got -1.0)",
        ),
        (
            "methods:\n  sft:\n    learning_rate: .inf\n",
            "overlay.yaml:3: methods.sft.learning_rate: ",
            "(got inf)",
        ),
        (
            "methods:\n  sft:\n    examples:\n      prompt: [complex]\n",
            "overlay.yaml:4: methods.sft.examples.prompt: ",
            "(got ['complex'])",
        ),
        (
            "languages:\n  en:\n    prompts: none\n",
            "overlay.yaml:3: languages.en.prompts: ",
            "none",
        ),
    ],
    ids=lambda text: text.strip(": ").rpartition(" ")[2] if text.startswith("overlay") else "",
)
def test_a_value_of_the_wrong_kind_is_refused_where_it_stands(tmp_path, overlay, place, got):
    found = faults(tmp_path, overlay)
    assert any(fault.startswith(place) and got in fault for fault in found), found


def test_a_section_of_the_wrong_kind_is_refused(tmp_path):
    found = faults(tmp_path, "models: small\n")
    assert len(found) == 2
    assert found[0].startswith("overlay.yaml:1: models: ")
    assert "'small'" in found[0]
    assert found[1] == "base.yaml:2: run.models: models does not define 'small'; defined: none"


def test_a_missing_key_is_told_at_its_nearest_parent(tmp_path):
    assert faults(tmp_path, "models:\n  other:\n    label: Other\n") == [
        "overlay.yaml:2: models.other.source: Field required"
    ]


def test_a_fault_in_a_section_called_like_a_kind_of_method_names_that_section(tmp_path):
    overlay = "cultures:\n  sft:\n    label: 3\n    language: en\n    swow: a.csv\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:3: cultures.sft.label: ")


def test_a_culture_may_have_no_hyphen_in_its_name_and_a_method_may(tmp_path):
    (fault,) = faults(tmp_path, "cultures:\n  u-s: {label: US, language: en, swow: us.csv}\n")
    assert fault.startswith("overlay.yaml:2: cultures.u-s")
    assert "'u-s'" in fault
    assert "sft-slow" in read(tmp_path, "methods: {sft-slow: {kind: sft}}").methods


def test_an_unknown_kind_of_method_is_refused_with_the_known_ones(tmp_path):
    (fault,) = faults(tmp_path, "methods:\n  sft:\n    kind: dpo\n")
    assert "methods.sft: " in fault
    assert all(f"'{kind}'" in fault for kind in ("dpo", "sft", "ppo"))


# Combinations that cannot be


def test_shares_that_do_not_sum_to_one_are_refused_with_their_sum(tmp_path):
    overlay = "data:\n  split: {train: 0.9, validation: 0.1, test: 0.1}\n"
    assert faults(tmp_path, overlay) == [
        "overlay.yaml:2: data.split: train + validation + test must be 1, not 1.1"
    ]


def test_a_split_cannot_do_without_a_part(tmp_path):
    overlay = "data:\n  split: {train: 0.9, validation: 0.0, test: 0.1}\n"
    first = faults(tmp_path, overlay)[-1]
    assert first.startswith("overlay.yaml:2: data.split.validation: ")
    assert first.endswith("(got 0.0)")


@pytest.mark.parametrize(
    "overlay",
    [
        # with the default 0.1 for validation the sum would be 1.1
        "data: {split: {train: 0.9, validation: 0.0, test: 0.1}}",
        # with the default 18 for micro_batch 12 would not divide
        "methods: {sft: {global_batch: 12, micro_batch: '4'}}",
        # with the default 50 for upper K would be too large
        "evaluation: {precision_at: [60], upper: '60'}",
    ],
    ids=["split", "batch", "upper"],
)
def test_a_wrong_value_brings_no_second_fault_about_a_default_that_nobody_wrote(tmp_path, overlay):
    assert len(faults(tmp_path, overlay)) == 1


def test_a_batch_that_does_not_divide_is_refused_with_the_numbers(tmp_path):
    overlay = "methods:\n  sft: {global_batch: 10, devices: 2, micro_batch: 4}\n"
    assert faults(tmp_path, overlay) == [
        "overlay.yaml:2: methods.sft: global_batch (10) must be a multiple of "
        "devices x micro_batch (2 x 4 = 8)"
    ]


@pytest.mark.parametrize(
    ("name", "whole", "micro"), [("train_batch", 30, 8), ("rollout_batch", 60, 16)]
)
def test_a_ppo_batch_that_does_not_divide_is_refused_with_the_numbers(tmp_path, name, whole, micro):
    assert faults(tmp_path, f"methods:\n  ppo: {{kind: ppo, {name}: {whole}}}\n") == [
        f"overlay.yaml:2: methods.ppo: {name} ({whole}) must be a multiple of "
        f"micro_{name} ({micro})"
    ]


def test_k_beyond_the_words_asked_for_is_refused(tmp_path):
    assert faults(tmp_path, "evaluation:\n  precision_at: [5, 60]\n") == [
        "overlay.yaml:1: evaluation: precision_at asks for K=60, but the prompts ask for at most "
        "50 words (upper)"
    ]


def test_k_may_equal_the_words_asked_for(tmp_path):
    assert read(tmp_path, "evaluation: {precision_at: [50]}").evaluation.precision_at == [50]


def test_a_lower_bound_above_the_upper_is_refused(tmp_path):
    assert faults(tmp_path, "evaluation:\n  lower: 51\n") == [
        "overlay.yaml:1: evaluation: lower (51) must not exceed upper (50)"
    ]


def test_a_shortest_list_above_the_longest_is_refused(tmp_path):
    overlay = "methods:\n  sft:\n    examples: {min_words: 9, max_words: 8}\n"
    assert faults(tmp_path, overlay) == [
        "overlay.yaml:3: methods.sft.examples: min_words (9) must not exceed max_words (8)"
    ]


def test_ppo_needs_the_ranking_section_unless_it_trains_another_task(tmp_path):
    overlay = (
        "methods:\n  rank: {kind: ppo}\n  free: {kind: ppo, task: association}\nranking: null\n"
    )
    assert faults(tmp_path, overlay + "run:\n  methods: [rank, free]\n") == [
        "overlay.yaml:2: methods.rank.task: the ranking task needs the section `ranking`; add it, "
        "or choose association"
    ]


def test_ppo_on_rankings_needs_the_prompt_of_every_language_of_the_run(tmp_path):
    overlay = "methods:\n  p: {kind: ppo}\nranking: {decoding: greedy}\nrun:\n  methods: [p]\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.endswith("languages.en.ranking_prompt: 'p' ranks; name the prompt's file")


def test_ppo_starts_from_vanilla_or_from_an_sft_method(tmp_path):
    assert read(tmp_path, "methods:\n  p: {kind: ppo, start: sft}\n").methods["p"].start == "sft"
    overlay = "methods:\n  p: {kind: ppo}\n  q: {kind: ppo, start: p}\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:3: methods.q.start: 'p' is neither vanilla nor a method")


def test_dropout_is_refused_in_ppo(tmp_path):
    (fault,) = faults(tmp_path, "methods:\n  p: {kind: ppo, lora: {dropout: 0.1}}\n")
    assert "lora.dropout is 0.1, but PPO compares log-probabilities" in fault


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ("engine: openrlhf", "engine openrlhf: it always has vLLM write the responses"),
        (
            "temperature: 0.001",
            "rollouts vllm: temperature is 0.001, but vLLM would sample at 0.01",
        ),
        ("lora: {rank: 513}", "rollouts vllm: lora.rank is 513, but it applies ranks up to 512"),
        ("rollout_memory: 1.0", "less than 1"),
    ],
)
def test_what_rollouts_of_vllm_cannot_be_is_refused(tmp_path, settings, fault):
    overlay = f"methods:\n  p: {{kind: ppo, rollouts: vllm, {settings}}}\n"
    (found,) = faults(tmp_path, overlay)
    assert fault in found


def test_rollouts_are_of_transformers_unless_vllm_is_asked_for(tmp_path):
    overlay = "methods:\n  p: {kind: ppo}\n  q: {kind: ppo, rollouts: vllm}\n"
    methods = read(tmp_path, overlay).methods
    assert (methods["p"].rollouts, methods["q"].rollouts) == ("hf", "vllm")


def test_two_cultures_of_a_run_cannot_share_a_table(tmp_path):
    # the workflow maps a table to one culture; the other's scores would silently be left out
    overlay = """\
cultures:
  us: {generation_table: table1}
  uk: {label: UK, language: en, swow: uk.csv, generation_table: table1}
run:
  cultures: [us, uk]
"""
    assert "table1" in message(tmp_path, overlay)


RANKING = """\
ranking: {candidates: 5}
decodings: {ranking: {max_items: null}}
"""


def test_a_table_of_rankings_cannot_be_that_of_another_kind(tmp_path):
    overlay = RANKING + "cultures:\n  us: {generation_table: table1, ranking_table: table1}\n"
    assert faults(tmp_path, overlay) == [
        "overlay.yaml:4: cultures.us.ranking_table: 'table1' is the table of "
        "'us.generation_table' already"
    ]


def test_two_candidates_are_too_few_to_rank(tmp_path):
    (fault,) = faults(tmp_path, RANKING.replace("5", "2"))
    assert "ranking.candidates" in fault and "greater than or equal to 3" in fault


def test_the_ranking_task_needs_a_decoding_that_is_defined(tmp_path):
    (fault,) = faults(tmp_path, RANKING.replace("5", "5, decoding: rankin"))
    assert fault.endswith("decodings does not define 'rankin'; did you mean ranking?")


def test_no_method_may_be_called_ranking_since_its_files_would_be_the_tasks(tmp_path):
    (fault,) = faults(tmp_path, RANKING + "methods:\n  ranking: {like: sft}\n")
    assert "the ranking task has this name" in fault


def test_partial_credit_needs_incomplete_rankings_to_count(tmp_path):
    (fault,) = faults(tmp_path, RANKING.replace("5", "5, reward: {partial: true}"))
    assert "partial gives credit to incomplete rankings; set missing: last" in fault


def test_a_decoding_without_a_largest_number_of_items_is_for_answers_that_are_no_lists(tmp_path):
    assert read(tmp_path, RANKING).decodings["ranking"].max_items is None


def test_a_negative_training_seed_is_refused(tmp_path):
    # the workflow's wildcard is seed=\d+: no rule could make the results of seed -1
    (fault,) = faults(tmp_path, "run:\n  seeds: [-1]\n")
    assert "run.seeds" in fault
    assert "-1" in fault


def test_a_training_seed_listed_twice_is_refused(tmp_path):
    # it would count as two repetitions that agree perfectly
    assert "run.seeds" in message(tmp_path, "run:\n  seeds: [0, 0]\n")


# Names that one section uses and another does not define


@pytest.mark.parametrize(
    ("section", "name", "expected"),
    [
        ("models", "smal", "models does not define 'smal'; did you mean small?"),
        ("models", "zzz", "models does not define 'zzz'; defined: small"),
        ("cultures", "fr", "cultures does not define 'fr'; defined: us"),
        ("methods", "stf", "methods does not define 'stf'; did you mean sft?"),
        ("decodings", "gredy", "decodings does not define 'gredy'; did you mean greedy?"),
    ],
)
def test_a_name_to_run_that_nothing_defines_is_refused(tmp_path, section, name, expected):
    assert faults(tmp_path, f"run:\n  {section}: [{name}]\n") == [
        f"overlay.yaml:2: run.{section}: {expected}"
    ]


def test_a_culture_in_an_undefined_language_is_refused(tmp_path):
    assert faults(tmp_path, "cultures:\n  us:\n    language: eng\n") == [
        "overlay.yaml:3: cultures.us.language: languages does not define 'eng'; did you mean en?"
    ]


def test_a_prompt_that_the_runs_language_lacks_is_refused(tmp_path):
    assert faults(tmp_path, "run:\n  prompts: [complx]\n") == [
        "base.yaml:11: languages.en.prompts: languages.en.prompts does not define 'complx'; "
        "did you mean complex?"
    ]


def test_a_training_prompt_that_the_runs_language_lacks_is_refused(tmp_path):
    assert faults(tmp_path, "methods:\n  sft:\n    examples: {prompt: plain}\n") == [
        "base.yaml:11: languages.en.prompts: languages.en.prompts does not define 'plain'; "
        "defined: complex"
    ]


def test_a_language_that_is_not_run_may_lack_a_prompt(tmp_path):
    overlay = """\
languages:
  zh: {system: 你好, prompts: {other: a.txt}, separator: "，"}
cultures:
  cn: {label: CN, language: zh, swow: cn.csv}
"""
    assert read(tmp_path, overlay).run.cultures == ["us"]


# like:


def test_a_method_takes_all_settings_of_the_one_it_is_like(tmp_path):
    overlay = """\
methods:
  sft: {epochs: 3, label: Tuned}
  control:
    like: sft
    label: Control
    examples: {shuffle_cues: true}
"""
    methods = read(tmp_path, overlay).methods
    assert methods["control"].lora.rank == 8
    assert methods["control"].epochs == 3
    assert methods["control"].label == "Control"
    assert methods["control"].examples.shuffle_cues
    assert not methods["sft"].examples.shuffle_cues
    assert methods["sft"].label == "Tuned"


def test_like_merges_into_the_mappings_of_the_other():
    raw = {
        "methods": {
            "a": {"kind": "sft", "examples": {"spread": 3, "per_cue": 2}},
            "b": {"like": "a", "examples": {"spread": 4}},
        }
    }
    assert resolve_like(raw)[0]["methods"]["b"] == {
        "kind": "sft",
        "examples": {"spread": 4, "per_cue": 2},
    }


def test_like_may_be_chained(tmp_path):
    overlay = "methods: {b: {like: sft, epochs: 2}, c: {like: b, devices: 1, label: C}}"
    chained = read(tmp_path, overlay).methods["c"]
    assert (chained.lora.rank, chained.epochs, chained.label) == (8, 2, "C")


def test_like_an_undefined_method_is_refused(tmp_path):
    text = message(tmp_path, "methods:\n  control:\n    like: stf\n")
    assert "control.like: no method is called 'stf'" in text


def test_like_an_undefined_method_is_told_on_its_line(tmp_path):
    found = faults(tmp_path, "methods:\n  control:\n    like: stf\n")
    assert any(f.startswith("overlay.yaml:3: ") and "'stf'" in f for f in found), found


def test_like_an_undefined_method_is_one_fault_and_blames_no_other_method(tmp_path):
    overlay = "methods:\n  control:\n    like: stf\n  fine:\n    like: sft\n"
    assert len(faults(tmp_path, overlay)) == 1


def test_a_circle_of_likes_is_refused_with_its_path(tmp_path):
    text = message(tmp_path, "methods:\n  a: {like: b}\n  b: {like: a}\n")
    assert "like: a -> b -> a is a circle" in text


def test_a_circle_of_likes_is_one_fault(tmp_path):
    assert len(faults(tmp_path, "methods:\n  a: {like: b}\n  b: {like: a}\n")) == 1


def test_a_method_like_itself_is_a_circle(tmp_path):
    assert "like: a -> a is a circle" in message(tmp_path, "methods: {a: {like: a}}")


def test_like_must_be_one_name(tmp_path):
    (fault,) = faults(tmp_path, "methods:\n  control:\n    like: [sft]\n")
    assert "control" in fault
    assert "['sft']" in fault


def test_a_fault_is_told_where_it_is_written_not_where_it_is_inherited(tmp_path):
    overlay = "methods:\n  sft:\n    epochs: 0\n  control:\n    like: sft\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:3: methods.sft.epochs: ")


def test_an_impossible_combination_is_told_where_it_is_written_not_where_it_is_inherited(tmp_path):
    overlay = "methods:\n  sft:\n    global_batch: 17\n  control:\n    like: sft\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:2: methods.sft: global_batch (17)")


def test_a_fault_of_the_inheriting_methods_own_is_told_there(tmp_path):
    overlay = "methods:\n  control:\n    like: sft\n    epochs: 0\n"
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith("overlay.yaml:4: methods.control.epochs: ")


# One message


def test_all_faults_come_in_one_message_with_file_and_line(tmp_path):
    overlay = """\
run:
  models: [smal]
data:
  split: {train: 0.5, validation: 0.1, test: 0.1}
  sed: 1
methods:
  sft:
    learning_rate: 1e-5
"""
    lines = message(tmp_path, overlay).splitlines()
    assert lines[0] == "4 to correct; nothing was run."
    assert lines[-1] == "Every key is described in docs/config.md."
    places = [line.strip().split(": ")[:2] for line in lines[1:-1]]
    assert places == [
        ["overlay.yaml:5", "data.sed"],
        ["overlay.yaml:4", "data.split"],
        ["overlay.yaml:8", "methods.sft.learning_rate"],
        ["overlay.yaml:2", "run.models"],
    ]


def test_a_fault_is_told_in_the_last_file_that_sets_the_key(tmp_path):
    (in_base,) = faults(tmp_path, "decodings:\n  other: {}\nmodels:\n  small: {revision: 3}\n")
    assert in_base.startswith("overlay.yaml:4: models.small.revision: ")
    (batch,) = faults(tmp_path, "methods: {sft: {micro_batch: 7}}")
    assert batch.startswith("overlay.yaml:1: methods.sft: ")


def test_without_files_a_fault_still_names_its_key():
    with pytest.raises(UserError) as caught:
        load({})
    lines = str(caught.value).splitlines()
    assert lines[0] == "6 to correct; nothing was run."
    assert "  models: Field required" in lines


def test_every_key_and_list_item_has_its_line(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("# one\na:\n  b: 1\n  c:\n    - x\n    - y\nd: {e: 2}\n", encoding="utf-8")
    assert key_lines(file) == {
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", "0"): 5,
        ("a", "c", "1"): 6,
        ("d",): 7,
        ("d", "e"): 7,
    }


def test_an_empty_file_has_no_keys(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert key_lines(file) == {}


# Generated pages


def shipped_text(name: str) -> str:
    return (docs.ROOT / name).read_text(encoding="utf-8")


def test_the_shipped_schema_is_the_generated_one():
    same = shipped_text("config/schema.json") == docs.schema_text()
    assert same, "config/schema.json is out of date; run `make docs`"


def test_the_shipped_page_is_the_generated_one():
    same = shipped_text("docs/config.md") == docs.page_text()
    assert same, "docs/config.md is out of date; run `make docs`"


def keys_of(schema: dict[str, Any]) -> set[str]:
    nodes = [schema, *schema["$defs"].values()]
    return {key for node in nodes for key in node.get("properties", {})}


def test_the_page_has_a_row_for_every_key():
    rows = {line.split("`")[1] for line in docs.page_text().splitlines() if "| `" in line[:3]}
    sections = {"run", "data", "split", "languages", "cultures", "models", "methods"}
    sections |= {
        "decodings",
        "evaluation",
        "ranking",
        "clca",
        "survey",
        "norms",
    }  # mappings that have a table of their own
    assert keys_of(Config.model_json_schema()) - sections <= rows


def test_every_key_is_described():
    assert "see below" not in docs.page_text()


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.name)
def test_editors_accept_every_shipped_file(file):
    schema = json.loads(shipped_text("config/schema.json"))
    jsonschema.validate(yaml.safe_load(file.read_text(encoding="utf-8")), schema)


def test_editors_refuse_an_unknown_key():
    schema = json.loads(shipped_text("config/schema.json"))
    with pytest.raises(jsonschema.ValidationError, match="trian"):
        jsonschema.validate({"data": {"split": {"trian": 0.5}}}, schema)


POLES = """\
run:
  cultures: [us, uk]
cultures:
  us: {country: USA}
  uk: {label: UK, language: en, swow: uk.csv, country: GBR}
languages:
  en: {survey_prompt: survey.txt}
survey:
  file: w.csv
  questionnaires: {en: q.csv}
  poles: [us, uk]
"""


def test_two_surveyed_cultures_can_be_poles(tmp_path):
    config = read(tmp_path, POLES)
    assert config.survey is not None
    assert config.survey.poles == ["us", "uk"]
    assert config.survey.orders == 4
    assert read(tmp_path, POLES + "  tension: 20\n").survey.tension == 20


def test_a_run_may_build_one_of_the_poles(tmp_path):
    assert read(tmp_path, POLES.replace("cultures: [us, uk]", "cultures: [us]")).survey is not None


def test_without_the_section_there_is_no_survey(tmp_path):
    assert read(tmp_path).survey is None
    assert read(tmp_path, POLES.partition("survey:\n")[0] + "survey: null\n").survey is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("poles: [us, uk]", "poles: [us, us]", "names 'us' twice"),
        ("poles: [us, uk]", "poles: [us]", "poles"),
        ("poles: [us, uk]", "poles: [us, cn]", "cultures does not define 'cn'"),
        (", country: GBR", "", "cultures.uk.country: a pole of the survey needs a country"),
        ("{survey_prompt: survey.txt}", "{}", "languages.en.survey_prompt: the survey stage"),
        ("{en: q.csv}", "{zh: q.csv}", "survey.questionnaires does not define 'en'"),
        ("  file: w.csv\n", "", "survey.file"),
    ],
)
def test_a_survey_that_cannot_be_run_is_refused(tmp_path, old, new, expected):
    assert old in POLES
    (fault,) = faults(tmp_path, POLES.replace(old, new))
    assert expected in fault


def test_a_baseline_is_another_model_of_the_run(tmp_path):
    """Its stars are those of the small model of the family."""
    models = "models: {{big: {{label: Big, source: hub/big, baseline: {}}}}}\n"
    models += "run: {{models: [small, big]}}\n"
    assert read(tmp_path, models.format("small")).models["big"].baseline == "small"
    for name in ("big", "llama"):
        (fault,) = faults(tmp_path, models.format(name))
        assert f"models.big.baseline: {name!r} is no other model of the run" in fault
    paper = yaml.safe_load((docs.ROOT / "config/paper.yaml").read_text(encoding="utf-8"))["models"]
    assert paper["llama70b"]["baseline"] == "llama" and paper["qwen72b"]["baseline"] == "qwen"


def test_a_questionnaire_is_a_path_or_a_file_with_columns(tmp_path):
    assert read(tmp_path, POLES).survey.questionnaires["en"].file == "q.csv"
    full = "{en: {file: q.csv, columns: {code: value}}}"
    found = read(tmp_path, POLES.replace("{en: q.csv}", full)).survey.questionnaires["en"]
    assert (found.file, found.columns) == ("q.csv", {"code": "value"})


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{fil: q.csv}", "survey.questionnaires.en.fil: no such key; did you mean file?"),
        ("{file: q.csv, columns: {cod: value}}", "survey.questionnaires.en.columns.cod"),
        ("{file: q.json, columns: {code: value}}", "columns are headers of a csv"),
        ("7", "survey.questionnaires.en: "),
    ],
)
def test_a_questionnaire_that_cannot_be_read_is_refused(tmp_path, entry, expected):
    found = faults(tmp_path, POLES.replace("{en: q.csv}", f"{{en: {entry}}}"))
    assert any(expected in fault for fault in found)


def test_cultures_of_one_country_are_refused(tmp_path):
    """Poles that do not differ have no tension set; a nation has one culture in every table."""
    shared = POLES.replace("GBR", "USA")
    found = faults(tmp_path, shared)
    assert len(found) == 2
    for where in ("run.cultures", "survey.poles"):
        text = f"{where}: 'us' and 'uk' are both held against USA; give one another country"
        assert any(text in fault for fault in found)
    (fault,) = faults(tmp_path, shared.replace("cultures: [us, uk]", "cultures: [us]"))
    assert "survey.poles" in fault
    assert read(tmp_path, shared.partition("survey:\n")[0]).survey is None


# Norms

NORMS = """\
norms:
  prompts: [complex]
  files:
    en:
      - file: v.csv
        word: Word
        attributes: {valence: {column: V, span: [1, 9]}}
"""


def test_norms_are_read_with_the_papers_defaults(tmp_path):
    norms = read(tmp_path, NORMS).norms
    assert (norms.first, norms.concrete_from, norms.level) == (10, 3.0, 0.05)
    assert norms.files["en"][0].attributes["valence"].span == [1, 9]
    assert read(tmp_path).norms is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("valence:", "valense:", "valense: no such attribute; there are valence, arousal"),
        ("[1, 9]", "[4, 4]", "the ends of a scale must differ, not both be 4"),
        ("[1, 9]", "[1]", "at least 2 items"),
        ("    en:", "    fr:", "languages does not define 'fr'; defined: en"),
        ("[complex]", "[complex, simple]", "languages.en.prompts does not define 'simple'"),
        ("word: Word", "wird: Word", "did you mean word?"),
        ("  files:", "  decodings: {complex: gredy}\n  files:", "did you mean greedy?"),
        ("  files:", "  lemmatizer: {en: spacy}\n  files:", "'simplemma' or 'wordnet'"),
        (
            "      - file: v.csv",
            "      - {file: a, word: b, attributes: {valence: {column: c, span: [1, 2]}}}\n"
            "      - file: v.csv",
            "two files give valence; keep one",
        ),
    ],
)
def test_norms_that_cannot_be_used_are_refused(tmp_path, old, new, expected):
    assert old in NORMS
    assert expected in message(tmp_path, NORMS.replace(old, new, 1))


def test_two_tables_of_attributes_need_two_names(tmp_path):
    overlay = "cultures: {us: {attribute_tables: {complex: table5, simple: table5}}}\n"
    assert "'table5' is the table of 'us, complex' already" in message(tmp_path, overlay)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("run: !!python/object/apply:os.system [echo]\n", ":1: the YAML tag"),
        ("run:\n  seeds: !!python/tuple [0]\n", ":2: the YAML tag"),
        ("label: !secret x\n", "'!secret' is not allowed"),
        ("run: !!binary aGVsbG8=\n", "is not allowed"),
        ("__use_yte__: true\nrun: {seeds: [0]}\n", ":1: templates (__use_yte__)"),
    ],
)
def test_a_configuration_is_data_and_nothing_else(tmp_path, text, told):
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load({}, [path])
    assert told in str(caught.value) and str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc/x", "..", "a\\b", "x\n", "X", "a b", ""])
def test_names_that_become_file_names_cannot_leave_the_results(name):
    from pydantic import TypeAdapter, ValidationError

    from culturalign.config.strict import MethodName, Name

    for kind in (Name, MethodName):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(name)
