"""The raw text without what is not the article: boilerplate, credits, stamps, repeated paragraphs.

Whole paragraphs go, or the beginning or end of one; no character inside a kept sentence is changed, so a quote of the
clean text also stands in the file (after encoding repair). Captions stay, for they state facts; their credits go.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ingest.dates import without_stamp
from ingest.paragraphs import paragraphs

REPEATED = 8  # words; a paragraph this long that occurs again is a repeat, a shorter one may be speech
WIDGET = 120  # words; a longer paragraph is no boilerplate, however often it occurs
TITLE = (3, 25)  # words; a first line outside these is no title

# Paragraphs that are never part of a story, whole. Each kind was seen in a real article.
BOILERPLATE = re.compile(
    r"""\W*(?:
    (?:you\ can\ )?share\ this\b.{0,60} | share\ (?:the\ )?(?:article|story|post|news)\b.{0,40}
    | share | tweet | print | e-?mail | comments? | advertise?ments? | sponsored | copy\ link | save | menu | search
    | source\ links? | source | read\ (?:more|also|next|full\ story)\b(?:\ ?:.{0,150}|.{0,30})
    | (?:related|recommended|more|popular|latest|trending)\ (?:articles?|stories|posts?|news|topics?|content|coverage)
    | (?:you\ (?:may|might)\ also\ like|more\ from\b.{0,40}|also\ read\ ?:.{0,150}|see\ also\ ?:.{0,150})
    | leave\ a\ (?:reply|comment)\b.{0,60} | (?:post|write|add)\ a\ comment | cancel\ reply | no\ comments?\ yet
    | your\ email\ address\ will\ not\ be\ published.{0,80} | required\ fields\ are\ marked.{0,20}
    | (?:back|go|return|skip)\ to\ (?:the\ )?(?:top|homepage|main\ content|content)(?:\ button)?
    | (?:sign|log)\ (?:up|in)\b.{0,120} | subscribe\b.{0,160} | follow\ us\b.{0,100} | click\ here\b.{0,100}
    | all\ rights\ reserved.{0,80} | (?:©|\(c\)|copyright)\ .{0,120}
    | (?:published|updated|posted|last\ updated|modified)\b.{0,20}\bago\b.{0,60}
    | (?:(?:the\ )?story\ continues|article\ continues|continue\ reading)\b.{0,60}
    | (?:photo|image|picture)\ ?(?:credit|by|:).{0,80}
    | [^.!?]{0,60}(?:getty\ images|/\ ?(?:afp|reuters|epa)|(?:afp|reuters|ap)\ photo)
    )\W*""",
    re.I | re.X | re.S,
)
SCRIPT = re.compile(
    r"""[\w-]+=\s*["'”“]?\s*https?:// | </?[a-z][^>]*> | \bfunction\s*\( | \{\{ | \bvar\s+\w+\s*= | ["”]\s*/?>\s*$""",
    re.I | re.X,
)
CREDIT = re.compile(
    r"""(?<=[.!?…"”])\s+(?:
    \((?i:file(?:\ (?:photo|image|pic))?|representational(?:\ image)?|photo|image)\b[^()]{0,60}\)
    | (?i:photo|image|picture|credit|photograph)\w*\s?(?:credit|by)?\s?:\s?[^.]{2,80}
    | [A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]+){0,4}\s?/\s?[A-Z][\w.'’/-]{1,20}(?:\ [A-Z][\w.'’/-]{1,20}){0,3}
    )\s*$""",
    re.X,
)
_AGENCIES = r"AFP|AP|Reuters|agencies|CNN|Xinhua|dpa|UPI|ANI|PTI|IANS|TASS|MENAFN"
SOURCE = re.compile(
    rf"(?:From|Source ?:|Via) (?P<name>[A-Z][\w.&'’ -]{{1,40}}?)(?: (?:with|and) (?:{_AGENCIES})\b.{{0,40}})?"
)
BYLINE = re.compile(r"(?:By|BY|Written by|Reported by) (?P<names>[A-Z][\w.'’-]+(?:,? (?:and |& )?[A-Z][\w.'’-]+){1,7})")
BRACKETED = re.compile(r"\((?P<name>[A-Z][A-Z.& ]{1,15})\)\s*(?:[-–—]\s*)?(?=\S)")
DATELINE = re.compile(rf"(?:[A-Z][\w ,.’'/-]{{1,60}})?\((?P<name>{_AGENCIES})\)\s*[-–—]")
BARRED = re.compile(r"(?P<title>.{10,}?)\s+[—|]\s+(?P<site>[A-Z][\w.&'’…-]*(?:\s[\w.&'’…-]+){0,4})")
DASHED = re.compile(
    r"(?P<title>.{10,})\s+[-–]\s+(?P<site>(?:[A-Z][\w.&'’-]*\s){0,3}(?:\S*(?:News|Times|Post|Herald|Guardian|Tribune|"
    r"Journal|Telegraph|Today|Online|Press|\.com|\.org|\.net)|BBC|CNN|AP|AFP|Reuters|CBC|NPR|DW|RT)\S{0,4})"
)
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


def clean(raw: str, title: str = "") -> Clean:
    """The article in a raw text. `title` is what the file's own fields call it, if they do."""
    text = repair(raw)
    draft = _Draft(*without_site(title))
    kept: list[str] = []
    seen: set[str] = set()
    before = 0  # where the last kept paragraph ended
    for begin, end in paragraphs(text):
        piece = _kept(text[begin:end], draft)
        key = _flat(piece).casefold()
        if not piece or (key in seen and len(key.split()) >= REPEATED):
            continue
        seen.add(key)
        draft.started = True
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


def _kept(paragraph: str, draft: _Draft) -> str:
    """What stays of a paragraph, "" for nothing; the draft learns from what goes."""
    piece = without_stamp(paragraph)
    flat = _flat(piece)
    if not piece or is_boilerplate(flat) or flat.casefold() == draft.title.casefold():
        return ""
    if not draft.started and _learn(flat, draft):
        return ""
    named = BRACKETED.match(piece) or DATELINE.match(piece)
    if named and not draft.publisher:
        draft.publisher = named["name"].strip()
    bracketed = BRACKETED.match(piece)
    return CREDIT.sub("", piece[bracketed.end() :] if bracketed else piece)


def _learn(line: str, draft: _Draft) -> bool:
    """Is this line above the story a source, a byline or the title? Then the draft takes it up."""
    source, byline = SOURCE.fullmatch(line), BYLINE.fullmatch(line)
    if source:
        draft.publisher = draft.publisher or source["name"].strip()
    elif byline:
        draft.authors = tuple(filter(None, re.split(r",? and |,? & |, ", byline["names"])))
    elif not draft.title and _titular(line):
        title, site = without_site(line)
        draft.title, draft.publisher = title, site or draft.publisher
    else:
        return False
    return True


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


def is_boilerplate(line: str) -> bool:
    """Is this no part of any story?"""
    return bool(BOILERPLATE.fullmatch(line) or SCRIPT.search(line)) or not any(c.isalnum() for c in line)


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
