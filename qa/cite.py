"""Citations in and out of drafts. Pure text: a draft is a chat model's, marks are numbers in square brackets."""

import re
import unicodedata
from dataclasses import dataclass

MARK = re.compile(r"\s*\[(\d+(?:\s*[,;]\s*\d+)*)\]")
BREAK = re.compile(r"(?<=[.!?])(?:\s*\[\d+(?:\s*[,;]\s*\d+)*\])*\s+(?=[\"“‘'(]?[A-Z0-9])|\n+")
ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|No|U\.S|U\.N|vs|Jr|Sr)\.$")


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a draft without its marks, and the passage numbers it cited that exist."""

    text: str
    numbers: tuple[int, ...]


def claims(draft: str, known: int) -> tuple[list[Claim], int]:
    """A draft cut into claims, and how many citations of unknown numbers were stripped; passages are 1 to `known`."""
    found: list[Claim] = []
    stripped = 0
    for piece in _sentences(_plain(draft)):
        cited = [int(number) for mark in MARK.findall(piece) for number in re.findall(r"\d+", mark)]
        good = tuple(dict.fromkeys(number for number in cited if 1 <= number <= known))
        stripped += sum(not 1 <= number <= known for number in cited)
        text = MARK.sub("", piece).strip()
        if text:
            found.append(Claim(text, good))
        elif found and good:
            found[-1] = Claim(found[-1].text, tuple(dict.fromkeys((*found[-1].numbers, *good))))
    return found, stripped


def marked(text: str, numbers: tuple[int, ...]) -> str:
    """A sentence with its citation marks behind it: "It rained. [1][2]"."""
    return text + (" " + "".join(f"[{number}]" for number in numbers) if numbers else "")


def _plain(draft: str) -> str:
    """Without characters that are not seen: they turn the writing round, hide in words or drive a terminal."""
    seen = (c for c in draft if unicodedata.category(c) not in ("Cf", "Co", "Cs"))
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in seen)


def _sentences(draft: str) -> list[str]:
    pieces: list[str] = []
    start = 0
    for match in BREAK.finditer(draft):
        before = draft[start : match.start()]
        if ABBREVIATION.search(before) and "\n" not in match.group():
            continue
        pieces.append(draft[start : match.end()].strip())
        start = match.end()
    pieces.append(draft[start:].strip())
    return [piece for piece in pieces if piece]
