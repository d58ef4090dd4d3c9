"""Configuration of weights that others trained."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from culturalign.config.strict import Name, Strict


class PublishedWeights(Strict):
    """An adapter or a full model in safetensors."""

    source: str
    """A Hugging Face model id or a local folder. An adapter has an `adapter_config.json`, a full
    model a `config.json`; code and pickled weights of a repository are not fetched."""
    revision: str | None = None
    """Commit of the model repository; recommended for a Hugging Face id."""


def _named(value: object) -> object:
    """A mere source as the mapping that it stands for."""
    return {"source": value} if isinstance(value, str) else value


OneSource = Annotated[
    PublishedWeights, BeforeValidator(_named, json_schema_input_type=str | PublishedWeights)
]


class Published(Strict):
    """Weights that others trained, evaluated as any other arm. Nothing is trained, so there is one
    arm a culture and model, whatever the seeds."""

    kind: Literal["published"]
    """No stage trains it."""
    label: str = "Published"
    """Shown in tables as "M Type"."""
    sources: dict[Name, dict[Name, OneSource]] = Field(min_length=1)
    """Culture -> model of `models` -> its weights: a source, or `source` and `revision`. An adapter
    is put on that model; a full model takes its place, with its own tokenizer if it has one, and
    with the settings of that model, such as `template`."""
