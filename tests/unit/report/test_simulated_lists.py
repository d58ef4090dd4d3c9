"""Simulated lists: knowing nothing earns no verdict, answering like people earns all of them."""

import numpy as np
import polars as pl
import pytest

from culturalign.config.evaluate import Evaluation
from culturalign.data.associations import count_associations, ranked_responses
from culturalign.report import arm_tables, planted_table
from culturalign.report.claims import checking
from culturalign.report.generation_tables import BASELINES, REFERENCE
from culturalign.scores.list_baselines import deranged, zero_knowledge
from culturalign.scores.precision import precision_at
from culturalign.stats.summary import contrast
from tests.unit.report.claims.small_world import CLAIMS

DOMAINS, TESTED, TRAINED, PEOPLE, FIRST = 10, 4, 6, 50, 10
EVALUATION = Evaluation(precision_at=[5, 10], lower=5, upper=10, resamples=200)
LABELS = {"models": {"m": "M"}, "cultures": {"us": "US", "cn": "ZH"},
          "methods": {"sft": "SFT", "sft-shuffled": "SFT, shuffled cues",
                      "sft@cn": "SFT, ZH"}}  # fmt: skip
US = {"US": {"label": "US", "name": "us", "table": "table1", "synthetic": False, "ranking": None}}
CLAIM = CLAIMS["knowledge_english"]


class World:
    """People of a culture: a cue elicits words of its own, of its domain, and frequent ones.

    Four of the domain's words are planted: another culture has others in their place.
    """

    def __init__(self, rng):
        self.rng = rng
        self.domain = {
            f"d{d}c{i}": f"d{d}" for d in range(DOMAINS) for i in range(TESTED + TRAINED)
        }
        self.test = [cue for cue in self.domain if int(cue.split("c")[1]) < TESTED]
        self.splits = pl.DataFrame(
            {"cue": list(self.domain), "split": ["test" if cue in self.test else "train"
                                                 for cue in self.domain]}
        )  # fmt: skip
        self.planted = {cue: {f"{d}planted{i}" for i in range(4)} for cue, d in self.domain.items()}
        self.people = self.answers()
        self.human = ranked_responses(self.people)

    def answers(self, culture="planted"):
        """Associations of a new sample of people."""
        rows = []
        for cue, domain in self.domain.items():
            words = [f"{cue}own{i}" for i in range(12)] + [
                f"{domain}{culture}{i}" for i in range(4)
            ]
            words += [f"{domain}shared{i}" for i in range(4)] + [f"general{i}" for i in range(10)]
            weights = np.concatenate(
                [np.full(12, 2.5), np.full(4, 5), np.full(4, 2), np.full(10, 1)]
            )
            for word in self.rng.choice(words, PEOPLE, p=weights / weights.sum()):
                rows.append((cue, word))
        table = pl.DataFrame(rows, schema=["cue", "response"], orient="row")
        return count_associations(table, seed=0)

    def lists(self, name):
        """What an arm answers to each test cue."""
        training = [cue for cue in self.domain if cue not in self.test]
        if name == "like people":
            return ranked_responses(self.answers())
        if name == "other culture":
            return ranked_responses(self.answers("elsewhere"))
        if name == "permuted":
            seed = int(self.rng.integers(1 << 30))
            return {cue: self.human[x] for cue, x in deranged(self.test, seed=seed).items()}
        chosen = self.rng.choice(training, 1 if name == "one list" else len(self.test))
        return {cue: self.human[chosen[i % len(chosen)]] for i, cue in enumerate(self.test)}


def arms_of(world, sft):
    """(model, method) -> its lists."""
    arms = {("m", "vanilla"): {cue: [f"odd{i}" for i in range(10)] for cue in world.test}}
    arms["m", "sft-shuffled"] = world.lists("other cues")
    zero = zero_knowledge(world.people, world.splits, most=FIRST, seed=0)
    arms["m", "sft"] = zero[sft] if sft in zero else world.lists(sft)
    arms["m", "sft@cn"] = world.lists("other culture")
    return arms | {("-", name): lists for name, lists in zero.items()}


def claimed(world, arms, control="sft-shuffled"):
    """Status of "SFT knows the cues" on the differences of these lists; control: its name."""
    arms = {(m, control if x == "sft-shuffled" else x): lists for (m, x), lists in arms.items()}
    labels = LABELS | {"methods": LABELS["methods"] | {control: "SFT, shuffled cues"}}
    rows = [
        (*arm, None if arm[0] == "-" else 0, cue, 5, world.domain[cue],
         precision_at(lists[cue][:FIRST], set(world.human[cue]), 5))
        for arm, lists in arms.items()
        for cue in world.test
    ]  # fmt: skip
    names = ["model", "method", "seed", "cue", "k", "cluster", "precision"]
    scores = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    pairs = arm_tables.contrast_pairs(scores, [control], BASELINES)
    table = arm_tables.name_arms(
        contrast(scores, pairs, "precision", EVALUATION), labels, REFERENCE
    )
    run = checking.Run({"table1_contrasts": table}, US, ["M"], {control: "SFT, shuffled cues"})
    (found,) = checking.check_claims([CLAIM], run)
    return found.status, table


def recovered(world, arms, folder):
    """Verdicts on the planted effect: arm -> what its difference to the control says."""
    rows = []
    for (model, method), lists in arms.items():
        for cue in world.test:
            hits = [word in world.planted[cue] for word in lists[cue][:FIRST]]
            seed = None if model == "-" else 0
            rows.append(
                (model, method, seed, cue, FIRST, sum(hits) / FIRST, hits, world.domain[cue])
            )
    shares = pl.DataFrame(rows, schema=planted_table.SHARES, orient="row")
    stem = str(folder / "planted")
    planted_table.write_effect(stem, shares, LABELS, ["sft-shuffled"], EVALUATION)
    table = pl.read_csv(f"{stem}.csv").filter(minus="sft-shuffled")
    return dict(zip(table["method"], table["verdict"], strict=True))


@pytest.mark.parametrize(
    ("sft", "runs"), [("permuted", 40), ("one list", 40), ("frequent", 5), ("backward", 5)]
)
def test_lists_that_know_nothing_of_their_cues_earn_no_verdict(tmp_path, sft, runs):
    rng = np.random.default_rng(1)
    worlds = [World(rng) for _ in range(runs)]
    arms = [arms_of(world, sft) for world in worlds]
    shown = sum(claimed(*each)[0] == "supported" for each in zip(worlds, arms, strict=True))
    found = sum(recovered(w, a, tmp_path)["sft"] == "recovered"
                for w, a in zip(worlds, arms, strict=True))  # fmt: skip
    renamed = sum(claimed(w, a, "placebo")[0] == "supported"
                  for w, a in zip(worlds, arms, strict=True))  # fmt: skip
    assert (shown, renamed, found) == (0, 0, 0)  # five rivals have to be beaten at once


def test_an_arm_that_answers_like_people_earns_them_and_its_swap_does_not(tmp_path):
    rng, runs = np.random.default_rng(2), 20
    for _ in range(runs):
        world = World(rng)
        arms = arms_of(world, "like people")
        status, table = claimed(world, arms)
        assert status == claimed(world, arms, "placebo")[0] == "supported"
        own = table.filter(method="sft", minus="sft@cn").row(0, named=True)
        assert own["low"] > 0
        assert recovered(world, arms, tmp_path)["sft"] == "recovered"
        swapped = arms | {("m", "sft"): arms["m", "sft@cn"]}
        assert recovered(world, swapped, tmp_path)["sft"] != "recovered"
        assert claimed(world, swapped)[0] != "supported"


def test_an_arm_as_good_as_its_control_rarely_recovers_what_was_planted(tmp_path):
    """Both find planted words of the same domains by chance; rivals of no model find none."""
    rng, runs, wrong = np.random.default_rng(6), 200, 0
    cues = [f"d{d}c{i}" for d in range(DOMAINS) for i in range(TESTED)]
    for _ in range(runs):
        easy = rng.beta(4, 4, DOMAINS).repeat(TESTED)
        arms = {"vanilla": 0 * easy, "sft-shuffled": easy, "sft": easy}
        rows = []
        for method, level in arms.items():
            apart = rng.normal(0, 0.1, DOMAINS).repeat(TESTED) * (level > 0)
            for cue, share in zip(cues, np.clip(level + apart, 0, 1), strict=True):
                hits = (rng.random(FIRST) < share).tolist()
                seed = None if method == "vanilla" else 0
                rows.append(("m", method, seed, cue, FIRST, sum(hits) / FIRST, hits, cue[:2]))
        shares = pl.DataFrame(rows, schema=planted_table.SHARES, orient="row")
        stem = str(tmp_path / "planted")
        planted_table.write_effect(stem, shares, LABELS, ["sft-shuffled"], EVALUATION)
        found = pl.read_csv(f"{stem}.csv").filter(method="sft", minus="sft-shuffled")
        wrong += found["excludes_zero"][0]
    assert wrong <= 0.07 * runs


def test_where_cultures_are_alike_own_minus_other_is_rarely_shown():
    """Both arms answer like people of the same culture, and find the same domains easy or hard."""
    rng, runs, wrong = np.random.default_rng(3), 200, 0
    clusters = np.repeat([f"d{i}" for i in range(DOMAINS)], TESTED)
    cues = [f"c{i}" for i in range(len(clusters))]
    for _ in range(runs):
        level = np.repeat(rng.beta(4, 4, DOMAINS), TESTED)
        # what two trainings make of a domain differs by chance, from domain to domain
        arms = {name: np.clip(level + np.repeat(rng.normal(0, 0.1, DOMAINS), TESTED), 0, 1)
                for name in ("sft", "sft@cn")}  # fmt: skip
        rows = [("m", name, 0, cue, 5, cluster, rng.binomial(5, share) / 5)
                for name, shares in arms.items()
                for cue, cluster, share in zip(cues, clusters, shares, strict=True)]  # fmt: skip
        names = ["model", "method", "seed", "cue", "k", "cluster", "precision"]
        scores = pl.DataFrame(rows, schema=names, orient="row")
        pair = [(("m", "sft"), ("m", "sft@cn"))]
        wrong += contrast(scores, pair, "precision", EVALUATION)["excludes_zero"][0]
    assert wrong <= 0.07 * runs
