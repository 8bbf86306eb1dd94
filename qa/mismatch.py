"""How plainly a sentence cannot answer a question: by kind, time, office and speaker. Pure."""

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise

from qa.deed import lacks_deed, of_another
from qa.fit import NOW, PLANNED
from qa.office import office_of_another
from qa.quantity import counts_another
from qa.question import COST, NAME_OF, WHAT_ITS, Asked
from qa.speech import another_speaks
from qa.when import MONTH, WEEKDAYS, month_number
from qa.words import STOP, fold, negates, stem, vocabulary, words, years

LANGUAGES = (
    "arabic|bengali|cantonese|chinese|czech|dutch|english|farsi|french|german|greek|hebrew|hindi|hungarian|indonesian|"
    "italian|japanese|korean|latin|mandarin|persian|polish|portuguese|punjabi|romanian|russian|spanish|swahili|swedish|"
    "tamil|thai|turkish|ukrainian|urdu|vietnamese"
)
SHOWN = (
    (
        r"\b(?:what|which) (?:exact )?time\b|\btime of (?:the )?day\b|\b(?:what|which) hour\b",
        r"\d{1,2}[:.h]\d\d|\d ?[ap]\.?m\b|o['’]clock"
        r"|\b(?:noon|midday|midnight|dawn|dusk|morning|afternoon|evening|night|GMT|UTC)\b",
    ),
    (
        r"\b(?:what|which) languages?\b",
        rf"\b(?:in|into|from|of|speaks?|spoke|spoken|speaking) (?:fluent |broken )?(?:{LANGUAGES})\b(?! [A-Z])"
        r"|\blanguages?\b|\binterpreters?\b",
    ),
    (
        r"\bhow much (?:money|cash)\b"
        r"|\bhow much\b.*\b(?:costs?|pa(?:y|id)|spen[dt]|worth|earn\w*|invest\w*|lend|lent)\b"
        r"|\bwhat (?:do|does|did|will) (?:[\w'’-]+ ){1,5}?(?:pay|cost|charge)\b(?! for\W*$)"
        r"|\bhow many (?:dollars|euros|pounds|yuan|rou?bles|yen)\b"
        rf"|\b(?:what|which) (?:sum\b|{COST})|{WHAT_ITS}{COST}",
        r"[$€£¥]|\b(?:dollars?|euros?|pounds?|yuan|rou?bles?|yen|francs?|rupees?|USD|EUR|GBP)\b",
    ),
    (
        r"\bpercent(?:age)?\b|\bper cent\b|\b(?:what|which|how (?:large|big) a) (?:share|proportion|fraction)\b",
        r"%|\bper ?cent\b|\bpercentage\b|\b(?:half|third|quarter|fifth|tenth|majority|most|one in \w+)s?\b",
    ),
    (
        r"\bhow long\b(?! ago)",
        r"\b(?:second|minute|hour|day|night|week|month|year|decade|centur|season)\w*\b|\b(?:since|until|till|forever"
        r"|always|briefly|overnight|long)\b",
    ),
    (
        r"\bhow (?:tall|high(?! an?\b)|deep|wide)\b|\bhow far (?:is|was|are|were|away|from)\b",
        r"\b(?:km|kilomet|mile|met(?:er|re)|feet|foot|ft|yard|inch|block|storey|percent|degree|point)\w*\b|\d ?m\b|%",
    ),
    (
        r"\bwhat (?:did|has|have|had) (?:[\w'’-]+ ){1,4}?(?:reply|replied|respond|responded|answer|answered)\b"
        r"|\bhow (?:did|has|have|had) (?:[\w'’-]+ ){1,4}?(?:reply|replied|answer|answered)\b",
        r"\b(?:repl(?:y|ies|ied)|respon\w+|react\w*|answer\w*|dismiss\w*|reject\w*|den(?:y|ies|ied)|refus\w*|agree\w*"
        r"|accept\w*|in (?:re)?turn|for (?:his|her|its|their) part)\b",
    ),
    (
        r"\b(?:what|which) colou?rs?\b",
        r"\b(?:black|blue|brown|crimson|gold|gr[ae]y|green|orange|pink|purple|red|silver|white|yellow)\b",
    ),
    (r"\b(?:what|which) (?:day of the week|weekday)\b", r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"),
    (
        r"\bhow (?:many|old)\b|\b(?:what|which) (?:number|age)\b",
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundreds?|thousands?"
        r"|millions?|billions?|dozens?|several|both|half|pair|couple|none|no|single|twice|once|handful|scores?|many|few)\b",
    ),
)
UNITS_ASKED = re.compile(
    r"\bhow many (?:more )?(seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|times"
    r"|kilomet\w+|miles?|met(?:er|re)s?|tons?|tonnes?|barrels?|dollars?|euros?|pounds?|yuan)\b",
    re.IGNORECASE,
)
TAKEN_FOR_GRANTED = re.compile(
    r"\s*(?:and |but |so )?(?:why|when|where|how)\b(?! (?:many|much|long|often|old|far))", re.I
)
WHY = re.compile(r"\s*(?:and |but |so )?(?:why|how come|for what reason)\b", re.IGNORECASE)
DATED = re.compile(rf"\b{MONTH}\s+(\d{{1,2}})\b", re.IGNORECASE)
NOT_BOUNDING = re.compile(  # a year in which a thing was, no bound of a time
    r"(?<!since )(?<!from )(?<!until )(?<!till )(?<!to )(?<!through )(?<!before )(?<!after )(?<!by )(?<!than )(?<!and )"
    r"(?<!between )(?<![-–—$\d,.])(?:1[5-9]|2[01])\d\d(?![,.]?\d|[-–—])"
)
GONE = re.compile(r"\b(?:former|then|ex|late|previous|past)[ -](?P<what>(?:[\w'’.]+ ){0,3}[\w'’.]+)", re.IGNORECASE)
SPOKEN = re.compile(  # marks of speech, or of a view
    r"\b(?:sa(?:y|ys|id|ying)|t(?:ell|old)\w*|call(?:s|ed|ing)|according to|add(?:s|ed)|asks?(?:ed)?|th(?:ink|ought)\w*"
    r"|want\w*|wrote|writ(?:e|es|ing)|stat(?:ed|ing)|(?:accus|acknowledg|admi[ts]|agree|alleg|announc|apologi|appeal|argu"
    r"|assur|believ|blam|claim|comment|conclud|condemn|confirm|continu|critici|declar|defend|demand|deni|deny|descri"
    r"|emphasi|estimat|explain|express|insist|jok|mention|not(?:e|ing)|oppos|pledg|post|prais|predict|promis|rais|recall"
    r"|refus|reiterat|reject|repl|report|respon|reveal|stress|suggest|support|testif|thank|tweet|urg|voic|vow|warn"
    r"|welcom)\w*)\b|[\"“”]",
    re.IGNORECASE,
)
PAPERS = re.compile(r"\b(?:articles?|sources?|papers?|reports?)\b", re.IGNORECASE)
BESIDE_YEAR = re.compile(  # not "a law that bans it, beginning next year"
    r"(?<!beginning )(?<!starting )(?<!until )(?<!by )(?<!is )(?<!are )\b(last|next) year\b(?!['’])", re.IGNORECASE
)
THIS_YEAR = re.compile(r"\bthis (?:year|spring|summer|fall|autumn|winter)\b", re.IGNORECASE)
PRESENT = dict(  # of verbs whose past has another stem
    pair.split("-")
    for pair in (
        "won-win lost-lose became-become made-make took-take gave-give held-hold struck-strike shot-shoot"
        " left-leave led-lead fell-fall came-come bought-buy sold-sell built-build wrote-write beat-beat hit-hit"
    ).split()
)
ALIKE = [  # pairs of stems of words for one deed
    (stem(one), stem(other))
    for one, _, other in (
        pair.partition("-")
        for pair in (
            "die-death die-dead die-kill go-went meet-met say-said tell-told begin-began break-broke choose-chose"
            " draw-drew fight-fought flee-fled fly-flew freeze-froze get-got grow-grew keep-kept know-knew "
            "lend-lent pay-paid run-ran rise-rose sink-sank send-sent seek-sought spend-spent speak-spoke "
            "steal-stole stand-stood swear-swore teach-taught think-thought throw-threw withdraw-withdrew hide-hid"
            " see-saw drive-drove find-found feel-felt catch-caught bring-brought overthrow-overthrew ride-rode"
            " sing-sang stick-stuck swim-swam sweep-swept tear-tore eat-ate wear-wore shake-shook fire-sack "
            "quit-resign resign-resignation quit-resignation cancel-scrap ban-outlaw"
        ).split()
    )
] + [(stem(past), stem(present)) for past, present in PRESENT.items()]
HAPPENED = re.compile(
    r"\b(?:did|was|were|had)\b"
    r"|\b(?:who|what|which \w+|how (?:many|much)(?: \w+){1,3}?) "
    rf"(?P<deed>\w+ed|{'|'.join(PRESENT)})\b",
    re.IGNORECASE,
)
TO_HAPPEN = re.compile(  # what stands before a deed that is not done
    r"\b(?:will|could|may|might|if|(?:expected|set|likely|hop(?:es|ed|ing)|poised|going|about|threaten\w*|try|trying|tries"
    r"|want\w*|forecast|projected|predicted|unless) (?:not )?(?:to|he|she|it|they)?"
    r"|missed out|short|(?:odds|chances?|hopes?|bid|eligible) (?:of|to|for)|contend\w* (?:to|for))\b"
)
TO_DO = re.compile(  # a deed that is of what will be done
    r"\b(?:agree|vow|promis|pledg|threaten|offer|announc|decid|order|propos|want|ask|say|said|tell|told)\w*\b",
    re.IGNORECASE,
)
OF_NOUN = frozenset("a an the its his her their our my your many much which what this that these those no".split())
OPENING_DAY = re.compile(rf"\W*On (?:(?:{'|'.join(WEEKDAYS)}),? )?{DATED.pattern}", re.IGNORECASE)


def mismatch(asked: Asked, text: str, published: date | None) -> float:
    """How plainly a sentence of an article of that day cannot answer: 1 where it lacks the kind asked for, or counts,
    quotes, dates or names another; 2 where it denies what the question takes for granted; else 0.
    """
    if denies(asked, text):
        return 2.0
    other = counts_another(asked.text, text) or another_speaks(asked.text, text) or gone(asked, text)
    other = other or undone(asked, text) or lacks_deed(asked.text, text) or of_another(asked.text, text)
    other = other or office_of_another(asked.text, text)
    time = another_day(asked, text) or another_year(asked, text, published)
    return float(other or time or lacks_kind(asked, text) or unspoken(asked, text))


def lacks_kind(asked: Asked, text: str) -> bool:
    """Whether the question asks for a kind of answer that would show, as a language would, and the text has none."""
    if (unit := UNITS_ASKED.search(asked.text)) and not _holds_unit(text, unit[1]):
        return True
    named = NAME_OF.search(asked.text)
    if named and not {stem(word) for word in words(named["whose"])[-1:]} <= vocabulary(text):
        return True
    return any(
        re.search(wanted, asked.text, re.IGNORECASE) and not re.search(given, text, re.IGNORECASE)
        for wanted, given in SHOWN
    )


def _holds_unit(text: str, unit: str) -> bool:
    """Whether a text holds a unit in either number: "days" in "a three-day visit"."""
    plain = re.escape(unit.lower().removesuffix("s"))
    return bool(re.search(rf"(?<![^\W_]){plain}s?(?![^\W_])", text, re.IGNORECASE))


def unspoken(asked: Asked, text: str) -> bool:
    """Whether a question asks what somebody said, and nothing in a sentence is said by anybody."""
    return asked.expects == "speech" and not PAPERS.search(asked.text) and not SPOKEN.search(text)


def gone(asked: Asked, text: str) -> bool:
    """Whether a sentence tells only of former holders of an office of which the question asks for the present one."""
    if not NOW.match(asked.text) or GONE.search(asked.text):
        return False
    office = {stem(word) for word in words(asked.text) if not word[0].isupper() and fold(word) not in STOP}
    former = [found["what"] for found in GONE.finditer(text) if office & {stem(word) for word in words(found["what"])}]
    rest = GONE.sub(" ", text)
    return bool(former) and not office & {stem(word) for word in words(rest)}


def another_day(asked: Asked, text: str) -> bool:
    """Whether a sentence opens with a day of another date than the one that the question names."""
    opens = OPENING_DAY.match(text) if asked.expects != "time" else None
    dated = {(month_number(match[1]), int(match[2])) for match in DATED.finditer(asked.text)}
    return bool(opens and dated and (month_number(opens[1]), int(opens[2])) not in dated)


def another_year(asked: Asked, text: str, published: date | None) -> bool:
    """Whether a sentence tells of another year than the question names, by its number or as the one before or after its
    article's, and of none that it names.
    """
    told = set(years(text))
    if not asked.years or asked.years & told:
        return False
    if published and published.year in asked.years and THIS_YEAR.search(text):
        return False
    if told and not asked.many and told <= {int(found[0]) for found in NOT_BOUNDING.finditer(text)}:
        return True
    beside = BESIDE_YEAR.search(text) if published else None
    if beside is None or published is None:
        return False
    return published.year + (-1 if beside[1].lower() == "last" else 1) not in asked.years


def denies(asked: Asked, text: str) -> bool:
    """Whether what is taken for granted is denied: "Why did Xi condemn it?" by "Xi has refused to condemn it"."""
    if not TAKEN_FOR_GRANTED.match(asked.text):
        return False
    own = words(asked.text)
    if any(negates(word) for word in own):
        return False
    deeds = {stem(word) for word in own if not word[0].isupper() and fold(word) not in STOP}
    told = words(text)
    return any(
        negates(word) and any(stem(near) in deeds for near in told[at + 1 : at + 5]) for at, word in enumerate(told)
    )


def groundless(asked: Asked, known: frozenset[str]) -> bool:
    """Whether a question asks why something is so of which an article, of that vocabulary, has no word but names: "Why
    did Macron resign?" where nobody does.
    """
    told = _to_explain(asked.text)
    return bool(told) and told.isdisjoint(known)


@lru_cache(maxsize=64)  # asked for once per candidate sentence
def _to_explain(question: str) -> frozenset[str]:
    """Stems of words, names apart, for what a question asks the reason of; none where it asks something else."""
    opens = WHY.match(question)
    rest = words(question[opens.end() :]) if opens else []
    told = {stem(word) for word in rest if not word[0].isupper() and fold(word) not in STOP}
    return frozenset(told | {other for pair in ALIKE for one, other in (pair, pair[::-1]) if one in told})


def undone(asked: Asked, text: str) -> bool:
    """Whether a sentence tells only of what may be, or was not, what the question asks of as done: "could make
    landfall", "missed out on winning".
    """
    past = HAPPENED.search(asked.text)
    if past is None or any(pattern.search(asked.text) for pattern in (PLANNED, TO_HAPPEN, TO_DO)):
        return False
    own = words(asked.text)
    if any(negates(word) for word in own):
        return False
    told, done = words(text), (past["deed"] or "").lower()
    if done:
        base = PRESENT.get(done, done.removesuffix("ed")).rstrip("e")
        places = [at for at, word in enumerate(told) if fold(word) == done or fold(word).startswith(base)]
    else:
        plain = [
            (beside, word) for beside, word in pairwise(["", *own]) if not word[0].isupper() and fold(word) not in STOP
        ]
        verbs = {stem(word) for beside, word in plain if fold(beside) not in OF_NOUN}
        deeds = {stem(word) for _, word in plain}
        places = [at for at, word in enumerate(told) if stem(word) in deeds]
        if not any(stem(told[at]) in verbs for at in places):
            return False
    before = [told[max(0, at - 4) : at] for at in places]
    return bool(before) and all(TO_HAPPEN.search(" ".join(few)) or any(map(negates, few)) for few in before)
