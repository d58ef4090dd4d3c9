"""Simulation to training examples with the shipped demo texts and a scripted model."""

from collections import Counter

import polars as pl
import pytest

from culturalign.clca import clca_examples, decontamination, judge
from culturalign.clca.chat import Reply
from culturalign.clca.intents import find_intents
from culturalign.clca.materials import check_scenarios, read_stage
from culturalign.clca.roleplay import planned, simulate
from culturalign.config.clca import Filter, Roleplay
from culturalign.data.demo.demo_survey import read_survey
from culturalign.errors import UserError
from tests.unit.clca.stage import CLCA, Script


def stage_of(language):
    return read_stage(
        scenarios=[str(CLCA / "scenarios/chn.yaml")],
        card=str(CLCA / "cultures/chn.yaml"),
        prompts=str(CLCA / f"prompts/{language}"),
        country="CHN",
        language=language,
        system="Be brief.",
    )


def model(words):
    """Leaves, is malformed, reaches its goal, judges badly or says nothing, by the seed."""

    def answer(chat, seed):
        last = chat[-1]["content"]
        if words.verdict in last:
            good = words.bad if len(last) % 5 == 0 else words.good
            return f"{words.verdict}: {good}\n{words.confidence}: 90\n{words.reason}: x"
        if f"{words.intent}{words.colon}".strip() in last:
            return "" if len(last) % 5 == 0 else f"{words.intent}: x"
        pick = (seed + len(chat[0]["content"])) % 7
        lines = {0: f"{words.leave}: {words.reached}", 1: "hm", 2: f"{words.leave}: -"}
        return Reply(lines.get(pick, f"{words.speak}: {seed} {len(chat)}"))

    return Script(answer)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_branch_happens_and_what_is_learned_was_kept(language):
    stage = stage_of(language)
    ask, about = model(stage.prompts.words), (stage.card, stage.prompts)
    options = Roleplay(model="m", turns=6, retries=0)
    talks = planned(list(stage.scenarios.values()), options)
    simulate(talks, ask, *about, options)
    records = [talk.record(language) for talk in talks]
    assert {record["ending"] for record in records} == {"goal", "left", "limit", "malformed"}

    judged = judge.judge(records, stage.scenarios, ask, *about, system="Be fair.", retries=0)
    kept, dropped = judge.split(records, judged, Filter(min_turns=1), {})
    reasons = Counter(why for entry in dropped for why in entry["dropped"])
    assert kept and reasons["ended: malformed"] and reasons["quality: bad"]

    found = find_intents(kept, stage.scenarios, ask, *about, system="Be brief.", retries=0,
                         max_words=9)  # fmt: skip
    assert {row["intent"] is None for row in found} == {True, False}
    train, validation = clca_examples.all_examples(
        kept, found, stage, sides="both", validation=0.2, seed=0
    )
    assert {row["task"] for row in train} == {"dialogue", "intent"}
    ids = [{row["id"] for row in rows} for rows in (train, validation)]
    assert not ids[0] & ids[1] and ids[0] | ids[1] == {talk["id"] for talk in kept}
    turns = sum(len(talk["turns"]) for talk in kept)
    intents = sum(row["intent"] is not None for row in found)
    assert len(train) + len(validation) == turns + intents


def test_a_scenario_that_repeats_an_evaluated_question_is_refused():
    stage = stage_of("en")
    setting = next(iter(stage.scenarios.values())).setting["en"]
    table = pl.DataFrame({"question": ["Q7"], "wording": [setting]})
    with pytest.raises(UserError, match=r"scenario 'cn-\S+' repeats the wording of Q7"):
        check_scenarios(stage, decontamination.Guard([table]))
    check_scenarios(stage, decontamination.Guard([]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_card_or_a_prompt_that_repeats_an_evaluated_question_is_refused(language):
    stage = stage_of(language)
    prompt = stage.prompts.templates["quality"].splitlines()[0]
    texts = {"the culture card": stage.card.described(language)[3], "the prompt 'quality'": prompt}
    for where, text in texts.items():
        table = pl.DataFrame({"question": ["Q7"], "wording": [text]})
        with pytest.raises(UserError, match=f"{where} repeats the wording of Q7"):
            check_scenarios(stage, decontamination.Guard([table]))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", ["usa", "chn"])
def test_nothing_shipped_repeats_the_demo_survey(country, language):
    stage = read_stage(
        scenarios=[str(CLCA / f"scenarios/{country}.yaml")],
        card=str(CLCA / f"cultures/{country}.yaml"),
        prompts=str(CLCA / f"prompts/{language}"),
        country=country.upper(),
        language=language,
    )
    questions = read_survey(CLCA.parent / "demo/survey")
    worded = [(q.name, q.wording[language]) for q in questions if language in q.wording]
    table = pl.DataFrame(worded, schema=["question", "wording"], orient="row")
    check_scenarios(stage, decontamination.Guard([table]))
