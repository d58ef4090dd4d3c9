"""Configuration of the survey stage (paper, section 5, appendix H)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Name, Strict


class Survey(Strict):
    """The World Values Survey: whose answers, which questions, how models are asked."""

    file: str
    """Official wave-7 file: csv (`,`, `;` or tabs), the zip it comes in, or SPSS .sav."""
    questionnaires: dict[Name, str] = Field(min_length=1)
    """Language -> csv with a row an option: question, code, wording, option (docs/data.md)."""
    poles: list[Name] = Field(min_length=2, max_length=2)
    """Two cultures. Questions asked in the countries of both are evaluated, and the tension set
    holds those that divide them most (paper, section 5.3). Tables and figures of a pole that the
    run does not build are left out."""
    weighted: bool = False
    """Weigh respondents by W_WEIGHT. The paper's shares are unweighted."""
    orders: Count = 4
    """Orders in which a question's options are shown. The paper has one, the plain order; the
    average over all orders is set beside it, so that a liking for a place cancels out."""
    tension: Count = 50
    """Size of the tension set. Paper, appendix H.2: 50."""
    tension_js: Literal["divergence", "distance"] = "divergence"
    """Jensen-Shannon part of the tension score. Paper, appendix H.2: divergence."""
    largest_shifts: Count = 5
    """Questions of table 8 chosen by the size of their shift, beside the paper's five."""
    repeats: Count = 200
    """Random halves of the respondents behind the human floor and the tension set's
    sensitivity."""
    batch_tokens: Count = 4096
    """Most tokens scored side by side."""
    seed: int = 0
    """Of the halves and the bootstrap over respondents."""

    @model_validator(mode="after")
    def _two_poles(self) -> Self:
        if self.poles[0] == self.poles[1]:
            raise ValueError(f"poles names {self.poles[0]!r} twice; name two cultures")
        return self
