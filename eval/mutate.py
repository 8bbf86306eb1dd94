"""Claims made of an article's own sentences, true and made wrong: what the check of a draft is measured on."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from ingest.article import Passage
from qa.when import MONTHS, WEEKDAYS
from qa.words import fold, name_runs, words

LEAST, MOST = 8, 45  # words of a sentence that is used: shorter ones say little, longer ones are lists
ROLES = "The A An In On At For From By It He She They We I This That These Those But And As If When While After".split()
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-]|[.,]\d)")
WORDED = "two three four five six seven eight nine ten eleven twelve".split()
MONTH = re.compile(rf"\b(?:{'|'.join(one.title() for one in MONTHS)})\b")
WEEKDAY = re.compile(rf"\b(?:{'|'.join(one.title() for one in WEEKDAYS)})\b")
CALENDAR = {*MONTHS, *WEEKDAYS, "jan", "feb", "aug", "sept", "oct", "nov", "dec"}
YEAR = re.compile(r"(?<![\d$,.])(?:19[5-9]\d|20[0-3]\d)(?![\d,%]|\.\d)")
AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|will|would|can|could|should|may|might|did|does)\b(?! not|n't)")
NEGATED = re.compile(r"\b(is|are|was|were|has|have|had|will|would|could|should|did|does|do)(?: not\b|n['’]t\b)")
PAST = re.compile(r"\b(said|made|took|went|came|won|lost|found|got|told|became|began|[a-z]{3,}[^e]ed)\b")
BASE = {"said": "say", "made": "make", "took": "take", "went": "go", "came": "come", "won": "win", "lost": "lose"}
BASE |= {"found": "find", "got": "get", "told": "tell", "became": "become", "began": "begin"}
UNITS = (("million", "billion"), ("billion", "million"), ("thousand", "million"), ("percent", "points"),
         ("%", " points"), ("years", "months"), ("months", "weeks"), ("days", "weeks"), ("hours", "days"),
         ("miles", "feet"), ("minutes", "hours"), ("weeks", "years"))  # fmt: skip
ALIKE = (("said", "stated"), ("more than", "over"), ("percent", "%"), ("approximately", "about"), ("U.S.", "US"),
         ("United States", "U.S."), ("began", "started"), ("purchased", "bought"), ("however", "though"),
         ("in order to", "to"), ("at least", "no fewer than"), ("nearly", "almost"), ("children", "kids"),
         ("attempted", "tried"), ("following", "after"), ("died", "lost their lives"), ("also ", ""))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A claim with the passage it cites; `kind` names what was done to it; `right` when it is still supported."""

    kind: str
    claim: str
    passage: str
    right: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a claim comes from: its passage, and what can be put into it."""

    passage: str
    others: tuple[str, ...]  # passages of the same article
    far: str  # a passage of another article


Change = Callable[[str, Scene, Random], str]  # the claim changed, or "" where it cannot be


def cases(articles: Sequence[Sequence[Passage]], seed: int, each: int = 2) -> Iterator[Case]:
    """Claims of `each` sentences of every article: one or two left as true as they were, and one of every mutation.

    `articles` are lists of passages; names and far passages come from the next article.
    """
    rng = Random(seed)
    for at, passages in enumerate(articles):
        other = articles[(at + 1) % len(articles)]
        places = [(one, span) for one in passages for span in one.sentences if _usable(one.article.text[slice(*span)])]
        for passage, span in rng.sample(places, min(each, len(places))):
            near = tuple(one.text for one in passages if one.id != passage.id)
            yield from _of(passage, span, Scene(passage.text, near, rng.choice(other).text), rng)


def _of(passage: Passage, span: tuple[int, int], scene: Scene, rng: Random) -> Iterator[Case]:
    said = _clean(passage.article.text[slice(*span)])
    claims = {"as it stands": said}
    for kind, change in LIGHT.items():
        if made := change(said, scene, rng):
            claims[kind] = made
    later = [other for other in passage.sentences if other[0] >= span[1]]
    if later and _usable(_clean(passage.article.text[slice(*later[0])])):
        claims["joined"] = _join(said, _clean(passage.article.text[slice(*later[0])]))
    for kind in rng.sample(list(claims), min(2, len(claims))):
        yield Case(kind, claims[kind], scene.passage, True)
    for kind, wrong in WRONG.items():
        claim = claims[rng.choice(list(claims))]
        if (made := wrong(claim, scene, rng)) and made != claim:
            yield Case(kind, made, scene.passage, False)
    claim = claims[rng.choice(list(claims))]
    if scene.others:
        yield Case("citation, same article", claim, rng.choice(scene.others), False)
    yield Case("citation, other article", claim, scene.far, False)


def _usable(sentence: str) -> bool:
    return LEAST <= len(sentence.split()) <= MOST and sentence[0].isupper() and sentence.rstrip('"”’')[-1] in ".!"


def _clean(sentence: str) -> str:
    return " ".join(sentence.split())


def _join(one: str, other: str) -> str:
    opening = other if other.split()[0] not in ROLES else other[0].lower() + other[1:]
    return f"{one.rstrip('.')}, and {opening}" if one.endswith(".") else f"{one} {other}"


def _dropped(claim: str, scene: Scene, rng: Random) -> str:
    """Without a bracketed remark, an insertion between commas, or what follows the last comma."""
    for pattern in (
        r" \([^)]*\)",
        r", (?:who|which|where|a|an|the|including|according to) [^,“”]{8,80}(?=,)",
        r", [^,“”]{15,90}(?=\.$)",
    ):
        if (found := re.search(pattern, claim)) and "“" not in claim and '"' not in claim:
            made = claim[: found.start()] + claim[found.end() :]
            made = re.sub(r"^([^,]*),(?= [a-z]+ed\b)", r"\1", made) if pattern.endswith("(?=,)") else made
            if len(made.split()) >= LEAST:
                return made
    return ""


def _fronted(claim: str, scene: Scene, rng: Random) -> str:
    """“It rained,” Silva said. -> Silva said “It rained.”"""
    found = re.fullmatch(r"([“\"].+),([”\"]) ((?:[A-Z][\w.’'-]+ ){1,3}|[Hh]e |[Ss]he )said\.", claim)
    return f"{found[3][0].upper()}{found[3][1:]}said {found[1]}.{found[2]}" if found else ""


def _moved(claim: str, scene: Scene, rng: Random) -> str:
    """On Monday, it rained. -> It rained on Monday."""
    found = re.fullmatch(
        r"((?:In|On|At|Since|After|Before|During) [^,“\"]{3,40}), ((?:the|a|an|it|he|she|they) .+)\.", claim
    )
    return f"{found[2][0].upper()}{found[2][1:]} {found[1][0].lower()}{found[1][1:]}." if found else ""


def _reworded(claim: str, scene: Scene, rng: Random) -> str:
    """Other words for the same, numbers in words."""
    made = claim
    for old, new in ALIKE:
        made = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new, made, count=1) if old in made else made
    for value, word in enumerate(WORDED, start=2):
        made = re.sub(rf"(?<![\w.,$-]){value}(?![\w.,%:-])", word, made, count=1)
    return made if made != claim else ""


LIGHT: dict[str, Change] = {
    "clause dropped": _dropped,
    "speaker first": _fronted,
    "time last": _moved,
    "reworded": _reworded,
}


def _put(text: str, found: re.Match[str], new: str) -> str:
    return text[: found.start()] + new + text[found.end() :]


def _number(claim: str, scene: Scene, rng: Random) -> str:
    """A number by a few more or less; one that the passage does not hold."""
    found = [one for one in NUMBER.finditer(claim) if not YEAR.fullmatch(one.group())]
    if not found:
        return _worded(claim, scene, rng)
    match = rng.choice(found)
    value = float(match.group().replace(",", ""))
    other = value + rng.choice((1, 2, 3, 7, 10)) * (0.1 if "." in match.group() else 1)
    new = f"{other:,.1f}" if "." in match.group() else f"{other:,.0f}" if "," in match.group() else f"{other:.0f}"
    return _put(claim, match, new) if new not in scene.passage else ""


def _worded(claim: str, scene: Scene, rng: Random) -> str:
    match = re.search(rf"\b(?:{'|'.join(WORDED)})\b", claim)
    left = [one for one in WORDED if one not in scene.passage.lower()]
    return _put(claim, match, rng.choice(left)) if match and left else ""


def _number_inside(claim: str, scene: Scene, rng: Random) -> str:
    """A number of the claim by another one of its passage."""
    found = list(NUMBER.finditer(claim))
    held = {one.group() for one in NUMBER.finditer(scene.passage)} - {one.group() for one in found}
    if not found or not held:
        return ""
    return _put(claim, rng.choice(found), rng.choice(sorted(held)))


def people(text: str) -> list[str]:
    """Names of more than one word, or of one that never stands at the start of a sentence; no months, no roles."""
    found = dict[str, None]()
    for run in name_runs(text):
        parts = [part for part in run.split() if part not in ROLES]
        name = " ".join(parts)
        opens = re.search(rf"(?:^|[.!?”\"] ){re.escape(name)}(?! [A-Z])", text)
        if len(name) > 3 and (len(parts) > 1 or not opens) and not CALENDAR & {fold(part) for part in parts}:
            found[name] = None
    return list(found)


def _apart(names: Sequence[str], claim: str) -> list[str]:
    said = {fold(word) for word in words(claim)}
    return [name for name in names if said.isdisjoint(fold(word) for word in words(name))]


def _name(claim: str, scene: Scene, rng: Random) -> str:
    """A name by one of another article."""
    mine, others = people(claim), [one for one in _apart(people(scene.far), claim) if one not in scene.passage]
    return claim.replace(rng.choice(mine), rng.choice(others), 1) if mine and others else ""


def _name_inside(claim: str, scene: Scene, rng: Random) -> str:
    """A name by another one of the same passage."""
    mine, others = people(claim), _apart(people(scene.passage), claim)
    return claim.replace(rng.choice(mine), rng.choice(others), 1) if mine and others else ""


def _names_exchanged(claim: str, scene: Scene, rng: Random) -> str:
    """Two names of the claim in each other's place; not where they are merely listed."""
    mine = people(claim)
    pairs = [(one, other) for one in mine for other in mine if claim.find(one) < claim.find(other)]
    pairs = [(one, other) for one, other in pairs if _distinct(claim, one, other)]
    if not pairs:
        return ""
    one, other = rng.choice(pairs)
    return claim.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1)


def _distinct(claim: str, one: str, other: str) -> bool:
    between = claim[claim.find(one) + len(one) : claim.find(other)]
    shared = {fold(word) for word in words(one)} & {fold(word) for word in words(other)}
    return not shared and len(re.findall(r"\b[a-z]{3,}\b", between.replace(" and ", " "))) >= 2


def _date(claim: str, scene: Scene, rng: Random) -> str:
    """Another year, month or weekday."""
    for pattern, kinds in ((YEAR, ()), (MONTH, tuple(MONTHS)), (WEEKDAY, tuple(WEEKDAYS))):
        if match := pattern.search(claim):
            new = [one.title() for one in kinds] or [str(int(match.group()) + step) for step in (-3, -2, -1, 1, 2)]
            left = [one for one in new if one not in scene.passage]
            return _put(claim, match, rng.choice(left)) if left else ""
    return ""


def _unit(claim: str, scene: Scene, rng: Random) -> str:
    """Another unit behind a number: million for billion."""
    for old, new in UNITS:
        if match := re.search(rf"(?<=\d)( ?){re.escape(old)}(?!\w)", claim):
            return _put(claim, match, match[1] + new)
    return ""


def _negated(claim: str, scene: Scene, rng: Random) -> str:
    """A "not" put in."""
    plain = re.sub(r"[“\"][^”\"]*[”\"]", lambda quoted: " " * len(quoted.group()), claim)
    found = [
        one for one in AUXILIARY.finditer(plain) if not re.match(r" (?:no|never|nothing|none)\b", plain[one.end() :])
    ]
    if found:
        match = rng.choice(found)
        return _put(claim, match, match.group() + " not")
    if past := PAST.search(plain):
        return _put(claim, past, f"did not {BASE.get(past.group(), past.group()[:-2])}")
    return ""


def _affirmed(claim: str, scene: Scene, rng: Random) -> str:
    """A "not" taken out."""
    match = NEGATED.search(claim)
    return _put(claim, match, match[1]) if match else claim.replace(" never ", " ", 1) if " never " in claim else ""


WRONG: dict[str, Change] = {
    "number": _number,
    "number of the same passage": _number_inside,
    "unit": _unit,
    "date": _date,
    "name": _name,
    "name of the same passage": _name_inside,
    "names exchanged": _names_exchanged,
    "negation added": _negated,
    "negation removed": _affirmed,
}
