"""Configuration of the survey stage (paper, section 5, appendix H)."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from culturalign.config.strict import Count, Name, Strict


class Questionnaire(Strict):
    """A questionnaire whose columns have other headers."""

    file: str
    """Path of the csv or json."""
    columns: dict[
        Literal[
            "question", "wording", "code", "option", "topic", "ordinal", "place", "introduction"
        ],
        str,
    ] = {}
    """Our name -> header in the csv, where they differ."""

    @model_validator(mode="after")
    def _headers_of_a_csv(self) -> Self:
        if self.columns and self.file.endswith(".json"):
            raise ValueError(f"columns are headers of a csv; {self.file} has none, so remove them")
        return self


def _named(value: object) -> object:
    """A mere path as the mapping that it stands for."""
    return {"file": value} if isinstance(value, str) else value


class Asking(Strict):
    """How models are put the questions. The paper prints neither prompt nor labels; the defaults
    are ours. As run: wvs_eval/ of the authors' code, with prompts of the form of
    `resources/prompts/*/survey_run.txt`."""

    chat: bool = True
    """In the model's chat template, after the system message. As run: false, the prompt as raw
    text."""
    labels: Literal["single_token", "numbers"] = "single_token"
    """`single_token`: digits, or letters where digits are too few; every label is one token of
    every model. `numbers`, as run: always 1 to K; where a model needs two tokens for a label, such
    as 10, the probability of that option is lost, and counts as 0."""
    top_logprobs: bool = False
    """As run: true. Of a question with K options, only labels among the K most probable next
    tokens count, and the most probable label; the probability of the others is 0. False: all
    labels count."""


class Survey(Strict):
    """The World Values Survey: whose answers, which questions, how models are asked."""

    file: str
    """Official wave-7 file: csv (`,`, `;` or tabs), `.sav`, `.dta` or `.xlsx`, or a zip of one."""
    questionnaires: dict[
        Name,
        Annotated[
            Questionnaire, BeforeValidator(_named, json_schema_input_type=str | Questionnaire)
        ],
    ] = Field(min_length=1)
    """Language -> csv with a row for each option: question, code, wording, option (docs/data.md);
    or a mapping with `file` and `columns`."""
    poles: list[Name] = Field(min_length=2, max_length=2)
    """Two cultures. Questions asked in both their countries are evaluated, and the tension set has
    those that divide them most (paper, section 5.3). Tables and figures of a pole that the run
    does not build are left out."""
    weighted: bool = False
    """Weight respondents by W_WEIGHT. The paper's shares are unweighted."""
    asking: Asking = Asking()
    """How models are put the questions."""
    orders: Count | Literal["cyclic"] = 4
    """Orders in which a question's options are shown. The paper has one, the plain order; tables
    also show the average over all orders. `cyclic`: all rotations, so that a preference for a
    position cancels out exactly (five prompts a question on average). A number is cheaper, and
    exact only for questions with no more options than that."""
    tension: Count = 50
    """Size of the tension set. Paper, appendix H.2: 50."""
    hybrid: Literal["divergence", "distance", "as_run"] = "divergence"
    """Hybrid distance of the tension set and of leanings. As written (appendix H.2), the mean of
    JS `divergence` and positional EMD; `distance` takes the JS distance. `as_run`
    (model_analysis/post/tension.py of the authors' code): the mean of the JS distance in base 2 and
    position-free EMD / (K - 1)."""
    spotlight: str = "Q149"
    """Question whose answers stand below the associations in figure 1. Paper, figure 1, part 2:
    freedom or equality, Q149 as in table 8."""
    largest_shifts: Count = 5
    """Questions of table 8 with the largest shifts, in addition to the paper's five."""
    repeats: Count = 200
    """Samples of respondents behind the floor, and random halves behind the tension set's
    sensitivity."""
    batch_tokens: Count = 4096
    """Most tokens in a batch of scoring."""
    seed: int = 0
    """Seed of samples, halves, and deals of respondents."""

    @model_validator(mode="after")
    def _two_poles(self) -> Self:
        if self.poles[0] == self.poles[1]:
            raise ValueError(f"poles names {self.poles[0]!r} twice; name two cultures")
        return self
