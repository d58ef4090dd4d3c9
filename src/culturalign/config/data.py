"""Configuration of the data stage: languages, cultures, split."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from culturalign.config.language_facts import Script
from culturalign.config.strict import Count, Name, OpenShare, Share, Strict

SwowColumn = Literal[
    "participant", "country", "native_language", "cue", "R1", "R2", "R3",
    "response", "count", "total", "strength",
]  # fmt: skip
COLUMNS = {
    "trials": ("response", "count", "total", "strength"),
    "strengths": ("participant", "country", "native_language", "R1", "R2", "R3"),
}
"""Kind of a SWOW file -> columns that only the other kind has."""


class Split(Strict):
    """Shares of the cues. They must sum to 1; no cue is ever in two splits."""

    train: OpenShare = 0.8
    """Paper, section 3.2: 80 % of the cues."""
    validation: OpenShare = 0.1
    """Paper, section 3.2: 10 % of the cues."""
    test: OpenShare = 0.1
    """Paper, section 3.2: 10 % of the cues; they drive all evaluations (section 4.1)."""
    seed: int = 0
    """Another seed gives another partition. A cue's split depends only on the cue and this."""

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-9:
            raise ValueError(f"train + validation + test must be 1, not {total:g}")
        return self

    def shares(self) -> dict[str, float]:
        """Share of each split, in the order train, validation, test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}


class Language(Strict):
    """How models are prompted in one language."""

    system: str
    """System message of every prompt, in both training and evaluation. Given in full because chat
    templates otherwise insert their own (SmolLM2, Qwen)."""
    prompts: dict[Name, str] = Field(min_length=1)
    """Prompt name -> text file with the markers [LOWER BOUND SIZE], [UPPER BOUND SIZE] and
    {cue}. `complex` is the paper's training prompt (appendices C and D)."""
    systems: dict[Name, str | None] = {}
    """Prompt name -> system message of that prompt in place of `system`; null: none of its own. As
    run: the first sentence of the paper's prompt."""
    separator: str = Field(min_length=1)
    """Joins the words of a target list: ", " in the paper's English example (appendix C),
    "，" in its Mandarin one (appendix D)."""
    survey_prompt: str | None = None
    """Text file with the markers [QUESTION] and [OPTIONS], perhaps [INTRODUCTION] (that of
    the questionnaire); without it models cannot be asked survey questions in this language. The
    paper does not print its own (section 5.1); `survey_run.txt` has the parts of what was run."""
    ranking_prompt: str | None = None
    """Text file with the markers {cue}, [CANDIDATES] and [N] (how many candidates); without it
    there is no ranking task in this language. The English one is the paper's (appendix D)."""
    mcq_prompt: str | None = None
    """Text file with the markers {cue} and [OPTIONS]; without it there are no multiple-choice
    questions (MCQ) in this language. The paper does not print its own (appendix B)."""
    clca_prompts: str | None = None
    """Folder with the prompts and keywords of the role-play (docs/clca.md); ours. Without it there
    is no role-play in this language."""
    personas: str | None = None
    """YAML file with the wording of a respondent's demographics (docs/clca.md); ours. Without it
    there are no persona answers in this language."""
    scripts: list[Script] = []
    """Scripts of its words, by their Unicode names. A SWOW file with less than half of its letters
    in them is refused, and so is a questionnaire (docs/data.md); if empty, no file is. Default:
    shipped for de, en, es, nl, sl, zh."""
    missing: list[str] | None = None
    """SWOW entries that mean "no response" or "unknown cue"; case is ignored. Default: shipped for
    the same languages, with sources (src/culturalign/config/language_facts.py); a list of yours
    replaces the shipped one. If null, those that
    the platform uses in several languages, and the file is reported as odd."""
    joining: list[str] = []
    """Words that join the last item of a list to the one before: and, 和. Default: shipped."""
    openings: list[str] = []
    """Polite openings of an answer that are not list items: "Sure, here". Default: shipped."""
    closings: list[str] = []
    """Last words of a list that could go on, in lower case and without a joining word: etc, so on,
    等等. Default: shipped."""
    wishes: list[str] = []
    """First words, in lower case, of a courtesy behind the last item of an answer: "Hope this
    helps!", 希望. What follows them is no item. Default: shipped."""
    no_answer: list[str] = []
    """Options of a questionnaire that stand for a missing answer and are left out: "Don't know",
    "No answer", 不知道. Default: shipped."""
    option_headings: list[str] = []
    """Headings, before a colon, of a list of options inside a wording; the prompt lists the
    options, so that the list is removed: "Options", 选项. Default: shipped."""
    release: str = "SWOW"
    """Name of its SWOW data, such as SWOW-EN. Default: shipped."""
    simplify_chinese: bool = False
    """Map traditional characters to simplified ones, in human and model output alike."""
    merge_erhua: bool = False
    """Drop a final 儿 that only colors the sound (花儿 is 花, 女儿 stays), in human and model
    output alike. Ours; the paper does not say."""

    def facts(self) -> dict[str, Any]:
        """What a reader of its SWOW file must know."""
        return self.model_dump(include={"missing", "scripts", "release"})

    def list_forms(self) -> dict[str, list[str]]:
        """How answers in the language write lists."""
        return self.model_dump(include={"joining", "openings", "closings", "wishes"})

    def questionnaire_facts(self) -> dict[str, list[str]]:
        """What a reader of its questionnaire must know."""
        return self.model_dump(include={"no_answer", "option_headings", "scripts"})

    def rules(self) -> dict[str, bool]:
        """Settings of the normalizer."""
        return self.model_dump(include={"simplify_chinese", "merge_erhua"})


class Keep(Strict):
    """Which respondents to keep, by two columns. An empty list keeps everyone."""

    country: list[str] = []
    """Accepted values of the column `country`."""
    native_language: list[str] = []
    """Accepted values of `nativeLanguage`; in SWOW-EN these are country names that stand for
    varieties of English."""


class Culture(Strict):
    """A culture: whose associations, in which language, from which file."""

    label: str
    """Shown in tables and figures."""
    language: Name
    """A key of `languages`."""
    swow: str
    """SWOW file (SWOW-EN.complete, SWOW-EN.R100, SWOW-ZH_raw, ...): csv, `.xlsx`, `.sav` or
    `.dta`, or a gzip or zip of one."""
    kind: Literal["trials", "strengths"] = "trials"
    """What the file holds: the participants' trials, or a strength table, associations that are
    already counted (`strength.SWOW-EN.R123.csv`). It has no participants, and so no `keep`, no
    human ceiling, and no halves of the people (docs/data.md)."""
    columns: dict[SwowColumn, str] = {}
    """Our name -> header in the file, for headers that are not official ones (docs/data.md)."""
    keep: Keep = Keep()
    """Which respondents count as this culture."""
    generation_table: Name | None = None
    """Name of the culture's table of generation scores: `table1` and `table2` in the paper;
    otherwise `generation_<culture>`."""
    ranking_table: Name | None = None
    """Name of the culture's table of ranking scores: `table3` and `table4` in the paper;
    otherwise `ranking_<culture>`."""
    attribute_tables: dict[Name, Name] = {}
    """Prompt -> name of the culture's table of psycholinguistic attributes: complex `table5`,
    simple `table12` for the paper's US, `table6` and `table13` for its ZH; otherwise
    `attributes_<culture>_<prompt>`. `table13` prints the raw scales, as the paper's."""
    spotlight: list[str] = []
    """Cues drawn in figure 1."""
    country: str | None = None
    """The country whose survey answers the culture is compared with, as in the survey's column
    B_COUNTRY_ALPHA: USA, CHN, ... Without it the culture is left out of the survey stage."""
    planted: str | None = None
    """Table of the planted associates of a synthetic culture; only the demo world has one."""

    @model_validator(mode="after")
    def _has_what_its_kind_has(self) -> Self:
        other = COLUMNS[self.kind]
        if wrong := [name for name in self.columns if name in other]:
            raise ValueError(f"a file of {self.kind} has no column {wrong[0]!r}; remove it")
        if self.kind == "strengths" and any(self.keep.model_dump().values()):
            raise ValueError(
                "a strength table has no participants, so that `keep` cannot choose some; "
                "remove `keep`, or name a file of trials without `kind: strengths`"
            )
        return self


class Data(Strict):
    """Settings of the data stage, for all cultures."""

    split: Split = Split()
    """The partition of the cues."""
    seed: int = 0
    """Seed of everything drawn here: list sizes, order among ties, the shuffled control."""
    split_halves: Count = 20
    """How many times the participants are split in half for the human ceiling."""
    most_dropped: Share = 0.2
    """Share of the rows or responses of a file that one fault may drop: over-long, symbols only, no
    number, outside the scale, repeated, ... Above it the file is refused. Ours."""
