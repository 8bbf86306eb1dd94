"""The raw text without what is not the article: boilerplate, credits, stamps, repeated paragraphs.

Whole paragraphs go, or the beginning or end of one; no character inside a kept sentence is changed, so a quote of the
clean text also stands in the file (after encoding repair). Captions stay, for they state facts; their credits go.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ingest.boilerplate import AGENCIES, JOBS, LONGEST, NAMES, OUTLETS, is_boilerplate
from ingest.dates import dated_name, without_stamp
from ingest.paragraphs import Offsets, paragraphs

REPEATED = 8  # words; a paragraph this long that occurs again is a repeat, a shorter one may be speech
WIDGET = 120  # words; a longer paragraph is no boilerplate, however often it occurs
CREDITED = 300  # characters at the end of a paragraph that may be a photo's credit
FOOT = 4  # paragraphs at the end, among which the author is described
LISTED = 15  # paragraphs; no list of links at the end is longer
TITLE = (3, 25)  # words; a first line outside these is no title

CREDIT = re.compile(
    r"""(?<=[.!?…"”])\s+(?:
    \((?i:file(?:\ (?:photo|image|pic))?|representational(?:\ image)?|photo|image)\b[^()]{0,60}\)
    | (?i:photo|image|picture|credit|photograph)\w*\s?(?:credit|by)?\s?:\s?[^.]{2,80}
    | [A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]+){0,4}\s?/\s?[A-Z][\w.'’/-]{1,20}(?:\ [A-Z][\w.'’/-]{1,20}){0,3}
    )\s*$""",
    re.X,
)
SOURCE = re.compile(
    rf"(?:From|Source ?:|Via) (?P<name>[A-Z][\w.&'’ -]{{1,40}}?)(?: (?:with|and) (?:{AGENCIES})\b.{{0,40}})?"
)
BYLINE = re.compile(r"(?:By|BY|Written by|Reported by) (?P<names>[A-Z][\w.'’-]+(?:,? (?:and |& )?[A-Z][\w.'’-]+){1,7})")
NAMED = re.compile(rf"{NAMES}(?:, (?:{AGENCIES}|[A-Z][\w'’ -]{{2,30}}))?")  # a byline without "By"
OUTLET = re.compile(r"(?:[A-Z\d][\w.&'’-]*(?: (?:[a-z]{2,3} )?|$)){1,6}")  # who it was written for, under a byline
SIGNED = re.compile(
    rf"[-–—−]+ ?{NAMES}(?:[,/] ?[\w .'’&:/-]{{2,60}}(?<!\.))?"
)  # a signature: "– Jane Roe, The Daily News"
BIOGRAPHY = re.compile(
    rf"(?:{NAMES})(?:, .{{0,80}},)? (?:is|are|was|covers|writes) .{{0,200}}\b(?i:{JOBS})s?\b.{{0,200}}"
)
LINKS = re.compile(
    r"(?:more (?:in|from|on|about|like)\b|(?:more|related|recommended|trending)\b[^.!?:]{0,40}"
    r"\b(?:news|stories|coverage|headlines|reading|events|articles|posts)\b)[^.!?]{0,40}",
    re.I,
)
WORKS = re.compile(
    r"\bis an? .{0,60}\b(?:reporter|columnist|correspondent|editor|contributor|writer|journalist)\b.{0,40}"
    r" (?:for|at|with|on) "
)
ENDED = re.compile(r"[.!…,;][\"'”’»)\]]*$")
BRACKETED = re.compile(r"\((?P<name>[A-Z][A-Z.& ]{1,15})\)\s*(?:[-–—]\s*)?(?=\S)")
DATELINE = re.compile(rf"(?:[A-Z][\w ,.’'/-]{{1,60}})?\((?P<name>{AGENCIES})\)\s*[-–—]")
BARRED = re.compile(r"(?P<title>.{10,}?)\s+[—|]\s+(?P<site>[A-Z][\w.&'’…-]*(?:\s[\w.&'’…-]+){0,4})")
DASHED = re.compile(rf"(?P<title>.{{10,}})\s+[-–]\s+(?P<site>{OUTLETS}\S{{0,4}})")
UNPRINTABLE = re.compile(  # control and format characters and lone surrogates; tab, line break and joiners stay
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
QUOTES = ('"', "“", "”", "‘", "’", "'", "«", "„")

SECTIONS = {"opinion", "letters", "analysis", "editorial", "commentary", "review", "exclusive", "live", "video"}


@dataclass(frozen=True, slots=True)
class Clean:
    """An article's text, and what its own first lines say about it."""

    text: str
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """What has been learnt so far, top to bottom."""

    title: str
    publisher: str
    authors: tuple[str, ...] = ()
    started: bool = False  # a paragraph of the story has been seen
    signed: bool = False  # the line before was a byline
    last: str = ""  # the last paragraph kept


def clean(raw: str, title: str = "") -> Clean:
    """The article in a raw text. `title` is what the file's own fields call it, if they do."""
    text = repair(raw)
    draft = _Draft(*without_site(title))
    kept: list[str] = []
    seen: set[str] = set()
    before = 0  # where the last kept paragraph ended
    spans = _story(text)
    for place, (begin, end) in enumerate(spans):
        piece = _kept(text[begin:end], draft, foot=len(spans) - place <= FOOT)
        key = _flat(piece).casefold()
        if not piece or (key in seen and len(key.split()) >= REPEATED):
            continue
        seen.add(key)
        draft.started, draft.last = True, piece
        gap = text[before:begin]
        kept += ["\n" if gap.count("\n") == 1 and not gap.strip() else "\n\n", piece]
        before = end
    if not kept and not title:  # a single line is the story, not its title
        return Clean(draft.title, "", draft.publisher, draft.authors)
    return Clean("".join(kept[1:]), draft.title, draft.publisher, draft.authors)


def lines_of(text: str) -> list[str]:
    """The paragraphs of a clean text that may turn out to be their publisher's boilerplate, normalised, each once.

    Speech is none of them. A line is boilerplate when many stories of one publisher hold it; versions of one story
    are to be counted once.
    """
    found = (_flat(text[begin:end]) for begin, end in paragraphs(text))
    return list(dict.fromkeys(line.casefold() for line in found if _repeatable(line)))


def without_lines(text: str, repeated: Collection[str]) -> str:
    """The clean text without the paragraphs named in `repeated`, which are as `lines_of` gives them."""
    kept: list[str] = []
    before = 0  # where the last paragraph ended
    for begin, end in paragraphs(text):
        line = _flat(text[begin:end])
        if not (_repeatable(line) and line.casefold() in repeated):
            kept += [text[before:begin], text[begin:end]]
        before = end
    return "".join(kept[1:])


def _repeatable(line: str) -> bool:
    return len(line.split()) <= WIDGET and not line.startswith(QUOTES)


def _kept(paragraph: str, draft: _Draft, foot: bool) -> str:
    """What stays of a paragraph, "" for nothing; the draft learns from what goes. `foot`: one of the last few."""
    piece = without_stamp(paragraph)
    flat = _flat(piece)
    if not piece or is_boilerplate(flat) or flat.casefold() == draft.title.casefold():
        return ""
    if len(flat) <= LONGEST and _about_the_text(flat, draft, foot):
        return ""
    named = BRACKETED.match(piece) or DATELINE.match(piece)
    if named and not draft.publisher:
        draft.publisher = named["name"].strip()
    bracketed = BRACKETED.match(piece)
    return _uncredited(piece[bracketed.end() :] if bracketed else piece)


def _about_the_text(line: str, draft: _Draft, foot: bool) -> bool:
    """Is this line who wrote it, for whom, or its title?"""
    if not draft.started and _learn(line, draft):
        return True
    if (
        SIGNED.fullmatch(line) and draft.started and not draft.last.endswith(QUOTES)
    ):  # else it says whose words they are
        return True
    described = foot and bool(BIOGRAPHY.fullmatch(line))
    return described and (any(map(line.startswith, draft.authors)) or bool(WORKS.search(line)))


def _uncredited(piece: str) -> str:
    return piece[:-CREDITED] + CREDIT.sub("", piece[-CREDITED:])


def _story(text: str) -> list[Offsets]:
    """The paragraphs, without a list of links to other stories at the end."""
    spans = paragraphs(text)
    for at in range(len(spans) - 1, max(len(spans) - LISTED, 0), -1):
        line = _flat(text[slice(*spans[at])])
        if LINKS.fullmatch(line):
            return spans[:at]
        if ENDED.search(line) and not is_boilerplate(line):
            break
    return spans


def _learn(line: str, draft: _Draft) -> bool:
    """Is this line above the story a source, a byline or the title? Then the draft takes it up."""
    source, byline, dated = SOURCE.fullmatch(line), BYLINE.fullmatch(line), dated_name(line)
    if dated and dated.author:
        draft.authors = draft.authors or (dated.name,)
    elif dated:
        draft.publisher = draft.publisher or (dated.name if dated.publisher else "")
    elif source:
        draft.publisher = draft.publisher or source["name"].strip()
    elif byline:
        draft.authors = _names(byline["names"])
    elif not draft.title and _titular(line):
        title, site = without_site(line)
        draft.title, draft.publisher = title, site or draft.publisher
    elif draft.title and NAMED.fullmatch(line) and not line.endswith("."):
        draft.authors = draft.authors or _names(line.split(", ")[0] if "," in line else line)
        draft.signed = True
        return True
    elif not (draft.signed and OUTLET.fullmatch(line)):
        return False
    draft.signed = False
    return True


def _names(line: str) -> tuple[str, ...]:
    return tuple(filter(None, re.split(r",? and |,? & |, ", line)))


def repair(raw: str) -> str:
    """Encoding damage mended, line ends made one kind, control characters gone; quotation marks stay as they are."""
    import ftfy  # 0.1 s: only where texts are cleaned

    whole = raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins surrogate pairs
    mended = ftfy.fix_text(
        re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", whole),
        unescape_html=False,
        uncurl_quotes=False,
        fix_character_width=False,
        fix_latin_ligatures=False,
        normalization=None,
    )
    return UNPRINTABLE.sub("", mended)


def without_site(title: str) -> tuple[str, str]:
    """A page title without the site's name at its end, and that name."""
    title = _flat(title)
    found = BARRED.fullmatch(title) or DASHED.fullmatch(title)
    if not found:
        return title, ""
    site = found["site"]
    return found["title"], "" if site.endswith(("..", "…")) or site.casefold() in SECTIONS else site


def _titular(line: str) -> bool:
    """Some words without a full stop, inside or at the end, and no credit."""
    title, _ = without_site(line)
    few, many = TITLE
    ended = re.search(r"[.…:;,][\"'”’)]*$|[.!?][\"'”’)]*\s+[A-Z]", title)
    return few <= len(title.split()) <= many and not ended and not CREDIT.search(line)


def _flat(text: str) -> str:
    return " ".join(text.split())
