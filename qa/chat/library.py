"""What the store holds: surveyed once for each state of it, and shown as HTML with a chart of the dates."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest
from pathlib import Path

from ingest.article import Article, headline
from ingest.read import LARGEST, LIST, PAGE
from ingest.store import Store
from qa.chat.adding import MOST_BYTES, MOST_FILES, Progress
from qa.chat.adding import counts as outcome_counts
from qa.chat.html import DATED, button, clipped, count, day, in_words, isolated, rows, text

NEWEST = 50  # articles listed
LISTED = 200  # undated articles, duplicates and failures listed; the rest are counted
PUBLISHERS = 10  # listed before the rest are folded away
MOST_BARS = 60  # bars of the chart: days, else months, else years, else decades
WIDE, HIGH = 600, 120  # of the chart, in its own units


@dataclass(frozen=True, slots=True)
class Book:
    """What the list says of one article."""

    id: str
    title: str
    source: str
    publisher: str
    published: str | None
    provenance: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a store holds and what became of the files it was made from."""

    articles: int = 0
    passages: int = 0
    stories: int = 0  # clusters
    days: tuple[tuple[date, int], ...] = ()  # articles by day of publication, oldest first
    publishers: tuple[tuple[str, int], ...] = ()  # most articles first; "" for not named
    newest: tuple[Book, ...] = ()
    undated: tuple[Book, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()  # source, and what it repeats
    failed: tuple[tuple[str, str], ...] = ()  # source, and why


def survey(store: Store) -> Shelf:
    """Read the whole ledger: about a second for 25,000 articles."""
    days: Counter[date] = Counter()
    publishers: Counter[str] = Counter()
    stories: set[str] = set()
    titles: dict[str, str] = {}
    books: list[Book] = []
    for article in store.articles():
        when = article.published.day
        days.update([when] if when else [])
        publishers[article.publisher] += 1
        stories.add(article.cluster or article.id)
        titles[article.id] = headline(article)
        books.append(_book(article))
    duplicates, failed = _fates(store, titles)
    return Shelf(
        articles=len(books),
        passages=store.counts()["passages"],
        stories=len(stories),
        days=tuple(sorted(days.items())),
        publishers=tuple(sorted(publishers.items(), key=lambda one: (-one[1], one[0]))),
        newest=tuple(nlargest(NEWEST, books, key=lambda book: (book.published or "", book.title))),
        undated=tuple(book for book in books if not book.published),
        duplicates=tuple(duplicates),
        failed=tuple(failed),
    )


def _book(article: Article) -> Book:
    found = article.published
    when = found.day.isoformat() if found.day else None
    return Book(article.id, headline(article), article.source, article.publisher, when, found.provenance)


def _fates(store: Store, titles: dict[str, str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Duplicates and failures, by file."""
    duplicates, failed = [], []
    for path in store.ledger.inputs():
        known = store.ledger.input(path)
        if known and known.problem:
            failed.append((Path(path).name, known.problem))
        for item in store.ledger.items(path):
            if item.outcome == "duplicate":
                duplicates.append((item.source, titles.get(item.article, "")))
            elif item.reason:
                failed.append((item.source, item.reason))
    return duplicates, failed


# ---- the chart ----


def bars(days: Sequence[tuple[date, int]]) -> tuple[str, list[tuple[str, int]]]:
    """Articles by day, month, year or decade: the finest that needs at most MOST_BARS bars, gaps as zeros."""
    first, last = days[0][0], days[-1][0]
    for unit in ("day", "month", "year", "decade"):
        start, end = _step(first, unit), _step(last, unit)
        if end - start < MOST_BARS or unit == "decade":
            found: Counter[int] = Counter()
            for when, number in days:
                found[_step(when, unit)] += number
            return unit, [(_label(step, unit), found[step]) for step in range(start, end + 1)]
    raise AssertionError("unreachable")


def _step(when: date, unit: str) -> int:
    months = when.year * 12 + when.month - 1
    steps = {"day": when.toordinal(), "month": months, "year": when.year, "decade": when.year // 10}
    return steps[unit]


def _label(step: int, unit: str) -> str:
    if unit == "day":
        return in_words(date.fromordinal(step))
    if unit == "month":
        return f"{date(step // 12, step % 12 + 1, 1):%B %Y}"
    return str(step) if unit == "year" else f"{step}0s"


def render_chart(days: Sequence[tuple[date, int]]) -> str:
    """Articles by date as bars, with the same figures as a table for whoever cannot see them."""
    if not days:
        return ""
    unit, found = bars(days)
    most = max(number for _, number in found)
    room = WIDE / len(found)
    gap = min(2.0, room / 4)
    width = min(room - gap, 40.0)
    drawn = "".join(
        f'<rect x="{place * room + (room - width) / 2:.1f}" y="{HIGH - high:.1f}" width="{width:.1f}" '
        f'height="{high:.1f}" rx="2"><title>{label}: {count(number, "article")}</title></rect>'
        for place, (label, number) in enumerate(found)
        if (high := max(2.0, HIGH * number / most) if number else 0.0)
    )
    called = f"Articles by {unit} of publication, from {found[0][0]} to {found[-1][0]}; at most {most:,} in one {unit}"
    ends = f"<span>{found[0][0]}</span>" + (f"<span>{found[-1][0]}</span>" if len(found) > 1 else "")
    table = _table("", (unit.capitalize(), "Articles"), ((label, f"{number:,}") for label, number in found if number))
    return (
        f'<figure class="chart"><figcaption>Articles by {unit} of publication, at most {most:,}</figcaption>'
        f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img" aria-label="{called}">{drawn}</svg>'
        f'<div class="ends" aria-hidden="true">{ends}</div>'
        f"<details><summary>The chart as a table</summary>{table}</details></figure>"
    )


# ---- the page ----


def render_library(shelf: Shelf) -> str:
    """Everything about the store."""
    if not shelf.articles and not shelf.failed:
        return '<p class="lead">The library is empty. What you add can be asked at once.</p>'
    return (
        f'<section class="shelf">{_totals(shelf)}{render_chart(shelf.days)}{_failed(shelf)}{_newest(shelf)}'
        f"{_publishers(shelf)}{_undated(shelf)}{_duplicates(shelf)}</section>"
    )


def _totals(shelf: Shelf) -> str:
    named = sum(1 for name, _ in shelf.publishers if name)
    tiles = [
        (shelf.articles, "article", "articles"), (shelf.stories, "story", "stories"),
        (named, "publisher", "publishers"), (len(shelf.undated), "undated", "undated"),
        (len(shelf.duplicates), "duplicate", "duplicates"), (len(shelf.failed), "failed", "failed"),
    ]  # fmt: skip
    cells = "".join(f"<li><b>{number:,}</b> {one if number == 1 else more}</li>" for number, one, more in tiles)
    return f'<ul class="totals" aria-label="What the library holds">{cells}</ul>'


def _table(caption: str, heads: Sequence[str], cells: Iterable[Iterable[str]]) -> str:
    top = "".join(f'<th scope="col">{one}</th>' for one in heads)
    named = f"<caption>{caption}</caption>" if caption else ""
    return f"<table>{named}<thead><tr>{top}</tr></thead><tbody>{rows(cells)}</tbody></table>"


def _newest(shelf: Shelf) -> str:
    left = shelf.articles - len(shelf.newest)
    caption = f"The newest {len(shelf.newest)} articles" if left else "Articles"
    return _books(caption, shelf.newest)


def _books(caption: str, books: Sequence[Book]) -> str:
    cells = (
        (button(isolated(clipped(one.title, 160)), "article", "link", id=one.id) + _small(one.source),
         isolated(one.publisher) if one.publisher else "not named",
         day(one.published) + (_small(DATED.get(one.provenance, one.provenance)) if one.published else ""))
        for one in books
    )  # fmt: skip
    return _table(caption, ("Article", "Publisher", "Date"), cells)


def _small(words: str) -> str:
    return f'<span class="origin">{isolated(clipped(words, 120))}</span>'


def _publishers(shelf: Shelf) -> str:
    cells = [(isolated(name) if name else "not named", f"{number:,}") for name, number in shelf.publishers]
    top = _table("Publishers", ("Publisher", "Articles"), cells[:PUBLISHERS])
    rest = cells[PUBLISHERS : PUBLISHERS + LISTED]
    return top + (_folded(f"{len(cells) - PUBLISHERS:,} more", ("Publisher", "Articles"), rest) if rest else "")


def _undated(shelf: Shelf) -> str:
    if not shelf.undated:
        return ""
    return f"<details><summary>{len(shelf.undated):,} undated</summary>{_books('', shelf.undated[:LISTED])}</details>"


def _duplicates(shelf: Shelf) -> str:
    if not shelf.duplicates:
        return ""
    cells = ((isolated(one), isolated(other) if other else "an article since removed") for one, other in
             shelf.duplicates[:LISTED])  # fmt: skip
    return _folded(count(len(shelf.duplicates), "duplicate") + " left out", ("Article", "Repeats"), cells)


def _failed(shelf: Shelf) -> str:
    if not shelf.failed:
        return ""
    cells = ((isolated(one), isolated(clipped(why, 300))) for one, why in shelf.failed[:LISTED])
    return _folded(f"{len(shelf.failed):,} could not be read", ("File", "Why"), cells)


def _folded(summary: str, heads: Sequence[str], cells: Iterable[Iterable[str]]) -> str:
    return f"<details><summary>{summary}</summary>{_table('', heads, cells)}</details>"


def render_drop(allowed: bool) -> str:
    """Where files are dropped or chosen."""
    if not allowed:
        return '<p class="lead">Articles are added where Byline runs: python -m ingest PATH.</p>'
    page, listed, any_file = (most // 1024**2 for most in (PAGE, LIST, LARGEST))
    return (
        f'<div class="drop" data-files="{MOST_FILES}" data-each="{LARGEST}" data-all="{MOST_BYTES}">'
        "<p><strong>Drop files or a folder here</strong></p>"
        '<p class="picks"><label class="pick">Choose files<input type="file" name="files" multiple></label>'
        '<label class="pick">Choose a folder<input type="file" name="folder" webkitdirectory></label></p>'
        "<p>Text, Markdown, HTML, PDF, Word and JSON, also as .gz. At most "
        f"{MOST_FILES:,} files in one go; {page} MB for a text or page, {listed} MB for a .json, {any_file} MB for any "
        "other. They are kept on this machine.</p>"
        '<p class="sending" role="status"></p></div>'
    )


def render_adding(progress: Progress) -> str:
    """How far adding has come; what became of the articles when it has ended."""
    if progress.running:
        return (
            f'<div class="adding" role="status"><p>{text(progress.stage).capitalize()}: {progress.done:,} of '
            f'{progress.total:,}</p><progress aria-label="Adding articles" max="{max(progress.total, 1)}" '
            f'value="{progress.done}"></progress>{button("Cancel", "cancel")}</div>'
        )
    if not progress.number:
        return ""
    told = ", ".join(f"{number:,} {name}" for name, number in outcome_counts(progress).items())
    parts = [f'<p role="status"><strong>{told}.</strong></p>'] if told else []
    parts += [f'<p class="problem" role="alert">{text(progress.problem)}</p>'] if progress.problem else []
    bad = [(one.source, one.reason) for one in progress.outcomes if one.outcome == "failed"]
    if bad:
        cells = ((isolated(one), isolated(clipped(why, 300))) for one, why in bad[:LISTED])
        parts.append(_table("Not added", ("File", "Why"), cells))
    return f'<div class="adding">{"".join(parts)}</div>'
