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
from qa.rerank import Read, promising, read_hits, rescore
from qa.retrieve import Embed, retrieve
from qa.when import Moment, moment
from qa.words import numbers

STORIES = Path(__file__).parent / "questions" / "conflicts.toml"
BACKGROUND = 1_500  # articles of the collection among which a planted report is read
FUSED = 2 / 61  # the fused score of what both indexes find first: what a report of the very event gets
FROM_EACH = 3  # passages of a planted report or document that are read, the nearest
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


def copies(stories: Sequence[Story], articles: Mapping[str, Article]) -> Iterator[Case]:
    """Every value of every story in a copy of its whole article, of the same cluster, from another publisher."""
    for number, story in enumerate(stories):
        article = _article(story, articles)
        for kind, value in [*((SAME, one) for one in story.same), *((DIFFER, one) for one in story.differ)]:
            text, title = article.text.replace(story.value, value), article.title.replace(story.value, value)
            case = _case(number, story, article, kind, value, text)
            report = replace(case.report, title=title, cluster=article.cluster or article.id)
            yield replace(case, report=report)


def cases(stories: Sequence[Story], articles: Mapping[str, Article]) -> Iterator[Case]:
    """Every case of every story."""
    for number, story in enumerate(stories):
        article = _article(story, articles)
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
        hits = promising(hits, asked.stems, lean, config.read) if store is not None else hits
        ranked = rescore(read_hits(read, asked.wording, hits), asked.stems, lean)
        best = ranked[: config.spans_read]
        passages = len(hits) if store is None else store.counts()["passages"]
        ordered = candidates(asked, best, embed, read, calibration, lean=lean, passages=passages)
        return asked, echoed(asked, best, ordered, read, calibration.threshold)

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


def write_told(told: Sequence[Told], folder: Path) -> None:
    """Every case with its answer, as rows.jsonl in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(one.to_json(), ensure_ascii=False) for one in told)
    (folder / "rows.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def named(rows: Sequence[Disagreement], value: str, day: date) -> bool:
    """Whether one of the values shown is this one."""
    return any(says(row.value, value, day) for row in rows)


def says(shown: str, value: str, day: date) -> bool:
    """Whether what is shown is a value: its words, its number, or the time it tells in an article of that day."""
    told = moment(value, None) or moment(value, day)  # "March 2" of whichever year, and "Wednesday" of that week
    return alike(shown, value) or _number(shown, value) or _dated(shown, told, day)


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


def alike(one: str, other: str) -> bool:
    """Whether one of two values stands in the other, as whole words."""
    return holds(fold(one), other) or holds(fold(other), one)


def _article(story: Story, articles: Mapping[str, Article]) -> Article:
    article = articles[story.article]
    if story.value not in article.text:
        raise UserError(f"{story.article} does not say {story.value!r}.")
    return article


def _hits(embed: Embed, question: str, articles: Sequence[Article]) -> list[Hit]:
    passages = [passage for article in articles for passage in split(article)]
    if not passages:
        return []
    vectors: np.ndarray = embed([question, *(passage.text for passage in passages)])
    cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
    hits = [Hit(one, cos, {"dense": cos, "fused": FUSED}) for one, cos in zip(passages, cosines, strict=True)]
    nearest = sorted(hits, key=lambda hit: -hit.score)
    return [
        one for article in articles for one in [hit for hit in nearest if hit.passage.article is article][:FROM_EACH]
    ]


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
