"""Whether a sentence tells of the deed, and of the contest, that a question asks about. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.question import HOLDS
from qa.words import numbers, stem, words

# How a deed is asked about, and what a sentence that tells of it holds. In news the same names stand together for many
# reasons: "Who replaced Belichick?" is not answered by whoever was with him.
OFFICE = rf"(?!(?:york|jersey|zealand|orleans|hampshire|mexico|delhi|england)\b)(?:[\w'’-]+ ){{0,4}}?{HOLDS.pattern}"
DEEDS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (
            r"^\W*whom? (?:(?:has|have|had|is|was|will|would) (?:been )?)?(?:succeed\w*\b(?! in\b)|replac\w*|tak(?:es?"
            r"|ing) over"
            r"|took over (?=as\b|from\b))|\bwho followed\b.* as\b"
            rf"|\bnew {OFFICE}.*\bafter\b|^(?:new|acting|interim|next) {OFFICE}|\b(?:successor|replacement)\W*$",
            r"\b(?:succe(?:ed|ss)\w*|replac\w*|(?:tak(?:e|es|ing|en)|took) (?:over|office|charge|his|her|its"
            r"|the (?:helm|reins))|new|newly|nam(?:ed?|es|ing)|appoint\w*|elect\w*|hir(?:ed?|es|ing)|promot\w*|interim"
            r"|acting|step\w* in\w*|becom\w*|became|pick\w*|tap(?:s|ped|ping)?|select\w*|cho+s\w*|nominat\w*"
            r"|install\w*|next|sworn|inherit\w*|turn(?:s|ed)? to|in place of|fill\w*|incoming|follow\w*|confirm\w*"
            r"|designate|assum\w*|will (?:be|lead)|now|leads|led|w[io]ns?|won|vot\w+|announc\w*|brought in|recruit\w*"
            r"|starts? as|throne|given|hosts)\b",
        ),
        (
            r"\bwho (?:beat|defeat\w*|ousted|unseated|toppled)\b",
            r"\b(?:beat\w*|defeat\w*|oust\w*|unseat\w*|toppl\w*|lo(?:s[est]|st)\w*|w[io]n\w*|victor\w*|over\w*|fell"
            r"|upset\w*|edg(?:ed?|ing)|knock\w*|eliminat\w*|trounc\w*|rout\w*|down(?:s|ed|ing)|top(?:s|ped|ping)"
            r"|bested?"
            r"|past|against|depos\w*|remov\w*|forc\w*|fle[ed]\w*|fired|coup|vacat\w*|confidence|crush\w*|stun\w*"
            r"|thrash\w*"
            r"|demoli\w*|dispatch\w*|swe[ep]\w*|ends?|ended|out of|sen[dt]\w*|titles?|champion\w*|penalties|punch\w*"
            r"|kick\w*"
            r"|assault\w*|\d+[-–]\d+)\b|%",
        ),
        (
            r"\bwhat did .+ die (?:of|from)\b|\bcause of death\b",
            r"\b(?:died? (?:of|from|by|in|after)|caus\w*|cancer|heart|illness|disease|complications?|attack|stroke"
            r"|crash|accident|overdose|pneumonia|kill\w*|sho[ot]\w*|suicide|drown\w*|murder\w*|stab\w*|fell|fall"
            r"|effects"
            r"|led to|poison\w*|own life|old age|natural|tumou?r|alzheimer\w*|dementia|\w*virus|covid\S*|fentanyl"
            r"|drugs?|mix"
            r"|trauma\w*|ha?emorrhage|injur\w*|infection|sepsis|failure|hang\w*|syndrome)\b",
        ),
        (
            r"\bhow many (?:\w+ ){0,3}(?:died|(?:were|was) killed)\b|\bdeath toll\b",
            r"\b(?:kill\w*|died?|dies|dying|dead\w*|deaths?|toll|fatal\w*|li(?:fe|ves)|victims?|perish\w*|murder\w*"
            r"|massacr\w*|slain|casualt\w*|lost|loss(?:es)?|drown\w*|claim\w*|bod(?:y|ies)|remains|slaughter\w*"
            r"|execut\w*"
            r"|gunned|shot|burn\w*|surviv\w*|crushed|bombed|wiped)\b",
        ),
        (
            r"^(?!.*\b(?:rockets?|missiles?|drones?|shells?|shots?|bullets?|guns?)\b)"
            r".*(?:\b(?:was|were|got|been|is) fired\b|\bfired (?:as|by|from|after)\b|\bwho fired\b)",
            r"\b(?:fir(?:ed?|es|ing)|dismiss\w*|sack\w*|oust\w*|let (?:\w+ ){0,2}go|part\w* ways|terminat\w*|remov\w*"
            r"|relieved|laid off|layoffs?|cut|axe?[ds]?|lost|end\w*|split|pushed|forced|resign\w*)\b",
        ),
        (
            r"\bwh(?:o|ich|at)(?: (?!did|does|do|says?|said|after|before|when|who)[\w'’-]+){0,4}? "
            r"(?:banned|blocked|outlawed)\b",
            r"\b(?:ban\w*|block\w*|outlaw\w*|prohibit\w*|suspend\w*|bar(?:s|red|ring)?|forb[ai]d\w*|illegal|restrict\w*"
            r"|restrain\w*|stop\w*|shut\w*|sanction\w*|halt\w*|veto\w*|str(?:ike|uck) down|rul(?:ed|ing)|injunction"
            r"|held up"
            r"|allow\w*|unlawful|exclud\w*|remov\w*|revok\w*|clos\w*|stuck|never)\b",
        ),
        (
            r"\bwho was (?:found guilty|convicted|acquitted)\b",
            r"\b(?:convict\w*|guilty|verdict|sentenc\w*|acquit\w*|clear(?:ed|s)|exonerat\w*|jail\w*|prison|life"
            r"|serv(?:es|ing)|jur(?:y|ors?)|thr(?:ew|own) out)\b",
        ),
    )
)
NUMBERED = re.compile(  # "No. 1", "Game 7", "Super Bowl LVIII"
    r"(?<!last )(?<!this )(?<!next )(?<!every )(?<!each )\b(?P<what>no\.?(?= \d)|number|game|week|round|chapter"
    r"|season|episode|stage|phase|district|amendment|proposition|measure|super bowl) "
    r"(?P<which>(?!(?:19|20)\d\d\b)\d+|one|two|three|four|five|six|seven|(?-i:[IVXL]{2,}|V))\b(?![,.]\d)",
    re.IGNORECASE,
)
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
PLACED = re.compile(  # the same in other words, or another one beside it
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|final|deciding|opener|\d+(?:st|nd|rd|th)"
    r"|after|before|ahead|while|than|since)\b",
    re.IGNORECASE,
)
MEN, WOMEN = (re.compile(rf"\b{who}['’]s\b", re.IGNORECASE) for who in ("men", "women"))
# A prize and those that share its "best": "best director", "best director, actor and score".
BEST = re.compile(
    r"\bbest ((?:actor|actress|supporting|lead|director|picture|film|feature|song|album|new|original|adapted|animated"
    r"|international|foreign|documentary|comedy|drama|makeup|score|musical|play|revival|screenplay|series|show|rap|pop"
    r"|country|rock)\b(?: [\w-]+){0,4}(?:,.*)?)",
    re.IGNORECASE,
)
ALIKE = {"film": "pictur", "featur": "pictur", "movi": "pictur", "foreign": "international", "show": "seri"}  # stems


@dataclass(frozen=True, slots=True)
class Contest:
    """What a text says of which contest it tells of."""

    numbers: Mapping[str, set[float]]
    men: bool
    women: bool


def lacks_deed(question: str, text: str) -> bool:
    """Whether a question asks about a deed that would show in the words, and a text holds none that tell of it."""
    return any(not told.search(text) for told in _telling(question))


def of_another(question: str, text: str) -> bool:
    """Whether a text tells of another contest than the question: the No. 44 pick for the No. 1, women's for men's,
    another prize for "best director".
    """
    prizes = _prizes(question)
    given = _prizes(text) if prizes else []
    if given and all(prizes[0][0] not in one for one in given):
        return True
    asked = _contest(question)
    if not (asked.numbers or asked.men != asked.women) or PLACED.search(text):
        return False
    told = _contest(text)
    if any(what in told.numbers and which.isdisjoint(told.numbers[what]) for what, which in asked.numbers.items()):
        return True
    return asked.men != asked.women and told.men != told.women and asked.men != told.men


@lru_cache(maxsize=64)  # asked for once per candidate sentence
def _telling(question: str) -> tuple[re.Pattern[str], ...]:
    """Of the deeds that a question asks about, what tells of each."""
    return tuple(told for asked, told in DEEDS if asked.search(question))


@lru_cache(maxsize=64)
def _contest(text: str) -> Contest:
    return Contest(_numbered(text), bool(MEN.search(text)), bool(WOMEN.search(text)))


@lru_cache(maxsize=64)
def _prizes(text: str) -> list[list[str]]:
    """Stems of the words behind each "best", those for one thing alike: "film" and "picture"."""
    named = (words(match[1]) for match in BEST.finditer(text))
    return [[ALIKE.get(stem(word), stem(word)) for word in one] for one in named]


def _numbered(text: str) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for match in NUMBERED.finditer(text):
        which = match["which"]
        number = _roman(which) if which[0] in ROMAN else numbers(which)[0]
        found.setdefault(match["what"].lower().rstrip(".").replace("number", "no"), set()).add(number)
    return found


def _roman(letters: str) -> int:
    """ "LVIII" -> 58."""
    values = [ROMAN[letter] for letter in letters]
    return sum(-one if one < behind else one for one, behind in pairwise([*values, 0]))
