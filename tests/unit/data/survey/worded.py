"""A small questionnaire file."""

from pathlib import Path

HEADER = "question,wording,code,option"
TEA = ["Q10,Do you like tea?,1,Yes", "Q10,Do you like tea?,2,No"]
FAR = ["Q2,How far is it?,0,Near", "Q2,How far is it?,1,Middling", "Q2,How far is it?,2,Far"]


def written(folder: Path, rows=(*TEA, *FAR), header=HEADER) -> Path:
    path = folder / "questionnaire.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path
