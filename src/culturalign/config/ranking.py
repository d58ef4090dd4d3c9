"""Configuration of the ranking task (paper, section 3.4, appendices B, D and E)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Name, Strict

HELD_OUT_QUESTIONS = 0.1
"""Share of the test with ``split: question``, as run."""


class RewardRules(Strict):
    """What a ranking is worth, from -1 to 1. An answer without a ranking is worth -1."""

    measure: Literal["spearman_ratio", "spearman"] = "spearman_ratio"
    """`spearman`: Spearman's rho with average ranks for ties (paper, appendix E).
    `spearman_ratio`, ours: rho divided by the largest that a strict ranking can reach on these
    counts, so that tied counts do not lower the reward."""
    missing: Literal["refuse", "last", "padded"] = "refuse"
    """Candidates that the ranking leaves out. `refuse`: the answer is worth -1. `last`: they
    come after the others; the score is the mean over all their orders, so leaving a word out is
    worth as much as guessing. `padded`, as run: rho is between 1 to n and the true places of the
    words in the order of the answer, with n + 1 for each missing place. Naming any one of ten
    candidates is then worth 0.52."""
    invented: Literal["drop", "refuse"] = "drop"
    """Words that are not candidates. `drop`: they are skipped, as in the paper's listing.
    `refuse`: the answer is worth -1."""
    duplicates: Literal["first", "refuse"] = "first"
    """Candidates ranked twice. `first`: the first place counts. `refuse`: the answer is worth
    -1. Not stated in the paper."""
    partial: bool = False
    """For training, with `missing: last`: an answer that names m of n candidates is worth the mean
    of its score, weighted m, and -1, weighted n - m. Each further word then pays, even before any
    list is complete."""

    @model_validator(mode="after")
    def _partial_needs_last(self) -> Self:
        if self.partial and self.missing != "last":
            raise ValueError("partial gives credit to incomplete rankings; set missing: last")
        return self


class Ranking(Strict):
    """The ranking task: which words of a cue are ranked, and what an answer is worth."""

    candidates: Annotated[int, Field(ge=3)] = 10
    """Words to rank. Paper, appendix D: 10. Cues with fewer associations are left out. At least
    3: with two, any order shown that is not the answer gives it away."""
    per_cue: Count = 1
    """Most examples of a training cue, all different. As run: 6."""
    held_out_per_cue: Count = 1
    """Most examples of a validation or test cue. Tables average within a cue first."""
    sampling: Literal["stratified", "uniform"] = "stratified"
    """`stratified`: evenly from as many different counts as there are. `uniform`: every
    association is equally likely, as run; then nearly all counts of an example are 1."""
    ties: Literal["shared", "broken"] = "shared"
    """Equal counts. `shared`: they have the mean of their ranks. `broken`, as run: they are ordered
    as in the associations, so that any ranking of them but one is wrong; then `counts` of an
    example has a fraction of 1 added for that order."""
    split: Literal["cue", "question"] = "cue"
    """What the test examples are. `cue`: those of the test cues. `question`, as run: a tenth of
    the examples of the training cues, so that a test cue and its words occur in training too."""
    seed: int = 0
    """Seed of the draw and of the order in which candidates are shown."""
    decoding: Name = "ranking"
    """A key of `decodings`: how arms answer in the evaluation."""
    mcq: Literal["all", "vanilla"] = "all"
    """Which arms answer multiple-choice questions. The paper reports on vanilla models (appendix
    B)."""
    reward: RewardRules = RewardRules()
    """What an answer is worth in training. Tables 3 and 4 print its mean next to the plain rho,
    for which an answer without a complete ranking is worth -1."""

    @model_validator(mode="after")
    def _strata_are_ties(self) -> Self:
        if self.ties == "broken" and self.sampling == "stratified":
            raise ValueError("ties: broken leaves no equal counts to stratify; set uniform")
        return self
