"""Whether a sentence tells of the deed, and of the contest, that a question asks about. Pure."""

import re
from itertools import pairwise

from qa.question import HOLDS
from qa.words import STOP, fold, numbers, stem, words

# How a deed is asked about, and what a sentence that tells of it holds. In news the same names stand together for many
# reasons: "Who replaced Belichick?" is not answered by whoever was with him.
OFFICE = rf"(?:[\w'’-]+ ){{0,4}}?{HOLDS.pattern}"
DEEDS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE))
    for asked, told in (
        (
            r"\bwhom?\b.*\b(?:succeed\w*|replac\w*|took over|tak(?:es?|ing) over)\b|\bwho followed\b.* as\b"
            rf"|\bnew {OFFICE}.*\bafter\b|^(?:new|acting|interim|next) {OFFICE}|\b(?:successor|replacement)\b",
            r"\b(?:succe(?:ed|ss)\w*|replac\w*|(?:tak(?:e|es|ing|en)|took) (?:over|office|charge|his|her|its"
            r"|the (?:helm|reins))|new|newly|nam(?:ed?|es|ing)|appoint\w*|elect\w*|hir(?:ed?|es|ing)|promot\w*|interim"
            r"|acting|step\w* in\w*|becom\w*|became|pick\w*|tap(?:s|ped|ping)?|select\w*|cho+s\w*|nominat\w*"
            r"|install\w*|next|sworn|inherit\w*|turn(?:s|ed)? to|in place of|fill\w*|incoming"
            r"|designate|assum\w*|will (?:be|lead)|now)\b",
        ),
        (
            r"\bwho (?:beat|defeat\w*|ousted|unseated|toppled)\b",
            r"\b(?:beat\w*|defeat\w*|oust\w*|unseat\w*|toppl\w*|lo(?:s[est]|st)\w*|w[io]n\w*|victor\w*|over|fell"
            r"|upset\w*|edg(?:ed?|ing)|knock\w*|eliminat\w*|trounc\w*|rout\w*|down(?:s|ed|ing)|top(?:s|ped|ping)|bested?|past"
            r"|against)\b",
        ),
        (
            r"\bwhat did .+ die (?:of|from)\b|\bcause of death\b",
            r"\b(?:died? (?:of|from|by|in|after)|caus\w*|cancer|heart|illness|disease|complications?|attack|stroke"
            r"|crash|accident|overdose|pneumonia|kill\w*|sho[ot]\w*|suicide|drown\w*|murder\w*|stab\w*|fell|fall|effects)\b",
        ),
        (
            r"\bhow many (?:\w+ ){0,3}(?:died|(?:were|was) killed)\b|\bdeath toll\b",
            r"\b(?:kill\w*|died?|dies|dying|dead\w*|deaths?|toll|fatal\w*|li(?:fe|ves)|victims?|perish\w*|murder\w*"
            r"|massacr\w*|slain|casualt\w*|lost|loss(?:es)?)\b",
        ),
        (
            r"\b(?:was|were|got|been|is) fired\b|\bfired (?:as|by|from|after)\b|\bwho fired\b",
            r"\b(?:fir(?:ed?|es|ing)|launch\w*|dismiss\w*|sack\w*|oust\w*|let go|part\w* ways|terminat\w*|remov\w*"
            r"|relieved|shots?)\b",
        ),
        (
            r"\bwh(?:o|ich|at)\b.*\b(?:banned|blocked|outlawed)\b",
            r"\b(?:ban\w*|block\w*|outlaw\w*|prohibit\w*|suspend\w*|bar(?:s|red|ring)?|forb[ai]d\w*|illegal|restrict\w*"
            r"|stop\w*|shut\w*|sanction\w*|halt\w*)\b",
        ),
        (
            r"\bwho was (?:found guilty|convicted|acquitted)\b",
            r"\b(?:convict\w*|guilty|verdict|sentenc\w*|acquit\w*|clear(?:ed|s)|exonerat\w*)\b",
        ),
    )
)
NUMBERED = re.compile(  # "the No. 1 pick", "Game 7", "Super Bowl LVIII"
    r"\b(?P<what>no|number|game|week|round|chapter|season|episode|stage|phase|district|amendment|proposition|measure"
    r"|super bowl)\.? (?P<which>(?!(?:19|20)\d\d\b)\d+|one|two|three|four|five|six|seven|(?-i:[IVXL]+))\b",
    re.IGNORECASE,
)
ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
MEN, WOMEN = (re.compile(rf"\b{who}['’]s\b", re.IGNORECASE) for who in ("men", "women"))
# A prize and those that share its "best": "best director", "best director, actor and score".
BEST = re.compile(r"\bbest ((?:[\w-]+ ?){1,5}(?:,.*)?)", re.IGNORECASE)
PRIZE = re.compile(r"\b(?:w[io]n\w*|award\w*|oscars?|emmys?|tonys?|grammys?|golden globes?|prize)\b", re.IGNORECASE)


def lacks_deed(question: str, text: str) -> bool:
    """Whether a question asks about a deed that would show in the words, and a text holds none that tell of it."""
    return any(asked.search(question) and not told.search(text) for asked, told in DEEDS)


def of_another(question: str, text: str) -> bool:
    """Whether a text tells of another contest than the question: the No. 44 pick for the No. 1, women's for men's,
    another prize for "best director".
    """
    asked, told = _numbered(question), _numbered(text)
    if any(what in told and which.isdisjoint(told[what]) for what, which in asked.items()):
        return True
    sexes = [(bool(MEN.search(one)), bool(WOMEN.search(one))) for one in (question, text)]
    if sexes in ([(True, False), (False, True)], [(False, True), (True, False)]):
        return True
    prize = BEST.search(question) if PRIZE.search(question) else None
    given = [_stems(match[1]) for match in BEST.finditer(text)]
    wanted = _stems(prize[1])[:1] if prize else []
    return bool(wanted and given) and not any(wanted[0] in one for one in given)


def _numbered(text: str) -> dict[str, set[float]]:
    found: dict[str, set[float]] = {}
    for match in NUMBERED.finditer(text):
        which = match["which"]
        number = _roman(which) if which[0] in ROMAN else numbers(which)[0]
        found.setdefault(match["what"].lower().replace("number", "no"), set()).add(number)
    return found


def _roman(letters: str) -> int:
    """ "LVIII" -> 58."""
    values = [ROMAN[letter] for letter in letters]
    return sum(-one if one < behind else one for one, behind in pairwise([*values, 0]))


def _stems(named: str) -> list[str]:
    """Stems of the words of content, in order."""
    return [stem(word) for word in words(named) if fold(word) not in STOP]
