"""Base of every configuration section."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


class Strict(BaseModel):
    """Unknown keys and wrong types are errors; values never change after loading."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


Share = Annotated[float, Field(ge=0, le=1)]
OpenShare = Annotated[float, Field(gt=0, lt=1)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
# A culture, model or table name becomes part of a file name and of an arm such as
# "us-sft-seed0"; without hyphens the arm can be taken apart again.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*$")]
MethodName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_.]*(-[a-z0-9_.]+)*$")]

Fault = tuple[tuple[str, ...], str]
"""The keys that lead to a value, and what is wrong with it."""
JOINT = "joint"
"""Type of the errors in a :func:`refusal`."""


def refusal(faults: Iterable[Fault]) -> ValidationError:
    """An error for a validator to raise: several faults, each at its own keys."""
    details = [
        InitErrorDetails(
            type=PydanticCustomError(JOINT, "{text}", {"text": text}), loc=where, input=None
        )
        for where, text in faults
    ]
    return ValidationError.from_exception_data("configuration", details)
