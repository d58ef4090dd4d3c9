"""Human answers and shares to test with."""

import polars as pl

PAIR = ("USA", "CHN")


def human(**questions):
    """Question -> shares in the USA and in China, codes from 1."""
    rows = [
        (question, country, code, float(share))
        for question, pair in questions.items()
        for country, shares in zip(PAIR, pair, strict=True)
        for code, share in enumerate(shares, 1)
    ]
    return pl.DataFrame(rows, schema=["question", "country", "code", "share"], orient="row")


def answers_of(**given: dict[str, list[int]]) -> pl.DataFrame:
    """Answers by country and question; weights 1."""
    rows = [
        (country, respondent, 1.0, question, code)
        for country, questions in given.items()
        for question, codes in questions.items()
        for respondent, code in enumerate(codes)
    ]
    names = ["country", "respondent", "weight", "question", "code"]
    return pl.DataFrame(rows, schema=names, orient="row")
