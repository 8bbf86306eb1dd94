"""A question put in the words of the article that is to answer it, for the reader knows few of the others."""

import re
from functools import lru_cache

from ingest.article import Article, Passage
from qa.repair import distance
from qa.when import MONTHS
from qa.words import years

NAME = 6  # letters from which a name may be spelled in another way
# What news calls one government, which a text may use in turn.
GOVERNMENTS = (
    ("Russia", "Moscow", "Kremlin"),
    ("China", "Beijing"),
    ("France", "Paris", "Élysée"),
    ("North Korea", "Pyongyang"),
    ("South Korea", "Seoul"),
    ("US", "U.S.", "United States", "Washington", "White House"),
    ("Ukraine", "Kyiv", "Kiev"),
    ("EU", "European Union", "Brussels"),
    ("UK", "Britain", "United Kingdom", "London"),
    ("Germany", "Berlin"),
    ("Japan", "Tokyo"),
    ("India", "New Delhi"),
    ("Israel", "Jerusalem"),
    ("Iran", "Tehran"),
    ("Turkey", "Ankara"),
    ("Taiwan", "Taipei"),
)
WITH_THE = (
    "US", "U.S.", "United States", "White House", "Kremlin", "Élysée", "EU", "European Union", "UK", "United Kingdom"
)  # fmt: skip
SAME_AS = {name: group for group in GOVERNMENTS for name in group}
# "on March 25", "in early June 2023"; not "before May", which an answer must keep to.
MONTH = re.compile(
    r",?\s*\b(?:(?:in|on|of|during) +)?(?:(?:early|mid|late)[ -]|(?:the )?\d{1,2}(?:st|nd|rd|th)? (?:of )?)?"
    rf"\b(?P<month>{'|'.join(name.title() for name in MONTHS)})\b"
    r"(?: \d{1,2}(?:st|nd|rd|th)?\b)?(?:,? (?P<year>\d{4})\b)?"
)
BOUNDS = re.compile(r"\b(?:before|after|since|until|by|from|between|and|to|or|Theresa)$")
AUXILIARIES = "did|does|do|has|have|had|will|would|is|was|are|were|can|could|should"
ACTING = re.compile(rf"(?P<aux>\b(?i:{AUXILIARIES}) )(?:the )?(?P<name>{'|'.join(map(re.escape, SAME_AS))})(?= [a-z])")
# Ways to ask what somebody said: the plain one is the one the reader knows best.
TELLING = re.compile(
    r"(?P<start>\bwhat\b.*?\b(?P<aux>did|does|do|has|have|had)\b(?: [\w'’-]+){1,6}? )(?<!\bthe )(?<!\ba )(?<!['’]s )"
    r"(?:disclose|reveal|announce|report|declare|state|mention|communicate|note|remark|divulge)(?P<past>d|ed)?"
    r"(?=\s*(?:[?,.]|$)| (?:about|after|as|at|before|concerning|during|in|last|of|on|regarding|that|this|to|when"
    r"|yesterday)\b)",
    re.IGNORECASE,
)


def reworded(question: str, passage: Passage) -> str:
    """The question as the passage's article would put it.

    Names are spelled as there; a government that acts goes by the name the passage uses most; a year or a month that
    only the article's date tells is left out; whoever discloses, reveals or declares something says it.
    """
    article = passage.article
    wording = _respelled(_plain(question), article.text)
    if article.published.day and str(article.published.day.year) not in article.text:
        wording = without_year(wording, article.published.day.year)
    wording = _without_month(wording, article)
    return ACTING.sub(lambda match: _acting(match, passage.text), wording)


def without_year(question: str, year: int) -> str:
    """The question without "in 2023"."""
    if year not in years(question):
        return question
    short = re.sub(rf"(?:,?\s*\b(?:in|of|during|since|before|after)\s+|,?\s*\b){year}\b(?!-)", "", question)
    return " ".join(short.split()).replace(" ?", "?")


def _without_month(question: str, article: Article) -> str:
    """The question without "on March 25", where the article is of those days and says "on Tuesday"."""
    day = article.published.day

    def told(match: re.Match[str]) -> str:
        away = (MONTHS[match["month"].lower()] - day.month) % 12 if day else 6
        other = match["year"] and day and int(match["year"]) != day.year
        named = re.search(rf"\b{match['month'][:3]}(?:\b|[a-z])", article.text)
        keep = away not in (0, 1, 11) or other or named or BOUNDS.search(question[: match.start()].rstrip())
        return match.group() if keep else ""

    short = MONTH.sub(told, question) if day else question
    return " ".join(short.split()).replace(" ?", "?")


@lru_cache(maxsize=16)  # asked for once per passage
def _plain(question: str) -> str:
    """The question with "say" for whatever else means no more."""
    return TELLING.sub(_saying, question)


def _saying(match: re.Match[str]) -> str:
    perfect = match["past"] and match["aux"].lower() in ("has", "have", "had")
    return match["start"] + ("said" if perfect else "say")


def _acting(match: re.Match[str], text: str) -> str:
    """The government by the name that a text uses most; as it stands where none is used more."""
    name = match["name"]
    counts = {other: len(re.findall(rf"(?<!\w){re.escape(other)}(?!\w)", text)) for other in SAME_AS[name]}
    usual = max(counts, key=lambda other: (counts[other], other == name))
    the = "the " if usual in WITH_THE else ""
    return match.group() if usual == name else f"{match['aux']}{the}{usual}"


def _respelled(question: str, text: str) -> str:
    """Long names as the text spells them, where they differ by one letter: "Zelenskyy"."""
    held = _capitals(text)

    def name(match: re.Match[str]) -> str:
        word = match.group()
        if not word[0].isupper() or len(word) < NAME or word in held:
            return word
        near = (other for other in held if other[:4] == word[:4] and distance(word, other, 1) == 1)
        return next((other for other in near if not _inflected(word, other)), word)

    return re.sub(r"[^\W\d_]+", name, question)


@lru_cache(maxsize=256)
def _capitals(text: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(word for word in re.findall(r"[^\W\d_]+", text) if word[0].isupper() and len(word) >= NAME)
    )


def _inflected(one: str, other: str) -> bool:
    """Whether one is the other with an ending that makes another word of it: "Russia" and "Russian"."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and long[len(short) :] in ("n", "s", "e", "d")
