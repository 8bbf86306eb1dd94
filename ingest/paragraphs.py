"""Where paragraphs lie in a text: shared by cleaning and splitting."""

import re

Offsets = tuple[int, int]

HEADING = 8  # words; a paragraph this short without final punctuation is a heading, not a sentence
WRAPPED = range(45, 101)  # characters; the widths at which texts are wrapped
LINES = 4  # fewer lines inside paragraphs say nothing about how a text was wrapped

_LINE = re.compile(r"\n\s*")  # space before the break is trimmed later: looking for it takes quadratic time
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_ENDED = re.compile(r"[.!?…:;,][\"'”’»)\]*]*$|[”\"»]$")
_STOPPED = re.compile(r"[.!?…][\"'”’»)\]*]*$")


def paragraphs(text: str) -> list[Offsets]:
    """Paragraphs without the space around them. A line is one, unless the text was wrapped at a fixed width."""
    found, begin = [], 0
    for gap_start, gap_end in [*_gaps(text), (len(text), len(text))]:
        if text[begin:gap_start].strip():
            found.append(trimmed(text, begin, gap_start))
        begin = gap_end
    return found


def trimmed(text: str, begin: int, end: int) -> Offsets:
    """The span without white space at its ends."""
    piece = text[begin:end]
    return begin + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def is_heading(paragraph: str) -> bool:
    """A short line that ends without punctuation."""
    return len(paragraph.split()) <= HEADING and not _ENDED.search(paragraph)


def _gaps(text: str) -> list[Offsets]:
    lines = [gap.span() for gap in _LINE.finditer(text)]
    width = _width(text)
    if not width:
        return lines
    return [span for span in lines if text.count("\n", *span) > 1 or _closes(text, span[0], width)]


def _width(text: str) -> int:
    """The width at which the text was wrapped; 0 when each line is a paragraph."""
    blocks = [[line.strip() for line in block.split("\n")] for block in _BLANK.split(text.strip())]
    widest = max(len(line) for block in blocks for line in block)
    inner = [line for block in blocks for line in block[:-1]]
    unended = sum(1 for line in inner if not _ENDED.search(line))
    full = sum(1 for line in inner if len(line) >= 0.7 * widest)
    return widest if widest in WRAPPED and len(inner) >= LINES and min(unended, full) >= 0.6 * len(inner) else 0


def _closes(text: str, end: int, width: int) -> bool:
    """Does the line that ends here close a paragraph: a full stop, well before the width?"""
    line = text[text.rfind("\n", 0, end) + 1 : end].strip()
    return len(line) < 0.75 * width and bool(_STOPPED.search(line))
