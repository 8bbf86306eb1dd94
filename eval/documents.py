"""Questions whose documents disagree (RAMDocs): does the answer give the right values, and do others mislead it?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.conflicts import HALVES, Answer, alike
from eval.lines import read_objects
from eval.metrics import fold, holds, mean, without_marks
from ingest.article import Article
from ingest.errors import UserError
from qa.draft import Draft

UNDATED = date(2025, 1, 1)  # the day questions over undated documents are asked


@dataclass(frozen=True, slots=True)
class Documents:
    """A question with documents that disagree, each its own source; `kinds` by article id."""

    id: str
    half: str
    question: str
    articles: tuple[Article, ...]
    kinds: Mapping[str, str]  # "correct", "misinfo", "noise"
    right: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Whether the documents give more than one value."""
        return len(self.right) + len(self.wrong) > 1

    def of(self, kind: str) -> set[str]:
        """Ids of the documents of a kind."""
        return {name for name, one in self.kinds.items() if one == kind}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the answer over disagreeing documents said."""

    id: str
    half: str
    refused: bool
    disagreed: bool
    found: float  # share of the right answers that the answer names
    misled: bool  # a wrong value is the answer, and nothing says that sources disagree
    misinformation_agreed: bool  # a misinforming document is cited for a right value
    noise_agreed: bool  # a document without an answer is cited for one, beside another
    misinformation: bool  # whether there is such a document
    noise: bool
    several: bool


def load_documents(path: Path) -> list[Documents]:
    """The questions of a RAMDocs file; UserError names a bad one."""
    return [_documents(path, number, row) for number, row in enumerate(read_objects(path), start=1)]


def evaluate_documents(found: Sequence[Documents], answer: Answer) -> Iterator[Judged]:
    """What the answer to each question over disagreeing documents said."""
    for one in found:
        yield judge(one, answer(one.question, one.articles, UNDATED))


def judge(asked: Documents, draft: Draft | None) -> Judged:
    """What the answer to a question over disagreeing documents said."""
    rows = draft.disagreements if draft else ()
    values = [row.value for row in rows] or ([draft.short] if draft and draft.short else [])
    text = fold(f"{without_marks(draft.text)} | {draft.short or ''}") if draft else ""
    counter = {row.citation for row in rows}
    wrong = any(alike(value, one) for value in values for one in asked.wrong)
    agreed = {one.article_id for one in draft.citations if not rows or one.number not in counter} if draft else set()
    if draft and rows and draft.short:  # the rows that repeat the short answer are presented as agreeing
        same_rows = {row.citation for row in rows if alike(row.value, draft.short)}
        agreed |= {one.article_id for one in draft.citations if one.number in same_rows}
    right_short = bool(draft and draft.short and any(alike(draft.short, one) for one in asked.right))
    return Judged(
        id=asked.id, half=asked.half, refused=draft is None, disagreed=bool(rows),
        found=mean([float(holds(text, one)) for one in asked.right]),
        misled=bool(asked.of("misinfo")) and wrong and not rows,
        misinformation_agreed=right_short and bool(agreed & asked.of("misinfo")),
        noise_agreed=len(agreed) > 1 and bool(agreed & asked.of("noise")),
        misinformation=bool(asked.of("misinfo")), noise=bool(asked.of("noise")), several=asked.several,
    )  # fmt: skip


def summarise_documents(found: Sequence[Judged]) -> dict[str, float]:
    """For each half: what the answers over disagreeing documents said; a refusal finds and misleads nobody."""
    out: dict[str, float] = {}
    for half in HALVES:
        rows = [one for one in found if one.half == half]
        told = [one for one in rows if one.misinformation]
        noisy = [one for one in rows if one.noise]
        several = [one for one in rows if one.several]
        out |= {
            f"{half}_questions": float(len(rows)),
            f"{half}_refused": mean([float(one.refused) for one in rows]),
            f"{half}_found": mean([one.found for one in rows]),
            f"{half}_all_found": mean([float(one.found == 1.0) for one in rows]),
            f"{half}_disagreed": mean([float(one.disagreed) for one in several]),
            f"{half}_misled": mean([float(one.misled) for one in told]),
            f"{half}_misinformation_agreed": mean([float(one.misinformation_agreed) for one in told]),
            f"{half}_noise_agreed": mean([float(one.noise_agreed) for one in noisy]),
        }
    return out


def _documents(path: Path, number: int, row: Mapping[str, Any]) -> Documents:
    try:
        kept = [(f"{number}-{place}", one) for place, one in enumerate(row["documents"]) if one["text"].strip()]
        return Documents(
            id=str(number), half=HALVES[number % 2], question=row["question"],
            articles=tuple(Article(id=name, source=name, text=one["text"], cluster=name) for name, one in kept),
            kinds={name: one["type"] for name, one in kept},
            right=tuple(row["gold_answers"]), wrong=tuple(row["wrong_answers"]),
        )  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}, line {number}: no question with documents and answers ({error}).") from error
