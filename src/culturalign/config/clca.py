"""Configuration of CLCA: role-played dialogues, their judging, and persona answers.

CLCA: Liu et al. 2025, Cultural Learning-Based Culture Adaptation of Language Models (ACL 2025,
arXiv 2504.02953). "Published" below means the values of its released example configuration, which
need not be the ones behind its tables.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from culturalign.config.strict import Count, Name, OpenShare, Share, Strict

Percent = Annotated[int, Field(ge=0, le=100)]
Retries = Annotated[int, Field(ge=0, le=20)]


class Speaking(Strict):
    """How a model writes one turn, verdict or intent.

    An answer that is asked for again is sampled at 0.7 even if this is greedy, which would only
    repeat itself.
    """

    max_new_tokens: Count = 120
    """Longest answer in tokens. Published: 500."""
    temperature: float = Field(default=0.7, ge=0)
    """Ours; published: sampling without a stated temperature."""
    top_p: Share = 0.7
    """Published: 0.7."""
    repetition_penalty: Annotated[float, Field(gt=0)] = 1.0
    """1: none."""


class Roleplay(Strict):
    """Two agents talk; each knows only its own goal and secret."""

    model: Name
    """A key of `models`: the model that plays both roles."""
    per_scenario: Count = 1
    """Dialogues per scenario. The person who begins alternates."""
    scenarios: Count | None = None
    """Use only this many scenarios of a culture, the first ones; null: all."""
    turns: Annotated[int, Field(ge=2)] = 10
    """Most turns of a dialogue, of both people together. Published: 10."""
    retries: Retries = 3
    """How many times a malformed turn is asked for again; then the dialogue ends as malformed."""
    plain_text: Literal["refuse", "speak"] = "refuse"
    """A line without a keyword: `refuse` counts it as malformed, `speak` as speech. Small models
    forget the keyword."""
    together: Count = 16
    """Dialogues simulated in a batch, the unit that is saved and, after an interruption, done
    again; sampled text depends on it."""
    speaking: Speaking = Speaking()
    """How turns are written."""
    seed: int = 0
    """Seed of the sampling."""


class Endpoint(Strict):
    """A server that speaks the chat-completions protocol of OpenAI."""

    url: str
    """Address without `/chat/completions`, e.g. `http://localhost:8000/v1`."""
    model: str
    """The model's name on the server."""
    key_variable: str = "OPENAI_API_KEY"
    """Environment variable with the key; if it is not set, no key is sent."""
    timeout: Count = 120
    """Longest wait for an answer, in seconds."""


class Judge(Strict):
    """Who judges the dialogues, by three questions about each."""

    model: Name | None = None
    """A key of `models`; null if an endpoint judges."""
    endpoint: Endpoint | None = None
    """A server instead of a model of this run."""
    retries: Retries = 2
    """How many times an answer without a verdict is asked for again; then it is undecided."""
    speaking: Speaking = Speaking(max_new_tokens=80, temperature=0.0)
    """Published: temperature 0, 200 tokens."""

    @model_validator(mode="after")
    def _one_judge(self) -> Self:
        if (self.model is None) == (self.endpoint is None):
            raise ValueError("name either a model or an endpoint as judge")
        return self


class Filter(Strict):
    """Which dialogues are dropped. A verdict drops a dialogue if it is bad with at least this
    confidence, in percent; null: the verdict is recorded but does not drop any."""

    quality: Percent | None = 75
    """Is it a believable talk? Published: dropped if "very confident"."""
    fit: Percent | None = 75
    """Does it suit the culture? Published: asked, but not used."""
    critic: Percent | None = 75
    """Is the judgment as a whole in favor? Published: dropped if "very confident"."""
    undecided: Literal["keep", "drop"] = "drop"
    """What happens to a dialogue for which a verdict that counts is missing. Not published."""
    min_turns: Count = 2
    """Shorter dialogues are dropped. Ours."""
    endings: list[Literal["goal", "left", "limit"]] = ["goal", "left", "limit"]
    """Dialogues that end in another way are dropped; malformed ones always are."""


class Intents(Strict):
    """The second task: what a speaker intends, given what the culture expects."""

    retries: Retries = 2
    """How many times an unusable answer is asked for again; then the turn has no intent."""
    max_words: Count = 40
    """Longest intent, in words, or in characters where words are not separated by spaces. Ours;
    published: a short sentence."""
    speaking: Speaking = Speaking(max_new_tokens=60)
    """The model is that of the role-play."""


class Personas(Strict):
    """Persona read-out: answers in place of single respondents."""

    respondents: Count = 1000
    """Respondents per country. Published: 1000."""
    questions: Count | None = None
    """Ask only this many questions, evenly spread over the questionnaire; null: all. Published:
    44."""
    max_new_tokens: Count = 8
    """An answer is a number. Greedy, as published."""
    seed: int = 0
    """Seed of the sample of respondents. Published: none."""


class Clca(Strict):
    """Everything of CLCA except the training."""

    cards: dict[str, str] = Field(min_length=1)
    """Country, as in `cultures.*.country` -> culture card, YAML."""
    scenarios: dict[str, list[str]] = Field(min_length=1)
    """Country -> files of scenarios, YAML."""
    roleplay: Roleplay
    """The simulation."""
    judge: Judge
    """Who judges."""
    filter: Filter = Filter()
    """Which dialogues are dropped."""
    intents: Intents = Intents()
    """The second task."""
    personas: Personas | None = Personas()
    """Null: no persona read-out."""
    validation: OpenShare = 0.1
    """Share of the scenarios whose dialogues are used for validation; at least one scenario, and
    never all. Ours; published: none."""
    seed: int = 0
    """Seed of the split into training and validation."""


class PromptOnly(Strict):
    """A baseline without training: the vanilla model under another system message."""

    kind: Literal["prompt"]
    """No stage trains it."""
    label: str = "Prompt"
    """Shown in tables as "M Type"."""
    system: dict[Name, str]
    """Culture -> text that is put before the language's system message in every task."""
    persona: bool = False
    """In the persona read-out, use the respondent's own demographics instead of the text."""
