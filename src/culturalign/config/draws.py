"""How many examples are drawn."""

DRAWN = 1_000_000
"""Examples drawn for all cues of a culture with ``per_cue: auto`` (llm_alpaca_data_gen.ipynb of the
authors' code)."""


def draws_per_cue(per_cue: int | str, cues: int) -> int:
    """Examples drawn for each cue of a culture that has some number of cues."""
    return max(1, DRAWN // cues) if per_cue == "auto" else int(per_cue)
