"""Do answers say when sources disagree: planted conflicts over news, and public questions whose documents disagree."""

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from eval.lines import read_objects
from eval.metrics import fold, holds, mean, without_marks
from ingest.article import Article, Hit, Published
from ingest.errors import UserError
from ingest.split import split
from ingest.store import Store
from qa.answer import Disagreement
from qa.compose import fact, many
from qa.confidence import Calibration
from qa.config import Config
from qa.draft import Draft
from qa.echo import echoed
from qa.evidence import Candidate, candidates
from qa.lean import Lean
from qa.question import Asked, timeless, understand
from qa.rerank import Read, read_hits, rescore
from qa.retrieve import Embed, retrieve
from qa.when import Moment, moment
from qa.words import numbers

STORIES = Path(__file__).parent / "questions" / "conflicts.toml"
BACKGROUND = 1_500  # articles of the collection among which a planted report is read
FUSED = 2 / 61  # the fused score of what both indexes find first: what a report of the very event gets
UNDATED = date(2025, 1, 1)  # the day questions over undated documents are asked
SAME, DIFFER, APART = "same", "differ", "apart"
HALVES = ("tuning", "reported")  # everything was chosen on the first; the second is what is reported

Search = Callable[[str, Sequence[Article], date], tuple[Asked, list[Candidate]]]  # question, further articles, today
Answer = Callable[[str, Sequence[Article], date], Draft | None]


@dataclass(frozen=True, slots=True)
class Story:
    """An article's value, and what a second report of it may say."""

    article: str
    question: str
    value: str
    same: tuple[str, ...]
    differ: tuple[str, ...]
    apart: tuple[str, ...] = ()
    other: str = ""
    keep: int = 0
    day: date | None = None
    half: str = HALVES[0]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the second report made for it."""

    id: str
    kind: str  # SAME, DIFFER or APART
    half: str
    question: str
    value: str  # the article's
    planted: str  # the second report's, "" for APART
    report: Article


@dataclass(frozen=True, slots=True)
class Told:
    """What the answer to a case said."""

    id: str
    kind: str
    half: str
    question: str
    answer: str
    refused: bool
    disagreed: bool  # it says that sources disagree
    both: bool  # and names both values

    def to_json(self) -> dict[str, Any]:
        """For rows.jsonl."""
        return asdict(self)


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


def load_stories(path: Path = STORIES) -> list[Story]:
    """The stories of a file; UserError names a bad block."""
    try:
        rows = tomllib.loads(path.read_text("utf-8"))["story"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"{path} cannot be read as stories: {error}.") from error
    return [_story(path, number, row) for number, row in enumerate(rows, start=1)]


def digest(stories: Sequence[Story]) -> str:
    """Names the background that the stories need."""
    return hashlib.sha256(repr(sorted({one.article for one in stories})).encode()).hexdigest()[:8]


def write_background(folder: Path, stories: Sequence[Story], made: Path, most: int = BACKGROUND) -> None:
    """The stories' articles and others, those with the smallest hashes of their ids, as JSON lines in `made`."""
    needed = {one.article for one in stories}
    files = sorted([*folder.glob("articles*.jsonl"), *folder.glob("articles*.jsonl.gz")])
    rows = [row for file in files for row in read_objects(file)]
    missing = needed - {row.get("id") for row in rows}
    if missing:
        raise UserError(f"{folder} lacks articles that the stories are about: {', '.join(sorted(missing)[:3])}.")
    rows.sort(key=lambda row: (row["id"] not in needed, hashlib.sha256(row["id"].encode()).hexdigest()))
    made.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows[:most])
    (made / "articles.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def cases(stories: Sequence[Story], articles: Mapping[str, Article]) -> Iterator[Case]:
    """Every case of every story."""
    for number, story in enumerate(stories):
        article = articles[story.article]
        if story.value not in article.text:
            raise UserError(f"{story.article} does not say {story.value!r}.")
        make = partial(_case, number, story, article)
        yield from (make(SAME, value, _report(story, article, value)) for value in story.same)
        yield from (make(DIFFER, value, _report(story, article, value)) for value in story.differ)
        yield from (make(APART, "", text) for text in story.apart)


def searcher(store: Store | None, read: Read, embed: Embed, calibration: Calibration, config: Config) -> Search:
    """Reads a store and a few articles more, by the pipeline's own stages."""

    def found(question: str, further: Sequence[Article], today: date) -> tuple[Asked, list[Candidate]]:
        asked = understand(question, today)
        hits, lean = _hits(embed, question, further), Lean(asked.window, today)
        if store is not None:
            hits = retrieve(store, embed, question, config, lean=lean.share) + hits
        asked = timeless(asked, (hit.passage.text for hit in hits))
        ranked = rescore(read_hits(read, asked.wording, hits), lean)
        best = ranked[: config.spans_read]
        ordered = candidates(asked, best, embed, read, calibration, lean=lean)
        return asked, echoed(asked, best, ordered, embed, read, calibration.threshold)

    return found


def answerer(found: Search, calibration: Calibration, config: Config) -> Answer:
    """The same as an answer; None for a refusal."""

    def answer(question: str, further: Sequence[Article], today: date) -> Draft | None:
        asked, ordered = found(question, further, today)
        return draft_of(asked, ordered, calibration.threshold, config)

    return answer


def draft_of(asked: Asked, ordered: list[Candidate], threshold: float, config: Config) -> Draft | None:
    """The answer's wording; None for a refusal."""
    if not ordered or ordered[0].probability < threshold:
        return None
    return many(ordered, config) if asked.many else fact(asked, ordered, threshold, config)


def evaluate(found: Sequence[Case], answer: Answer) -> Iterator[Told]:
    """What the answer to each case said."""
    for case in found:
        day = case.report.published.day or date.today()
        draft = answer(case.question, [case.report], day)
        rows = draft.disagreements if draft else ()
        both = named(rows, case.value, day) and named(rows, case.planted, day)
        text = without_marks(draft.text) if draft else ""
        yield Told(case.id, case.kind, case.half, case.question, text, draft is None, bool(rows), both)


def load_documents(path: Path) -> list[Documents]:
    """The questions of a RAMDocs file; UserError names a bad one."""
    return [_documents(path, number, row) for number, row in enumerate(read_objects(path), start=1)]


def evaluate_documents(found: Sequence[Documents], answer: Answer) -> Iterator[Judged]:
    """What the answer to each question over disagreeing documents said."""
    for one in found:
        yield judge(one, answer(one.question, one.articles, UNDATED))


def write_told(told: Sequence[Told], folder: Path) -> None:
    """Every case with its answer, as rows.jsonl in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(one.to_json(), ensure_ascii=False) for one in told)
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def judge(asked: Documents, draft: Draft | None) -> Judged:
    """What the answer to a question over disagreeing documents said."""
    rows = draft.disagreements if draft else ()
    values = [row.value for row in rows] or ([draft.short] if draft and draft.short else [])
    text = fold(f"{without_marks(draft.text)} | {draft.short or ''}") if draft else ""
    counter = {row.citation for row in rows}
    wrong = any(_alike(value, one) for value in values for one in asked.wrong)
    agreed = {one.article_id for one in draft.citations if not rows or one.number not in counter} if draft else set()
    if draft and rows and draft.short:  # the rows that repeat the short answer are presented as agreeing
        same_rows = {row.citation for row in rows if _alike(row.value, draft.short)}
        agreed |= {one.article_id for one in draft.citations if one.number in same_rows}
    right_short = bool(draft and draft.short and any(_alike(draft.short, one) for one in asked.right))
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


def named(rows: Sequence[Disagreement], value: str, day: date) -> bool:
    """Whether one of the values shown is this one: its words, its number, or the time it tells in an article of that
    day.
    """
    told = moment(value, None) or moment(value, day)  # "March 2" of whichever year, and "Wednesday" of that week
    return any(_alike(row.value, value) or _number(row.value, value) or _dated(row.value, told, day) for row in rows)


def _number(shown: str, value: str) -> bool:
    return len(numbers(value)) == 1 and numbers(shown) == numbers(value)  # "more than 5,300" is "5,300 people"


def _dated(shown: str, wanted: Moment | None, day: date) -> bool:
    told = moment(shown, day)
    if wanted is None or told is None:
        return False
    return all(part in (None, found) for part, found in zip(wanted.parts, told.parts, strict=True))


def summarise(told: Sequence[Told]) -> dict[str, float]:
    """For each half: precision and recall of "sources disagree", and how many cases there were of each kind.

    A conflict counts as found when the answer says so and names both values. Precision is over all that were said
    to disagree: agreements, and reports of something else, count against it.
    """
    out: dict[str, float] = {}
    for half in HALVES:
        rows = [one for one in told if one.half == half]
        conflicts = [one for one in rows if one.kind == DIFFER]
        said = [one for one in rows if one.disagreed]
        right = [one for one in conflicts if one.both]
        out |= {
            f"{half}_conflicts": float(len(conflicts)),
            f"{half}_agreements": float(sum(one.kind == SAME for one in rows)),
            f"{half}_apart": float(sum(one.kind == APART for one in rows)),
            f"{half}_precision": len(right) / len(said) if said else 0.0,
            f"{half}_recall": mean([float(one.both) for one in conflicts]),
            f"{half}_refused": mean([float(one.refused) for one in rows]),
        }
    return out


def _alike(one: str, other: str) -> bool:
    return holds(fold(one), other) or holds(fold(other), one)


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


def _hits(embed: Embed, question: str, articles: Sequence[Article]) -> list[Hit]:
    passages = [passage for article in articles for passage in split(article)]
    if not passages:
        return []
    vectors: np.ndarray = embed([question, *(passage.text for passage in passages)])
    cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
    return [Hit(one, cos, {"dense": cos, "fused": FUSED}) for one, cos in zip(passages, cosines, strict=True)]


def _case(number: int, story: Story, article: Article, kind: str, value: str, text: str) -> Case:
    day = story.day or article.published.day
    name = f"{number:02}-{kind}-{value or hashlib.sha256(text.encode()).hexdigest()[:4]}"
    report = Article(
        id=name, source=name, text=text, publisher="The Second Paper", cluster=name,
        published=Published(day, "field", 1.0) if day else Published(),
    )  # fmt: skip
    return Case(name, kind, story.half, story.question, story.value, value, report)


def _report(story: Story, article: Article, value: str) -> str:
    if story.other:
        text = story.other.replace("{}", value)
        return text[:1].upper() + text[1:]
    sentences = [span for passage in split(article) for span in passage.sentences]
    kept = list(dict.fromkeys(article.text[start:end] for start, end in sentences))[: story.keep]
    if not any(story.value in one for one in kept):
        raise UserError(f"{story.article}: its first {story.keep} sentences do not say {story.value!r}.")
    return " ".join(kept).replace(story.value, value)


def _story(path: Path, number: int, row: Mapping[str, Any]) -> Story:
    try:
        many_of = {name: tuple(row.get(name, ())) for name in (SAME, DIFFER, APART)}
        made = Story(**{**row, **many_of})
    except TypeError as error:
        raise UserError(f"{path}: story {number} lacks a field or has an unknown one ({error}).") from error
    if bool(made.other) == bool(made.keep) or not (made.same and made.differ):
        raise UserError(f"{path}: story {number} needs other or keep, and values for same and differ.")
    return replace(made)
