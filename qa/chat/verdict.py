"""What users say of answers, kept in the store's folder as questions that `python -m eval --questions` can read."""

import json
import secrets
import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qa.answer import Answer, Citation
from qa.chat.talk import Turn

CANDIDATES = "candidates.toml"
NOTE = "No passage shown holds these words, so the question is kept as a comment for someone to finish."
_writing = threading.Lock()


def right(turn: Turn, history: Sequence[str], as_of: date) -> str:
    """A question block: what the answer said, from where it said it, is right."""
    assert turn.answer is not None
    answer = turn.answer
    if answer.refused:
        return block(turn.question, history, as_of, ["refuse = true"])
    words = [answer.short] if answer.short else [one.text for one in answer.sentences]
    expected = [f"accept = {_list(words)}"] if answer.short else [f"all = {_list(words)}", "at_least = 1"]
    return block(turn.question, history, as_of, [*expected, *_gold(answer.citations)])


def wrong(turn: Turn, history: Sequence[str], as_of: date, better: str, silent: bool) -> tuple[str, bool]:
    """A question block with what is right instead, and whether it is a whole one.

    `silent`: the articles do not say. Otherwise `better` must stand in a passage that was shown; where it does not,
    the block is a comment.
    """
    assert turn.answer is not None
    better = " ".join(better.split())
    if silent:
        return block(turn.question, history, as_of, ["refuse = true"]), True
    found = [
        one for one in _shown(turn.answer) if better and better.casefold() in " ".join(one.quote.split()).casefold()
    ]
    if found:
        return block(turn.question, history, as_of, [f"accept = {_list([better])}", *_gold(found)]), True
    told = block(turn.question, history, as_of, [f"accept = {_list([better])}"] if better else [])
    said = f"# The answer was {quoted(turn.answer.answer)}, which a user called wrong.\n"
    return said + "".join(f"# {line}\n" for line in told.splitlines()), False


def block(question: str, history: Sequence[str], as_of: date, expected: Sequence[str]) -> str:
    """One question of a set, as TOML."""
    lines = ["[[question]]", f"id = {quoted('chat-' + secrets.token_hex(4))}", 'kind = "chat"']
    lines += [f"question = {quoted(question)}", *([f"history = {_list(history)}"] if history else [])]
    return "\n".join([*lines, f"as_of = {as_of}", *expected]) + "\n"


def save(folder: Path, words: str) -> Path:
    """Add a block to the store's candidates; the file."""
    path = folder / CANDIDATES
    with _writing, path.open("a", encoding="utf-8", errors="replace") as file:
        file.write(f"{words}\n")
    return path


def quoted(words: str) -> str:
    """A TOML string. JSON's escapes are TOML's, but for the delete character; a lone surrogate becomes "?"."""
    clean = words.encode("utf-8", "replace").decode()
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(words: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, words))}]"


def _shown(answer: Answer) -> Sequence[Citation]:
    return (*answer.citations, *answer.nearest)


def _gold(cited: Sequence[Citation]) -> list[str]:
    """A line for each source, with its words."""
    words: dict[str, list[str]] = {}
    for one in cited:
        words.setdefault(one.source, []).append(one.quote)
    return [f"gold.{quoted(source)} = {_list(quotes)}" for source, quotes in words.items()]
