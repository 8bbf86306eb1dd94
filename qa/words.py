"""Words as Byline compares them: folded, stemmed, without stop words; names and numbers. Pure text, one place."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

WORD = re.compile(r"[^\W_]+(?:[.,'’‘-][^\W_]+)*")

PROPER = r"[A-ZÀ-ÖØ-Þ][^\W_]*(?:[.'’-][^\W_]+)*"
PARTICLES = r"(?:(?:von|van|der|den|de|da|del|al|bin|du|la|le)\s+)*"
RUN = re.compile(rf"\b{PARTICLES}{PROPER}(?: {PARTICLES}{PROPER})*")

# Function words, question words and the verbs that open a request: they carry no content of their own.
STOP = frozenset(
    "a about after again against all also an and any are article articles as at be because been before being between "
    "both but by can could describe did do does doing during each else ever explain few find for from further give had "
    "has have having he her here hers him his how i if in into is it its itself just know like list many me mention "
    "mentioned more most much my name no nor not of off on once one only or other our out over please report reported "
    "reports said same say saying says she should show so some state stated still such summarise summarize tell than "
    "that the their theirs them then there these they thing things this those through to too under until up very "
    "was we were what when where whether which while who whom whose why will with would you your according happen "
    "happened happening take took place".split()
)

# One country a line: the ways news names it, its people, and its government by the capital's name; folded.
COUNTRIES = """
us usa america american americans united states washington white house
uk britain british united kingdom london downing street
eu european union brussels europe
china chinese sino prc beijing
russia russian russians russo moscow kremlin
ukraine ukrainian ukrainians kyiv kiev
france french franco paris elysee
north korea north korean north koreans dprk pyongyang
south korea south korean rok seoul
japan japanese tokyo
germany german berlin
india indian delhi
israel israeli jerusalem
iran iranian tehran
turkey turkish ankara
taiwan taiwanese taipei
"""
NO_NAMES = STOP | frozenset(  # words that a question begins with, or writes with a capital
    "apart approximately exactly hello hi ok okay roughly since thanks write yes eastern northern southern "
    "western january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
VARIANTS = {"zelensky": "zelenskyy", "zelenskiy": "zelenskyy", "kiev": "kyiv"}

NEGATIONS = frozenset(
    "no not never none nobody nothing neither nor cannot without denied denies deny refused refuses refuse declined "
    "declines decline failed fails fail".split()
)

UNITS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {word: (tens + 2) * 10 for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())}
SCALES = {
    "hundred": 100,
    "dozen": 12,
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "trillion": 10**12,
}


@lru_cache(maxsize=16384)
def fold(word: str) -> str:
    """A word without case, accents, dots or possessive: "Élysée's" is "elysee", "U.S." is "us"."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    plain = plain.replace("’", "'").replace("‘", "'")
    plain = plain[:-2] if plain.endswith("'s") else plain.rstrip("'")
    return plain.replace(".", "") if re.fullmatch(r"(?:[a-z]\.)+[a-z]?", plain) else plain


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """A folded word without its commonest endings; enough to let "visited" meet "visits"."""
    base = fold(word)
    for ending in ("ations", "ation", "ingly", "ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ion"):
        if base.endswith(ending) and len(base) - len(ending) >= 4:
            base = base[: -len(ending)]
            break
    return base.rstrip("e") if len(base) > 4 else base


def negates(word: str) -> bool:
    """Whether a word turns what follows into its opposite: "not", "isn't", "refused"."""
    folded = fold(word)
    return folded in NEGATIONS or folded.endswith("n't")


def words(text: str) -> list[str]:
    """The words as they stand, in order; hyphenated words are split so that "Jong-un" meets "Jong Un"."""
    return [part for match in WORD.finditer(text) for part in re.split(r"-", match.group())]


def content(text: str) -> list[str]:
    """Stems of the words that carry content, in order."""
    return [stem(word) for word in words(text) if fold(word) not in STOP and not fold(word).isdigit()]


def _countries() -> dict[str, frozenset[str]]:
    """For each word that names a country by itself, all such words: "kremlin" -> {"russia", "russian", ...}."""
    table: dict[str, frozenset[str]] = {}
    parts = {"united", "states", "kingdom", "union", "white", "house", "downing", "street", "north", "south", "korea"}
    for line in COUNTRIES.strip().split("\n"):
        names = frozenset(line.split()) - parts - {"korean", "koreans"}
        table |= dict.fromkeys(names, names)
    return table


COUNTRY = _countries()
SPOKEN = {"white house": "washington", "united states": "us", "united kingdom": "uk", "european union": "eu"}
SPOKEN |= {"north korea": "pyongyang", "north korean": "pyongyang", "north koreans": "pyongyang"}
SPOKEN |= {"south korea": "seoul", "south korean": "seoul", "south koreans": "seoul"}


def unify(folded: Sequence[str]) -> set[str]:
    """The words, with all the names of the countries that they name in one word or two."""
    found = {VARIANTS.get(word, word) for word in folded} | set(folded)
    pairs = {f"{one} {two}" for one, two in pairwise(folded)}
    found |= {SPOKEN[pair] for pair in pairs & set(SPOKEN)}
    for word in list(found):
        found |= COUNTRY.get(word, frozenset())
    if "pyongyang" in found:
        found |= {"north", "korea", "korean", "koreans"}
    if "seoul" in found:
        found |= {"south", "korea", "korean", "koreans"}
    return found


@lru_cache(maxsize=256)  # an article's vocabulary is asked for once per candidate sentence
def vocabulary(text: str) -> frozenset[str]:
    """Every folded word and stem of a text, with name variants unified."""
    found = unify([fold(word) for word in words(text)])
    return frozenset(found | {stem(word) for word in found})


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    """The folded words of a text, in order, with a blank around each."""
    return f" {' '.join(fold(word) for word in words(text))} "


def names(text: str) -> list[str]:
    """Proper names by their capitals, folded, word by word but for countries; none from a text that is all capitals."""
    if text.isupper():
        return []
    found: list[str] = []
    for name in [fold(word) for word in words(text) if word[0].isupper()]:
        if found and (country := SPOKEN.get(f"{found[-1]} {name}")):  # "European Union" is as well named by "EU"
            found[-1] = country
        elif len(name) > 1:
            found.append(VARIANTS.get(name, name))
    return [name for name in found if name not in NO_NAMES]


def _no_name(word: str) -> bool:
    return fold(word) in NO_NAMES or not word[0].isupper()


def name_runs(text: str) -> list[str]:
    """Proper names as they stand, neighbours and particles joined: "Xi Jinping", "Kim Jong-un", "von der Leyen"."""
    runs = []
    for match in RUN.finditer(text):
        parts = match.group().split()
        while parts and (fold(parts[0]) in STOP or (len(parts) == 1 and _no_name(parts[0]))):
            parts = parts[1:]
        if parts:
            runs.append(re.sub(r"['’]s?$", "", " ".join(parts)))
    return runs


def numbers(text: str) -> list[float]:
    """Numbers in digits and in words, in order: "1,000", "twenty-one", "a million" and "2.5 billion" alike."""
    found: list[float] = []
    current: float | None = None
    for word in words(text):
        plain = fold(word)
        digits = plain.replace(",", "")
        if re.fullmatch(r"\d+(?:\.\d+)?", digits):
            found += [current] if current is not None else []
            current = float(digits)
        elif plain in UNITS:
            joins = current is not None and current >= 20 and current % 10 == 0 and UNITS[plain] < 10
            found += [current] if current is not None and not joins else []
            current = UNITS[plain] + (current or 0 if joins else 0)
        elif plain in SCALES:
            current = (current if current is not None else 1.0) * SCALES[plain]
        elif current is not None and plain != "and":
            found.append(current)
            current = None
    return found + ([current] if current is not None else [])


def years(text: str) -> list[int]:
    """Four-digit years from 1500 to 2199."""
    return [int(year) for year in re.findall(r"(?<![\d,.])(1[5-9]\d\d|2[01]\d\d)(?![,.]?\d)", text)]
