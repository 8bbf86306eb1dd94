"""A turn, or a whole conversation, as Markdown that anyone can read and no renderer can be misled by."""

import re
from collections.abc import Sequence
from datetime import date

from qa.answer import Answer, Citation
from qa.chat.html import in_words
from qa.chat.talk import Turn

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#!|~$&])")


def plain(words: str) -> str:
    """Words on one line, each mark of Markdown and HTML escaped."""
    shown = "".join(c if c.isprintable() else " " for c in words)
    return re.sub(r"^([-+=]|\d+[.)])", r"\\\1", SPECIAL.sub(r"\\\1", " ".join(shown.split()))).replace("://", ":\\//")


def answer_markdown(answer: Answer) -> str:
    """The answer with its numbers, and below it every source with the quoted words."""
    shown = [f"**{plain(answer.short)}**"] if answer.short and not answer.refused else []
    shown += [] if answer.refused else [_said(one.text, one.citations, one.supported) for one in answer.sentences]
    if answer.refused or not shown:
        shown = [plain(answer.answer), *filter(None, [plain(answer.missing)])]
    if answer.disagreements:
        rows = [f"| {plain(one.value)} | {plain(one.publisher)} | {plain(one.published or 'undated')} | "
                f"{one.citation} |" for one in answer.disagreements]  # fmt: skip
        shown.append("\n".join(["| Value | Publisher | Date | Source |", "|---|---|---|---|", *rows]))
    listed = "\n".join(_source(one) for one in (() if answer.refused else answer.citations))
    return "\n\n".join([*shown, *([listed] if listed else [])])


def _said(words: str, cited: Sequence[int], supported: bool) -> str:
    marks = "".join(f"[{number}]" for number in cited)
    return f"{plain(words)} {marks}".rstrip() + ("" if supported else " (not supported by the articles)")


def _source(one: Citation) -> str:
    parts = [plain(one.publisher) or "publisher not named", plain(one.published or "") or "undated"]
    title = f"*{plain(one.title)}*, " if one.title else ""
    return f"{one.number}. {title}{', '.join(parts)} ({plain(one.source)}): “{plain(one.quote)}”"


def turn_markdown(turn: Turn) -> str:
    """The question as a heading, and what came of it."""
    parts = [f"## {plain(turn.question)}"]
    if turn.answer:
        if " ".join(turn.answer.standalone.split()) != " ".join(turn.question.split()):
            parts.append(f"Understood as: {plain(turn.answer.standalone)}")
        parts.append(answer_markdown(turn.answer))
    return "\n\n".join([*parts, *([plain(turn.problem)] if turn.problem else [])])


def talk_markdown(turns: Sequence[Turn], today: date) -> str:
    """The whole conversation."""
    return "\n\n".join([f"# Asked on {in_words(today)}", *map(turn_markdown, turns)]) + "\n"
