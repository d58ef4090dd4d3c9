"""Entry of rule ``score_rankings``: an arm's rankings, example by example."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from culturalign import jobs
from culturalign.artifacts.artifact import write_artifact
from culturalign.artifacts.word_scores import RANKINGS
from culturalign.config.ranking import RewardRules
from culturalign.data.normalize import normalize
from culturalign.files.jsonl import read_jsonl
from culturalign.scores import arm_columns, ranking_references, ranking_scores
from culturalign.scores.halves import read_responses

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake

if __name__ == "__main__":
    with jobs.logged(snakemake.log[0]), jobs.whole(snakemake.output.rankings) as (path,):
        samples = read_jsonl(Path(snakemake.input.samples))
        halves = ranking_references.half_counts(
            read_responses(snakemake.input.responses),
            samples,
            repeats=snakemake.params.split_halves,
            seed=snakemake.params.seed,
        )
        reward = RewardRules(**snakemake.params.reward)
        normalizer = partial(normalize, **snakemake.params.rules)
        scores = ranking_scores.score_arm(samples, halves, reward, normalizer)
        write_artifact(arm_columns.with_arm(scores, **snakemake.wildcards), path, RANKINGS)
