import re
from contextlib import nullcontext
from functools import reduce

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from snakemake.cli import parse_config

from culturalign.config import docs
from culturalign.config.data import Split
from culturalign.config.load import load
from culturalign.config.overlay import merge
from culturalign.config.strict import MethodName, Name
from culturalign.errors import UserError
from culturalign.files.yaml_file import read_document

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
RANKING = """\
ranking: {candidates: 5}
decodings: {ranking: {max_items: null}}
"""
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
NORMS = """\
norms:
  prompts: [complex]
  files:
    en:
      - file: v.csv
        word: Word
        attributes: {valence: {column: V, span: [1, 9]}}
"""
BIG = """\
models: {{big: {{label: Big, source: hub/big, baseline: {}}}}}
run: {{models: [small, big]}}
"""


def read(folder, overlay=""):
    """Load BASE with an overlay, both from real files."""
    files = [folder / "base.yaml", folder / "overlay.yaml"]
    for file, text in zip(files, (BASE, overlay), strict=True):
        file.write_text(text, encoding="utf-8")
    return load(merge(yaml.safe_load(BASE), yaml.safe_load(overlay) or {}), files)


def message(folder, overlay):
    """What the user reads, without the folder."""
    with pytest.raises(UserError) as caught:
        read(folder, overlay)
    return str(caught.value).replace(f"{folder}/", "")


def faults(folder, overlay):
    """Only the faults, one a line."""
    return [line.strip() for line in message(folder, overlay).splitlines()[1:-1]]


# What loads


def test_a_file_s_values_are_loaded_and_the_others_have_their_defaults(tmp_path):
    config = read(tmp_path)
    sft = config.methods["sft"]
    assert (config.run.models, config.evaluation.precision_at) == (["small"], [5])
    assert (sft.learning_rate, sft.lora.rank) == (0.00001, 8)
    assert config.data.split.shares() == {"train": 0.8, "validation": 0.1, "test": 0.1}
    assert (config.run.seeds, config.run.prompts, sft.lora.alpha) == ([0], ["complex"], 256)
    assert (config.evaluation.lower, config.evaluation.upper) == (40, 50)
    assert (config.cultures["us"].keep.country, config.survey, config.norms) == ([], None, None)


def test_a_loaded_value_cannot_be_changed(tmp_path):
    with pytest.raises(ValidationError, match="frozen"):
        read(tmp_path).data.seed = 1


@pytest.mark.parametrize(
    ("overlay", "value", "expected"),
    [
        ("methods: {sft: {epochs: 4}}", lambda c: c.methods["sft"].epochs, 4.0),
        ("evaluation: {precision_at: [50]}", lambda c: c.evaluation.precision_at, [50]),
        ("models: {large: {label: L, source: a/b}}", lambda c: [*c.models], ["small", "large"]),
        ("methods: {sft-slow: {kind: sft}}", lambda c: [*c.methods], ["sft", "sft-slow"]),
        ("methods: {p: {kind: ppo, start: sft}}", lambda c: c.methods["p"].start, "sft"),
        ("methods: {p: {kind: ppo}}", lambda c: c.methods["p"].rollouts, "hf"),
        (RANKING, lambda c: c.decodings["ranking"].max_items, None),
        (BIG.format("small"), lambda c: c.models["big"].baseline, "small"),
        (NORMS, lambda c: (c.norms.first, c.norms.concrete_from, c.norms.level), (10, 3.0, 0.05)),
        (NORMS, lambda c: c.norms.files["en"][0].attributes["valence"].span, [1, 9]),
        (POLES, lambda c: (c.survey.poles, c.survey.orders), (["us", "uk"], 4)),
        (POLES, lambda c: c.survey.questionnaires["en"].file, "q.csv"),
        (POLES.replace("q.csv", "{file: q.csv, columns: {code: value}}"),
         lambda c: c.survey.questionnaires["en"].columns, {"code": "value"}),
        (POLES.replace("[us, uk]", "[us]", 1), lambda c: c.run.cultures, ["us"]),
        (POLES.partition("survey:\n")[0] + "survey: null\n", lambda c: c.survey, None),
        ("languages: {zh: {system: s, prompts: {other: a.txt}, separator: '，'}}\n"
         "cultures: {cn: {label: CN, language: zh, swow: cn.csv}}",  # not run, so not asked
         lambda c: c.run.cultures, ["us"]),
    ],
)  # fmt: skip
def test_what_can_be_done_is_loaded(tmp_path, overlay, value, expected):
    assert value(read(tmp_path, overlay)) == expected


@pytest.mark.parametrize("overlay", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_loads_on_top_of_the_default(overlay):
    files = [docs.ROOT / "config/config.yaml", overlay]
    text = overlay.read_text(encoding="utf-8")
    if under := re.search(r"# Overlays ((?:config/\w+[.]yaml(?: and )?)+)[.]\n", text):
        files[1:1] = [docs.ROOT / name for name in under[1].split(" and ")]
    layers = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    config = load(reduce(merge, layers), files)
    for name, value in layers[-1]["run"].items():
        assert getattr(config.run, name) == value


def test_the_shipped_files_are_found():
    names = {path.name for path in SHIPPED}
    assert names >= {
        "config.yaml",
        "clca.yaml",
        "paper.yaml",
        "real.yaml",
        "sound.yaml",
        "written.yaml",
    }


@given(st.sets(st.integers(1, 99), min_size=2, max_size=2))
def test_shares_in_whole_percent_that_add_up_are_accepted(cuts):
    first, second = sorted(cuts)
    shares = [first / 100, (second - first) / 100, (100 - second) / 100]
    split = Split(train=shares[0], validation=shares[1], test=shares[2])
    assert list(split.shares().values()) == shares


# What is refused: a fault each, by line of the overlay and key; " ... " stands for other text

UNKNOWN = [
    ("modles: {}", "1: modles: no such key; did you mean models?"),
    ("methods:\n  sft:\n    learning_rat: 1.0\n",
     "3: methods.sft.learning_rat: no such key; did you mean learning_rate?"),
    ("methods: {sft: {lora: {rnk: 4}}}",
     "1: methods.sft.lora.rnk: no such key; did you mean rank?"),
    ("methods: {sft: {rank: 8}}", "1: methods.sft.rank: no such key"),  # a key of lora
    ("methods:\n  sft:\n    examples:\n      spraed: 4\n",
     "4: methods.sft.examples.spraed: no such key; did you mean spread?"),
    ("data:\n  split:\n    trian: 0.8\n", "3: data.split.trian: no such key; did you mean train?"),
    ("cultures: {us: {keep: {contry: [x]}}}",
     "1: cultures.us.keep.contry: no such key; did you mean country?"),
    ("decodings: {greedy: {max_item: 4}}",
     "1: decodings.greedy.max_item: no such key; did you mean max_items?"),
    (POLES.replace("q.csv", "{fil: q.csv, file: q.csv}"),
     "10: survey.questionnaires.en.fil: no such key; did you mean file?"),
    (NORMS.replace("word: Word", "word: Word\n        shet: a"),
     "7: norms.files.en.0.shet: no such key; did you mean sheet?"),
    ("data:\n  zzzzz: 1\n", "2: data.zzzzz: no such key"),
]  # fmt: skip
WRONG = [
    ("methods: {sft: {epochs: 4}, sft: {epochs: 5}}",
     "1: methods.sft: the key is there twice, first in line 1; YAML keeps the last, so remove one"),
    ("survey: no",
     "1: survey: should be a mapping (got False); write null to leave it out"),
    ("run: 3", "1: run: should be a mapping (got 3)"),
    ("models: small", "1: models: should be a mapping (got 'small')"),
    ("cultures:\n  no: {label: Norway, language: en, swow: n.csv}",
     "2: cultures.no: YAML does not read the key no as text; put it in quotes"),
    ("cultures: {us: {label: no}}",
     "1: cultures.us.label: ... (got False; YAML reads no, off, and false as false: put text in "
     "quotes)"),
    ("data: {seed: 010}",
     "1: data.seed: YAML reads 010 to another base, as 8; put text in quotes, or write ... digits"),
    ("models: {small: {template_arguments: {temperature: 1e5}}}",
     "1: models.small.template_arguments.temperature: YAML reads 1e5 as text; write 1.0e+5 ... s"),
    ("models: {small: {template_arguments: {form: no}}}",  # text or a truth value
     "1: models.small.template_arguments.form: YAML reads no as false; put it in quotes, or write "
     "false"),
    ("models: {small: {template_arguments: {date_string: 2024-07-26}}}",
     "1: models.small.template_arguments.date_string: ... YAML reads it as a date: put text in quo"
     "tes)"),
    ("methods: {sft: {learning_rate: 1e-5}}",
     "1: methods.sft.learning_rate: ... (got '1e-5'; YAML reads 1e-5 as text, write 1.0e-5)"),
    ("methods: {sft: {learning_rate: high}}", "1: methods.sft.learning_rate: ... (got 'high')"),
    ("methods: {sft: {learning_rate: -1.0e-5}}", "1: methods.sft.learning_rate: ... (got -1e-05)"),
    ("methods: {sft: {learning_rate: .inf}}", "1: methods.sft.learning_rate: ... (got inf)"),
    ("methods: {sft: {scheduler: linear}}", "1: methods.sft.scheduler: ... (got 'linear')"),
    ("methods: {sft: {examples: {prompt: [complex]}}}",
     "1: methods.sft.examples.prompt: ... (got ['complex'])"),
    ("methods:\n  sft:\n    kind: dpo\n",
     "2: methods.sft: Input tag 'dpo' found using 'kind' does not match any of the expected "
     "tags: 'sft', 'ppo', 'clca', 'prompt', 'published' ... "),
    ("data:\n  seed: 1.5\n", "2: data.seed: ... (got 1.5)"),
    ("data: {split_halves: true}", "1: data.split_halves: ... (got True)"),
    ("data: {split_halves: 0}", "1: data.split_halves: ... (got 0)"),
    ("data: {split: {train: 0.9, validation: 0.0, test: 0.1}}",  # the default 0.1 would make 1.1
     "1: data.split.validation: ... (got 0.0)"),
    ("models: {small: {label: 3}}", "1: models.small.label: ... (got 3)"),
    ("models: {other: {label: Other}}", "1: models.other.source: Field required"),
    ("run: {models: small}", "1: run.models: ... (got 'small')"),
    ("run: {models: []}", "1: run.models: ... (got [])"),
    ("run:\n  seeds:\n    - 0\n    - one\n", "4: run.seeds.1: ... (got 'one')"),
    ("run: {seeds: [-1]}", "1: run.seeds.0: ... (got -1)"),  # the wildcard is seed=\d+
    ("run: {seeds: [0, 0]}", "1: run.seeds: [0, 0] names something twice; name each once"),
    ("evaluation: {confidence: 1.0}", "1: evaluation.confidence: ... (got 1.0)"),
    ("languages: {en: {prompts: none}}", "1: languages.en.prompts: ... (got 'none')"),
    ("cultures:\n  sft:\n    label: 3\n    language: en\n    swow: a.csv\n",  # named like a kind
     "3: cultures.sft.label: ... (got 3)"),
    ("cultures: {u-s: {label: US, language: en, swow: us.csv}}",
     "1: cultures.u-s.[key]: ... (got 'u-s')"),
    (RANKING.replace("5", "2"), "1: ranking.candidates: ... than or equal to 3 (got 2)"),
    (POLES.replace("poles: [us, uk]", "poles: [us]"), "11: survey.poles: ... (got ['us'])"),
    (POLES.replace("  file: w.csv\n", ""), "8: survey.file: Field required"),
    (POLES.replace("q.csv", "7"), "10: survey.questionnaires.en: ... (got 7)"),
    (POLES.replace("q.csv", "{file: q.csv, columns: {cod: value}}"),
     "10: survey.questionnaires.en.columns.cod.[key]: ... (got 'cod')"),
    (NORMS.replace("[1, 9]", "[1]"), "7: norms.files.en.0.attributes.valence.span: List ... "),
    (NORMS + "  lemmatizer: {en: spacy}\n", "8: norms.lemmatizer.en: ... (got 'spacy')"),
    ("methods: {p: {kind: ppo, rollouts: vllm, rollout_memory: 1.0}}",
     "1: methods.p.rollout_memory: ... less than 1 (got 1.0)"),
]  # fmt: skip
IMPOSSIBLE = [
    ("data: {split: {train: 0.9, validation: 0.1, test: 0.1}}",
     "1: data.split: train + validation + test must be 1, not 1.1"),
    ("methods: {sft: {global_batch: 10, devices: 2, micro_batch: 4}}",
     "1: methods.sft: global_batch (10) must be a multiple of devices x micro_batch (2 x 4 = 8)"),
    ("methods: {p: {kind: ppo, train_batch: 30}}",
     "1: methods.p: train_batch (30) must be a multiple of micro_train_batch (8)"),
    ("methods: {p: {kind: ppo, rollout_batch: 60}}",
     "1: methods.p: rollout_batch (60) must be a multiple of micro_rollout_batch (16)"),
    ("methods: {p: {kind: ppo, lora: {dropout: 0.1}}}",
     "1: methods.p: lora.dropout is 0.1, but PPO compares log-probabilities ... "),
    ("methods: {p: {kind: ppo, rollouts: vllm, engine: openrlhf}}",
     "1: methods.p: engine openrlhf: it always has vLLM write the responses ... "),
    ("methods: {p: {kind: ppo, rollouts: vllm, temperature: 0.001}}",
     "1: methods.p: rollouts vllm: temperature is 0.001, but vLLM would sample at 0.01 ... "),
    ("methods: {p: {kind: ppo, rollouts: vllm, lora: {rank: 513}}}",
     "1: methods.p: rollouts vllm: lora.rank is 513, but it applies ranks up to 512"),
    ("methods: {sft: {examples: {min_words: 9, max_words: 8}}}",
     "1: methods.sft.examples: min_words (9) must not exceed max_words (8)"),
    ("evaluation: {precision_at: [5, 60]}",
     "1: evaluation: precision_at asks for K=60, but the prompts ask for at most 50 words (upper)"),
    ("evaluation: {lower: 51}", "1: evaluation: lower (51) must not exceed upper (50)"),
    (RANKING.replace("5", "5, reward: {partial: true}"),
     "1: ranking.reward: partial gives credit to incomplete rankings; set missing: last"),
    (POLES.replace("poles: [us, uk]", "poles: [us, us]"),
     "8: survey: poles names 'us' twice; name two cultures"),
    (POLES.replace("q.csv", "{file: q.json, columns: {code: value}}"),
     "10: survey.questionnaires.en: columns are headers of a csv ... "),
    (NORMS.replace("valence:", "valense:"),
     "7: norms.files.en.0.attributes: valense: no such attribute; there are valence, arousal ... "),
    (NORMS.replace("[1, 9]", "[4, 4]"),
     "7: norms.files.en.0.attributes.valence.span: the ends of a scale must differ, not both be 4"),
    (NORMS + "      - {file: a, word: b, attributes: {valence: {column: c, span: [1, 2]}}}\n",
     "4: norms.files.en: two files give valence; keep one"),
]  # fmt: skip
ACROSS = [
    ("run: {models: [smal]}", "1: run.models: models does not define 'smal'; did you mean small?"),
    ("run: {models: [zzz]}", "1: run.models: models does not define 'zzz'; defined: small"),
    ("run: {cultures: [fr]}", "1: run.cultures: cultures does not define 'fr'; defined: us"),
    ("evaluation: {swapped: [stf]}",
     "1: evaluation.swapped: methods does not define 'stf'; did you mean sft?"),
    ("run: {methods: [stf]}", "1: run.methods: methods does not define 'stf'; did you mean sft?"),
    ("run: {decodings: [gredy]}",
     "1: run.decodings: decodings does not define 'gredy'; did you mean greedy?"),
    ("cultures: {us: {language: eng}}",
     "1: cultures.us.language: languages does not define 'eng'; did you mean en?"),
    ("run: {prompts: [complx]}",
     "base.yaml:11: languages.en.prompts: languages.en.prompts does not define 'complx'; did you "
     "mean complex?"),
    ("methods: {sft: {examples: {prompt: plain}}}",
     "base.yaml:11: languages.en.prompts: languages.en.prompts does not define 'plain'; defined: "
     "complex"),
    ("methods: {p: {kind: ppo}, q: {kind: ppo, start: p}}",
     "1: methods.q.start: 'p' is neither vanilla nor a method of kind sft; known: vanilla, sft"),
    ("methods:\n  rank: {kind: ppo}\n  free: {kind: ppo, task: association, label: F}\n"
     "ranking: null\nrun: {methods: [rank, free]}",
     "2: methods.rank.task: the ranking task needs the section `ranking`; add it, or choose "
     "association"),
    ("methods: {p: {kind: ppo}}\nranking: {decoding: greedy}\nrun: {methods: [p]}",
     "base.yaml:9: languages.en.ranking_prompt: PPO on rankings needs it; name the file or folder, "
     "or leave PPO on rankings out of this run"),
    ("methods: {a: {kind: ppo, task: association}, b: {like: a}}\nrun: {methods: [a, b]}",
     "1: methods.b.label: 'PPO' is the label of 'a' already; tables tell arms apart by it"),
    ("methods: {p: {kind: published, sources: {uss: {small: owner/name}}}}",
     "1: methods.p.sources: cultures does not define 'uss'; did you mean us?"),
    ("methods: {p: {kind: published, sources: {us: {smal: owner/name}}}}",
     "1: methods.p.sources.us: models does not define 'smal'; did you mean small?"),
    ("models: {o: {label: O, source: o/o}}\n"
     "methods: {p: {kind: published, sources: {us: {o: {source: owner/name}}}}}\n"
     "run: {methods: [p]}",
     "2: methods.p.sources: has weights for no model and culture of the run; add some, or take it "
     "off"),
    (BIG.format("big"),
     "1: models.big.baseline: 'big' is not another model of the run; add it there, or set null"),
    (BIG.format("llama"),
     "1: models.big.baseline: 'llama' is not another model of the run; add it there, or set null"),
    ("cultures:\n  us: {generation_table: table1}\n"
     "  uk: {label: UK, language: en, swow: uk.csv, generation_table: table1}\n"
     "run: {cultures: [us, uk]}",
     "3: cultures.uk.generation_table: 'table1' is the table of 'us.generation_table' already"),
    (RANKING + "cultures: {us: {generation_table: table1, ranking_table: table1}}",
     "3: cultures.us.ranking_table: 'table1' is the table of 'us.generation_table' already"),
    ("cultures: {us: {attribute_tables: {complex: table5, simple: table5}}}",
     "1: cultures.us.attribute_tables: 'table5' is the table of 'us, complex' already"),
    (RANKING.replace("5", "5, decoding: rankin"),
     "1: ranking.decoding: decodings does not define 'rankin'; did you mean ranking?"),
    (RANKING + "methods: {ranking: {like: sft}}",
     "3: methods.ranking: the ranking task has this name; take another"),
    (POLES.replace("poles: [us, uk]", "poles: [us, cn]"),
     "11: survey.poles: cultures does not define 'cn'; defined: us, uk"),
    (POLES.replace(", country: GBR", ""),
     "5: cultures.uk.country: a pole of the survey needs a country"),
    (POLES.replace("{survey_prompt: survey.txt}", "{}"),
     "7: languages.en.survey_prompt: the survey stage needs it; name the file or folder, "
     "or leave the survey stage out of this run"),
    (POLES.replace("{en: q.csv}", "{zh: q.csv}"),
     "10: survey.questionnaires: survey.questionnaires does not define 'en'; defined: zh"),
    (POLES.replace("GBR", "USA").replace("[us, uk]", "[us]", 1),
     "11: survey.poles: 'us' and 'uk' are both compared with USA; give one another country, or "
     "leave it out"),
    (NORMS.replace("    en:", "    fr:"),
     "3: norms.files: languages does not define 'fr'; defined: en"),
    (NORMS.replace("[complex]", "[complex, simple]"),
     "base.yaml:11: languages.en.prompts: languages.en.prompts does not define 'simple'; did you "
     "mean complex?"),
    (NORMS + "  decodings: {complex: gredy}\n",
     "8: norms.decodings.complex: decodings does not define 'gredy'; did you mean greedy?"),
    ("methods:\n  control:\n    like: stf\n  fine:\n    like: sft\n",
     "3: methods.control.like: no method is called 'stf'"),
    ("methods: {control: {like: [sft]}}", "1: methods.control.like: no method is called ['sft']"),
    ("methods: {a: {like: b}, b: {like: a}}", "1: methods.a.like: a -> b -> a is a circle"),
    ("methods: {a: {like: a}}", "1: methods.a.like: a -> a is a circle"),
    # where it is written, not where it is inherited
    ("methods:\n  sft:\n    epochs: 0\n  control:\n    like: sft\n",
     "3: methods.sft.epochs: ... (got 0)"),
    ("methods:\n  sft:\n    global_batch: 17\n  control:\n    like: sft\n",
     "2: methods.sft: global_batch (17) ... "),
    ("methods:\n  control:\n    like: sft\n    epochs: 0\n",
     "4: methods.control.epochs: ... (got 0)"),
]  # fmt: skip


@pytest.mark.parametrize(("overlay", "expected"), UNKNOWN + WRONG + IMPOSSIBLE + ACROSS)
def test_a_fault_is_reported_once_with_its_line_and_the_remedy(tmp_path, overlay, expected):
    (fault,) = faults(tmp_path, overlay)
    found = fault.removeprefix("overlay.yaml:")
    start, *end = expected.split(" ... ")
    assert found.startswith(start) and found.endswith(*end) if end else found == start


def test_two_cultures_of_a_run_in_one_country_are_refused(tmp_path):
    found = faults(tmp_path, POLES.replace("GBR", "USA"))
    assert [fault.split(": ")[1] for fault in found] == ["run.cultures", "survey.poles"]
    without = POLES.replace("GBR", "USA").partition("survey:\n")[0]
    assert read(tmp_path, without).survey is None


def test_all_faults_are_in_one_message_with_file_and_line(tmp_path):
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
    assert [line.strip().split(": ")[:2] for line in lines[1:-1]] == [
        ["overlay.yaml:5", "data.sed"],
        ["overlay.yaml:4", "data.split"],
        ["overlay.yaml:8", "methods.sft.learning_rate"],
        ["overlay.yaml:2", "run.models"],
    ]


@pytest.mark.parametrize("overlay", [
    "run: {cultures: [rp], cultures: [nl]}", "run:\n  cultures: [rp]\n  cultures: [nl]",
])  # fmt: skip
def test_a_key_given_twice_is_said_though_its_value_is_wrong_too(tmp_path, overlay):
    twice, wrong = sorted(faults(tmp_path, overlay), key=lambda fault: "twice" not in fault)
    assert "run.cultures: the key is there twice" in twice
    assert "cultures does not define 'nl'" in wrong


def test_a_value_that_no_file_has_is_blamed_on_the_command_line(tmp_path):
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")
    over = {"run": {"seeds": [0, "x"]}, "data": 3, "bogus": {"a": 1}, "models": {"small": {}}}
    with pytest.raises(UserError) as caught:
        load(merge(yaml.safe_load(BASE), over), [file])
    places = [line.strip().split(": ")[:2] for line in str(caught.value).splitlines()[1:-1]]
    elsewhere = "the command line (--config), or a workflow that imports this one"
    assert places == [[elsewhere, "bogus"], [elsewhere, "data"], [elsewhere, "run.seeds.1"]]


@pytest.mark.parametrize(("overlay", "key"), [
    ("languages: {en: {separator: ''}}", "languages.en.separator"),
    ("run: {seeds: [4294967296]}", "run.seeds.0"),
])  # fmt: skip
def test_what_would_stop_a_job_or_join_words_is_refused_before(tmp_path, overlay, key):
    (fault,) = faults(tmp_path, overlay)
    assert fault.startswith(f"overlay.yaml:1: {key}: ")


@pytest.mark.parametrize(("given", "fault"), [
    ("survey=", None), ("run={methods: [sft]}", None),
    ("run={seeds: [0]}", "run.seeds.0: Input should be a valid integer (got '0')"),
    ("evaluation={swapped: true}", "evaluation.swapped: Input should be a valid boolean"),
    ("survey=null", "survey: should be a mapping (got 'null')"),
])  # fmt: skip
def test_what_snakemakes_config_option_can_carry(tmp_path, given, fault):
    """As config/README.md says: text, and nothing at all."""
    over = parse_config([given])
    file = tmp_path / "base.yaml"
    file.write_text(BASE, encoding="utf-8")
    with nullcontext() if fault is None else pytest.raises(UserError) as caught:
        config = load(merge(yaml.safe_load(BASE), over), [file])
        assert (config.survey, config.run.methods) == (None, ["sft"])
    assert fault is None or fault in str(caught.value)


@pytest.mark.parametrize("text", [
    '{"zzz": {"a": 1}}', "zzz: [.nan]", "zzz: &loop [*loop]", "zzz: &loop {a: *loop}",
    "zzz: 2024-01-02",
])  # fmt: skip
def test_a_value_of_a_file_is_not_blamed_on_the_command_line(tmp_path, text):
    (fault,) = [each for each in faults(tmp_path, text) if "no such key" in each]
    assert fault.startswith("overlay.yaml:1: zzz: ")


def test_without_files_a_fault_still_names_its_key():
    with pytest.raises(UserError) as caught:
        load({})
    lines = str(caught.value).splitlines()
    assert lines[0] == "6 to correct; nothing was run."
    assert "  models: Field required" in lines


def test_every_key_and_list_item_has_its_line(tmp_path):
    file = tmp_path / "a.yaml"
    file.write_text("# one\na:\n  b: 1\n  c:\n    - x\n    - y\nd: {e: 2}\n", encoding="utf-8")
    assert read_document(file).lines == {
        ("a",): 2, ("a", "b"): 3, ("a", "c"): 4, ("a", "c", "0"): 5, ("a", "c", "1"): 6,
        ("d",): 7, ("d", "e"): 7,
    }  # fmt: skip
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert read_document(file).lines == {}
    file.write_text("a: &loop\n  b: *loop\n", encoding="utf-8")
    assert read_document(file).lines == {("a",): 1, ("a", "b"): 2}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run: !!python/object/apply:os.system [echo]\n", ":1: the YAML tag"),
        ("run:\n  seeds: !!python/tuple [0]\n", ":2: the YAML tag"),
        ("label: !secret x\n", "'!secret' is not allowed"),
        ("run: !!binary aGVsbG8=\n", "is not allowed"),
        ("a: [1\nb: 2\n", ":2: not valid YAML (expected ',' or ']'"),
        ("a: \x07\n", ":1: not valid YAML (special characters are not allowed)"),
        ("a: 2020-13-45\n", "not valid YAML (month must be in 1..12)"),
        ("a: b\n\tc: d\n", ":2: not valid YAML (found character"),
        ("[" * 5000, "not valid YAML (maximum recursion"),
        ("__use_yte__: true\nrun: {seeds: [0]}\n", ":1: templates (__use_yte__)"),
    ],
)
def test_a_configuration_is_data_and_nothing_else(tmp_path, text, expected):
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load({}, [path])
    assert expected in str(caught.value) and str(path) in str(caught.value)


def test_a_configuration_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_bytes("run: {}\nlabel: Café\n".encode("latin-1"))
    with pytest.raises(UserError, match=r"c\.yaml:2: not UTF-8 at byte 18; save it as UTF-8"):
        load({}, [path])


@pytest.mark.parametrize("name", ["../x", "a/b", "/etc/x", "..", "a\\b", "x\n", "X", "a b", ""])
@pytest.mark.parametrize("kind", [Name, MethodName])
def test_names_that_become_file_names_cannot_leave_the_results(kind, name):
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(name)


@pytest.mark.parametrize(
    ("overlay", "places"),
    [
        # a batch that does not divide, and what the method that is like it has of its own
        ("methods: {sft: {global_batch: 7}, other: {like: sft, epochs: x}}\nrun: {models: [x]}\n",
         ["methods.other.epochs", "methods.sft", "run.models"]),
        # a wrong value is not also missed, nor its section, nor who refers to it
        ("languages: {en: {ranking_prompt: 5}}\n", ["languages.en.ranking_prompt"]),
        ("data: {split: {train: x}}\nrun: {seeds: [0, 0]}\n", ["data.split.train", "run.seeds"]),
    ],
)  # fmt: skip
def test_no_fault_hides_another_or_causes_one(tmp_path, overlay, places):
    assert [fault.split(": ")[1] for fault in faults(tmp_path, overlay)] == places
