"""The raw text without what is not the article: boilerplate, credits, stamps, repeated paragraphs.

Whole lines go, or the beginning or end of one; no character inside a kept sentence is changed, so a quote of the clean text
also stands in the file (after encoding repair).
"""

import re
import unicodedata
from dataclasses import dataclass

from ingest.dates import without_stamp

REPEATED = 8  # words; a line this long that occurs again is a repeated paragraph, shorter ones may be speech
TITLE_WORDS = (3, 25)  # a title has this many


@dataclass(frozen=True, slots=True)
class Clean:
    """An article's text, and what its own first lines say about it."""

    text: str
    title: str = ""
    publisher: str = ""


# Lines that are never part of a story, whole. Each was seen in a real article.
BOILERPLATE = re.compile(
    r"""^\W*(?:
    (?:you\ can\ )?share\ (?:this|the)\b.{0,60}
    | share | tweet | print | email | comments? | advertisement | sponsored | copy\ link | save
    | source\ links? | source\W*$ | read\ (?:more|also|next)\b.{0,150}
    | (?:related|recommended|more|popular|latest)\ (?:articles?|stories|posts?|news|topics?|content)
    | leave\ a\ (?:reply|comment)\b.* | (?:post|write|add)\ a\ comment | cancel\ reply | no\ comments?\ yet
    | your\ email\ address\ will\ not\ be\ published.* | required\ fields\ are\ marked.*
    | back\ to\ top(?:\ button)? | (?:go|return)\ to\ (?:top|homepage)
    | (?:sign|log)\ (?:up|in)\b.{0,120} | subscribe\b.{0,160}
    | follow\ us\b.{0,100} | (?:click|tap)\ here\b.{0,100}
    | all\ rights\ reserved.* | (?:©|\(c\)|copyright)\ .{0,120}
    | (?:published|updated|posted|last\ updated|modified)\b.{0,20}\bago\b.{0,60}
    | (?:story\ continues|article\ continues|continue\ reading)\b.{0,60}
    )\W*$""",
    re.I | re.X,
)
SCRIPT = re.compile(r"""[\w-]+\s*=\s*["'”“]?\s*https?://|</?[a-z][^>]*>|\bfunction\s*\(|\{\{|\bvar\s+\w+\s*=|["”]\s*/?>\s*$""", re.I)
CREDIT = re.compile(
    r"""(?<=[.!?…"”])\s+(?:
    \((?i:file(?:\ (?:photo|image|pic))?|representational(?:\ image)?|photo|image)\b[^()]{0,60}\)
    | (?i:photo|image|picture|credit|photograph)\w*\s?(?:credit|by)?\s?:?\s[^.]{2,80}
    | [A-Z][\w.'’-]+(?:\ [A-Z][\w.'’-]+){0,4}\s?/\s?[A-Z][\w.'’ /-]{1,50}
    )\s*$""",
    re.X,
)
SOURCE = re.compile(r"^(?:From|Source\s?:|Via)\s+(?P<name>[A-Z][\w.&'’ -]{1,40}?)(?:\s+(?:with|and)\s+(?:AFP|AP|Reuters|agencies)\b.*)?$")
DATELINE = re.compile(r"^\((?P<name>[A-Z][A-Z.& ]{1,15})\)\s*(?:[-–—]\s*)?(?=\S)")
AGENCY = re.compile(r"^(?:[A-Z][\w ,.’'-]{1,40}\s)?\((?P<name>Reuters|AP|AFP|CNN|Xinhua|dpa|UPI|ANI|PTI|IANS)\)\s*[-–—]")
BARRED = re.compile(r"^(?P<title>.{10,})\s+(?:—|\|)\s+(?P<site>[A-Z][\w.&'’-]*(?:\s[\w.&'’-]+){0,4})$")
DASHED = re.compile(
    r"^(?P<title>.{10,})\s+[-–]\s+(?P<site>(?:[A-Z][\w.&'’-]*\s){0,3}"
    r"(?:\S*(?:News|Times|Post|Herald|Guardian|Tribune|Journal|Telegraph|Today|Online|Press|\.com|\.org|\.net)|BBC|CNN|AP|Reuters|CBC|NPR)\S*)$"
)


def clean(raw: str, title: str = "") -> Clean:
    """The article in a raw text. `title` is what the file's own fields call it, if they do."""
    lines = repair(raw).split("\n")
    publisher = ""
    kept: list[str] = []
    seen: set[str] = set()
    title, site = without_site(title)
    own = title
    for line in lines:
        bare = without_stamp(line.strip())
        if bare != line.strip() and not bare:
            line = ""
        source = SOURCE.match(bare) if len(kept) == 0 else None
        if source:
            publisher = publisher or source["name"].strip()
        if not bare or source or is_boilerplate(bare) or _norm(bare) == _norm(own):
            kept += [""] if kept else []
            continue
        if not title and not any(kept) and (found := _title(bare)):
            title, site = found
            continue
        key = _norm(bare)
        if key in seen and len(key.split()) >= REPEATED:
            continue
        seen.add(key)
        dateline = DATELINE.match(bare)
        agency = dateline or AGENCY.match(bare)
        if agency and not publisher:
            publisher = agency["name"].strip()
        bare = bare[dateline.end() :] if dateline else bare
        kept.append(CREDIT.sub("", bare))
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    return Clean(text, title, site or publisher)


def repair(raw: str) -> str:
    """Encoding damage mended, line ends made one kind, control characters gone; quotation marks stay as they are."""
    import ftfy  # 0.1 s

    text = ftfy.fix_text(
        raw,
        unescape_html=False,
        uncurl_quotes=False,
        fix_character_width=False,
        fix_latin_ligatures=False,
        normalization=None,
    )
    return "".join(c for c in text if c == "\n" or c == "\t" or not unicodedata.category(c).startswith("C") or c in "\u200d\u200c")


def is_boilerplate(line: str) -> bool:
    """Is this line no part of any story?"""
    return bool(BOILERPLATE.match(line) or SCRIPT.search(line)) or not any(c.isalnum() for c in line)


def without_site(title: str) -> tuple[str, str]:
    """A page title without the site's name at its end, and that name."""
    found = BARRED.match(title.strip()) or DASHED.match(title.strip())
    return (found["title"].strip(), found["site"].strip()) if found else (title.strip(), "")


def _title(line: str) -> tuple[str, str] | None:
    """A first line that is a title: some words, and no full stop at the end."""
    title, site = without_site(line)
    few, many = TITLE_WORDS
    ended = re.search(r"[.…:;,]\W*$", title) or re.search(r"[.!?]\s+[A-Z]", title)
    return None if ended or not few <= len(title.split()) <= many or CREDIT.search(line) else (title, site)


def _norm(line: str) -> str:
    return " ".join(line.casefold().split())
