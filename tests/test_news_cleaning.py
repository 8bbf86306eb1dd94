"""Cleaning, measured on lines of real articles that were read and labelled by hand: K is kept, D is dropped.

The articles were drawn by a hash of their ids within publisher and year. Rules were made looking at `develop`,
then at `fresh`, `second` and `third`, never at what they got wrong on `report`. What the labels mean, and the first
scores: labels/README.md.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.clean import clean, repair
from tests import news

LOG = logging.getLogger(__name__)
LABELS = Path(__file__).parent / "labels" / "clean.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line and what cleaning did with it."""

    article: str
    number: int  # from 1, counting lines that are not blank
    part: str
    label: str
    dropped: bool


def judged(text: str, title: str) -> Iterator[bool]:
    """For each line that is not blank: is nothing of it left? Cleaning keeps the order and only cuts at line ends."""
    left = [line for line in clean(text, title).text.split("\n") if line.strip()]
    for line in text.split("\n"):
        if line.strip():
            gone = not left or left[0].strip() not in repair(line)
            if not gone:
                left.pop(0)
            yield gone
    assert not left, left[0]


def f1(lines: list[Line], label: str) -> float:
    """2 TP / (2 TP + FP + FN) for lines with this label, and lines so treated."""
    treated = [line for line in lines if line.dropped == (label == "D")]
    right = sum(line.label == label for line in treated)
    return 2 * right / (len(treated) + sum(line.label == label for line in lines))


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    rows = {row["id"]: row for row in map(json.loads, LABELS.read_text("utf-8").splitlines())}
    found = []
    for article in news.articles(rows.keys()):
        row = rows[article["id"]]
        for at, (label, gone) in enumerate(
            zip(row["labels"], judged(article["text"], article["title"]), strict=True), start=1
        ):
            found.append(Line(article["id"], at, row["part"], label, gone))
    return found


@news.needed
@pytest.mark.parametrize(
    ("part", "drop", "keep"),
    [
        ("develop", 0.96, 0.995),
        ("report", 0.94, 0.99),
        ("fresh", 0.95, 0.99),
        ("second", 0.94, 0.99),
        ("third", 0.93, 0.99),
    ],
)
def test_lines_are_kept_and_dropped_as_labelled(lines: list[Line], part: str, drop: float, keep: float) -> None:
    chosen = [line for line in lines if line.part == part]
    measured = {"drop": f1(chosen, "D"), "keep": f1(chosen, "K")}
    LOG.info("%s, %d lines: F1 %s", part, len(chosen), measured)  # shown by --log-cli-level=INFO
    assert measured["drop"] >= drop, measured
    assert measured["keep"] >= keep, measured
