"""`python -m qa "QUESTION"`: parses, asks, prints."""

import argparse
import json
import os
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from ingest.errors import Parser, UserError
from ingest.store import DEFAULT_STORE
from qa.answer import Answer, Citation
from qa.ask import Asker, open_asker
from qa.limits import named, publishers_of

OLDEST = 1600  # the first newspapers; an earlier date is a slip
EXAMPLES = """examples:
  python -m qa "Who called on China to restrain North Korea?"
  python -m qa "What has Macron said about China?" --since 2024-01-01
  python -m qa --batch questions.jsonl > answers.jsonl
each line of a batch: {"id": "1", "question": "When was that?", "history": ["Who did Macron phone?"]}"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 0, or 2 for wrong use or bad input."""
    try:
        options = _parser().parse_args(arguments)
        if (options.question is None) == (options.batch is None):
            raise UserError('Ask one question, python -m qa "Who ...?", or name a file with --batch.')
        if options.model_url and options.model == "reader":
            raise UserError("--model-url goes with a chat model: add --model openai:NAME.")
        return _batch(options) if options.batch else _one(options)
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away: python -m qa ... | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m qa",
        description="Ask the ingested articles; every sentence of the answer is cut from an article and cited.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("question", nargs="?", help="the question, in quotation marks")
    parser.add_argument(
        "--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help="the store (default: %(default)s)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.add_argument("--batch", type=Path, metavar="FILE", help="answer a JSON line each; - reads standard input")
    parser.add_argument(
        "--model", default="reader", metavar="NAME",
        help="reader (default: bundled, offline), ollama:NAME, huggingface:NAME_OR_FOLDER or openai:NAME",
    )  # fmt: skip
    parser.add_argument("--model-url", metavar="URL", help="an OpenAI-compatible server, as http://localhost:8080/v1")
    parser.add_argument(
        "--as-of", type=_day, metavar="DATE", help="the day that 'last June' is counted from (default: today)"
    )
    parser.add_argument("--since", type=_day, metavar="DATE", help="only articles published on or after this day")
    parser.add_argument("--until", type=_day, metavar="DATE", help="only articles published on or before this day")
    parser.add_argument(
        "--publisher",
        action="append",
        default=[],
        metavar="NAME",
        help="only articles of this publisher; may be given again",
    )
    return parser


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year < OLDEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date: write it as 2024-01-31")
    return day


def _one(options: argparse.Namespace) -> int:
    asker = open_asker(options.store, options.model, options.model_url)
    answer = asker.ask(options.question, as_of=options.as_of, **_bounds(asker, options))
    print(json.dumps(answer.to_json(), ensure_ascii=False) if options.json else _shown(answer))
    return 0


def _batch(options: argparse.Namespace) -> int:
    rows = list(_rows(options.batch))
    asker = open_asker(options.store, options.model, options.model_url)
    bounds = _bounds(asker, options)
    for number, row in enumerate(rows, start=1):
        as_of = _day(row["as_of"]) if "as_of" in row else options.as_of
        answer = asker.ask(row["question"], row.get("history", ()), as_of=as_of, **bounds)
        print(json.dumps({**answer.to_json(), "id": row["id"]}, ensure_ascii=False), flush=True)
        if sys.stderr.isatty():
            print(f"\r{number} of {len(rows)}", end="" if number < len(rows) else "\n", file=sys.stderr)
    return 0


def _bounds(asker: Asker, options: argparse.Namespace) -> dict[str, Any]:
    """The hard bounds, as the asker takes them; UserError for a publisher that the store does not hold."""
    publishers = named(publishers_of(asker.store), options.publisher) if options.publisher else ()
    return {"since": options.since, "until": options.until, "publishers": publishers}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The batch's lines, all checked before the first is answered; UserError names every bad one."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}."
        ) from error
    rows, bad = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            row = _row(line)
            rows += [row] if row else []
            bad += [] if row else [str(number)]
    if bad:
        raise UserError(
            f'{path}, line {", ".join(bad[:20])}: each line must be {{"id": .., "question": "..", "history": [".."]}}.'
        )
    if not rows:
        raise UserError(f"{path} holds no questions.")
    return iter(rows)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    history = row.get("history", []) if isinstance(row, dict) else None
    good = (
        isinstance(row, dict)
        and isinstance(row.get("question"), str)
        and any(c.isalnum() for c in row["question"])
        and "id" in row
        and isinstance(history, list)
        and all(isinstance(one, str) and any(c.isalnum() for c in one) for one in history)
        and _is_day(row.get("as_of"))
    )
    return row if good else None


def _is_day(value: object) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and date.fromisoformat(value).year >= OLDEST
    except ValueError:
        return False


def _shown(answer: Answer) -> str:
    lines = []
    if answer.standalone != answer.question:
        lines.append(f"Understood as: {answer.standalone}")
    if answer.window:
        lines.append(f"Time asked about: {answer.window}")
    lines += [*answer.answer.split("\n"), *filter(None, [answer.missing]), ""]
    if answer.refused:
        lines += ["Nearest passages:"] if answer.nearest else []
        lines += [_source(one) for one in answer.nearest]
    else:
        lines += [_source(one) for one in answer.citations]
    if answer.note:
        lines += ["", answer.note]
    return _plain("\n".join(lines).rstrip())


def _source(cited: Citation) -> str:
    dated = cited.published or "undated"
    known = f" (from the {cited.provenance})" if cited.published and cited.provenance == "text" else ""
    publisher = cited.publisher or "publisher not named"
    head = f"[{cited.number}] {publisher}, {dated}{known}, {cited.source}: {cited.title}".rstrip(": ")
    quote = textwrap.shorten(" ".join(cited.quote.split()), 240, placeholder=" …")
    return f"{head}\n    “{quote}”"


def _plain(text: str) -> str:
    """Text without control characters: article text must not drive the terminal."""
    return "".join(c if c == "\n" or c.isprintable() else " " for c in text)


if __name__ == "__main__":
    sys.exit(main())
