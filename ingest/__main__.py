"""python -m ingest PATH...: articles into a store."""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from ingest.article import Article, headline
from ingest.build import Watch, build
from ingest.check import check
from ingest.embed import DEFAULT_EMBEDDER, load_embedder
from ingest.errors import Parser, UserError
from ingest.read import READERS, find
from ingest.store import DEFAULT_STORE, Store
from ingest.tally import OUTCOMES, RENAMED, Outcome, Tally

LATELY = 60.0  # seconds over which the speed is taken: batches end every few seconds
SELDOM = 30.0  # seconds between lines that tell how far it is, where no bar can be drawn
ROWS = 50  # with more articles than this only the totals and the failures are shown

HELP = """examples:
  python -m ingest seeds                     the five seed articles into ./store
  python -m ingest ~/news --store news       a folder with everything in it, into ./news
  python -m ingest ~/news --store news       again: only what is new or has changed is read
  python -m ingest ~/news --store news --prune     and forget articles whose files are gone
  python -m ingest --check --store news      is everything in it as it should be? What is not, and what mends it
  python -m ingest --rebuild --store news    make its search indexes again; nothing is read or embedded again
  python -m ingest --history a.txt           what that article was before it changed: by source, id or address
It can be stopped at any moment and run again. Afterwards: python -m qa "QUESTION", or python app.py"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    try:
        options = _parser().parse_args(arguments)
        console = Console(stderr=options.json, highlight=False)
        other = next((work for name, work in OTHERS.items() if getattr(options, name)), None)
        if other:
            return other(options, console)
        tally = _ingest(options, console)
    except UserError as error:
        sys.stderr.write(f"ingest: {error}\n")
        return 2
    except (OSError, sqlite3.OperationalError) as error:  # a full disk, a store taken away
        sys.stderr.write(f"ingest: the store {options.store} cannot be written: {error}; free space and run it again\n")
        return 2
    except sqlite3.DatabaseError as error:
        check = f"python -m ingest --check --store {options.store} says more"
        sys.stderr.write(f"ingest: the record of the store {options.store} is damaged: {error}; {check}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("ingest: stopped; what is recorded so far is kept, run it again to go on\n")
        return 130
    if options.json:
        print(json.dumps(tally.to_json()))
    return 0


def _parser() -> argparse.ArgumentParser:
    formats = " ".join(READERS)
    parser = Parser(
        prog="python -m ingest",
        description=f"Read news articles into a store that can be asked questions. Formats: {formats}, also as .gz.",
        epilog=HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files, and folders with all in them")
    parser.add_argument("--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="one JSON object with the totals on the last line")
    parser.add_argument("--prune", action="store_true", help="forget articles whose files are gone from PATH")
    parser.add_argument(
        "--embedder",
        metavar="NAME",
        help=f"a sentence-transformers model by name or folder; default: the store's own, or {DEFAULT_EMBEDDER}",
    )
    work = parser.add_mutually_exclusive_group()
    work.add_argument("--check", action="store_true", help="prove the store sound: status 0, or 1 and what is wrong")
    work.add_argument("--rebuild", action="store_true", help="make the search indexes again from the ledger")
    work.add_argument("--history", metavar="SOURCE", help="list what an article was before it changed")
    return parser


def _check(options: argparse.Namespace, console: Console) -> int:
    """Print what was checked and what is wrong; 1 if anything is."""
    _alone(options)
    try:
        opened = Store.open(options.store, repair=False)
    except UserError as error:
        if not (options.store / "ledger.sqlite").exists():
            raise
        console.print(f"wrong  {_plain(str(error))}", soft_wrap=True)
        return 1
    wrong = 0
    with opened as store:
        for one in check(store):
            console.print(f"{'wrong' if one.problems else 'ok   '}  {_plain(one.what)}", soft_wrap=True)
            for problem in one.problems:
                console.print(f"       {_plain(problem)}", soft_wrap=True)
            if one.problems:
                console.print(f"       mend it with: {_plain(one.mend)}", soft_wrap=True)
            wrong += bool(one.problems)
        if not wrong:
            console.print(f"{_held(store)}: sound", soft_wrap=True)
    return int(wrong > 0)


def _rebuild(options: argparse.Namespace, console: Console) -> int:
    _alone(options)
    with Store.open(options.store, write=True) as store:
        with _watching(console) as watch:
            store.rebuild(watch)
        console.print(f"{_held(store)}: indexes made again", soft_wrap=True)
    return 0


def _history(options: argparse.Namespace, console: Console) -> int:
    _alone(options)
    with Store.open(options.store) as store:
        found = store.ledger.named(options.history)
        if not found:
            raise UserError(f"there is no article {options.history} in {options.store}; give its source, id or address")
        for article in found:
            console.print(f"{_plain(headline(article))}  ({_plain(article.source)}, {len(article.text)} characters)")
            versions = store.ledger.versions(article.id)
            for was in reversed(versions):
                day = was.published.day or "undated"
                line = f"  until {was.replaced}: {was.title or 'untitled'}, {day}, {len(was.text)} characters"
                console.print(_plain(line), soft_wrap=True)
            if not versions:
                console.print("  it has not changed since it was first read")
    return 0


OTHERS = {"check": _check, "rebuild": _rebuild, "history": _history}  # what can be done instead of reading, by option


def _alone(options: argparse.Namespace) -> None:
    if options.paths or options.prune:
        raise UserError("--check, --rebuild and --history look at a store alone; leave out PATH and --prune")


class Speed(ProgressColumn):
    """Articles a second while reading, passages a second while an index is written."""

    def render(self, task: Task) -> Text:
        """What stands in the column."""
        unit = "articles" if task.description == "reading" else "passages"
        return Text(f"{task.speed:,.0f} {unit}/s" if task.speed else "")


def _columns() -> list[ProgressColumn]:
    return [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Speed(), TimeRemainingColumn()]


@contextmanager
def _watching(console: Console) -> Iterator[Watch]:
    """A bar for each stage that is told of; where none can be drawn, as in a log, a line now and then."""
    if not console.is_terminal:
        yield _telling(console)
        return
    with Progress(*_columns(), console=console, transient=True, speed_estimate_period=LATELY) as progress:
        tasks: dict[str, Task] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                progress.add_task(stage)
                tasks[stage] = progress.tasks[-1]
            tasks[stage].total = total  # an estimate; `update` would forget the speed whenever it changes
            progress.update(tasks[stage].id, completed=done)

        yield watch


def _telling(console: Console) -> Watch:
    told = time.monotonic()

    def watch(stage: str, done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told >= SELDOM:
            console.print(f"{stage}: {done:,} of {total:,}", soft_wrap=True)
            told = time.monotonic()

    return watch


def _ingest(options: argparse.Namespace, console: Console) -> Tally:
    if not options.paths:
        raise UserError("name a file or folder with articles: python -m ingest PATH; --help shows what else there is")
    missing = [str(path) for path in options.paths if not path.exists()]
    if missing:
        raise UserError(f"there is no file or folder {', '.join(missing)}; check the spelling")
    if not find(options.paths) and not options.prune:
        where = ", ".join(map(str, options.paths))
        raise UserError(f"no articles in {where}; Byline reads {' '.join(READERS)}, also .gz")
    embedder = load_embedder(options.embedder or Store.embedder_of(options.store) or DEFAULT_EMBEDDER)
    with Store.create(options.store, embedder.name, embedder.digest) as store:
        with _watching(console) as watch:
            tally = build(options.paths, store, embedder, prune=options.prune, watch=watch)
        _report(console, tally, store)
    return tally


def _report(console: Console, tally: Tally, store: Store) -> None:
    if len(tally.outcomes) <= ROWS:
        console.print(_table(tally.outcomes, store))
    for one in tally.outcomes:
        if one.outcome == "failed":
            console.print(f"failed: {_plain(one.source)}: {_plain(one.reason)}", soft_wrap=True)
    totals = ", ".join(f"{tally.count(name)} {name}" for name in OUTCOMES if tally.count(name)) or "nothing to do"
    renamed = sum(1 for one in tally.outcomes if one.reason == RENAMED)
    details = f" ({renamed} of them renamed)" if renamed else ""
    console.print(f"{totals}{details} in {tally.seconds:.1f} s; {_held(store)}", soft_wrap=True)


def _held(store: Store) -> str:
    counts = store.counts()
    return f"{counts['articles']} articles, {counts['passages']} passages in {_plain(str(store.folder))}"


def _table(outcomes: list[Outcome], store: Store) -> Table:
    table = Table(box=box.SIMPLE, expand=True)
    table.add_column("article", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("publisher", max_width=13)
    table.add_column("published", no_wrap=True)
    table.add_column("passages", justify="right", min_width=8)
    table.add_column("outcome", min_width=9)
    for one in outcomes:
        article = store.ledger.article(one.article) if one.article and one.outcome != "duplicate" else None
        cells = _cells(article, store) if article else ("", "", "", "")
        table.add_row(f"{_plain(cells[0])}\n[dim]{_plain(one.source)}[/dim]", *map(_plain, cells[1:]), _became(one))
    return table


def _became(one: Outcome) -> str:
    return RENAMED if one.reason == RENAMED else one.outcome


def _cells(article: Article, store: Store) -> tuple[str, str, str, str]:
    """Title or first words, publisher, date with where it was read and any that disagree, number of passages."""
    found = article.published
    day = f"{found.day} {found.provenance}" if found.day else "undated"
    others = "".join(f"\nnot {other.split()[0]}" for other in found.others)
    return headline(article), article.publisher, day + others, str(len(store.ledger.passages(article)))


def _plain(text: str) -> str:
    """Text of an article or a file name, harmless on a terminal."""
    return escape("".join(c if c.isprintable() or c == "\n" else "?" for c in text))


if __name__ == "__main__":
    sys.exit(main())
