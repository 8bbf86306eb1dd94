"""Whether words, or a sentence, can answer a question: by kind, time, office and speaker. Pure."""

import re
from datetime import date

from qa.places import another_place
from qa.quantity import counts_another
from qa.question import COST, NAME_OF, ONE_OF, PERSONS, WHAT_ITS, WHO_IS, Asked
from qa.speech import another_speaks
from qa.when import MONTH, WEEKDAYS, answers_when, month_number
from qa.words import COUNTRY, STOP, fold, name_runs, names, negates, numbers, stem, vocabulary, words, years

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
        r"\bhow (?:tall|high|deep|wide)\b|\bhow far (?:is|was|are|were|away|from)\b",
        r"\b(?:km|kilomet|mile|met(?:er|re)|feet|foot|ft|yard|inch|block|storey)\w*\b|\d ?m\b",
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
    r"|kilomet\w+|miles?|met(?:er|re)s?|tons?|tonnes?|barrels?|dollars?|euros?|pounds?|yuan|percent)\b",
    re.IGNORECASE,
)
SOME_NUMBER = re.compile(r"\b(?:several|dozens|hundreds|thousands|millions|half)\b", re.IGNORECASE)
NAMED = re.compile(  # a class whose members have names
    r"\b(?:what|which) (?!kind|sort|type)(?:[\w-]+ ){0,2}?(?:airline|album|bank|book|brand|city|club|college|company"
    r"|country|county|film|league|\w+maker|movie|nation|network|newspaper|novel|school|series|show|song"
    r"|state(?! (?:is|was|are|of))|team|town|university)\b",
    re.IGNORECASE,
)
DESCRIBED = re.compile(  # "American sprinter"; a "French president" is one man
    rf"\b(?:{'|'.join(sorted(one.title() for one in COUNTRY))})(?= [a-z])(?! (?:[a-z]+ )?(?:{PERSONS}))"
)
DATE = re.compile(rf"(?:on )?{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?", re.IGNORECASE)  # counts nothing
HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
LASTS = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year|decade|centurie)s\b", re.IGNORECASE)
CALLED = re.compile(r"[\w.’'-],? $")  # what may stand between a name and what it is called
CHOSEN = re.compile(  # then the name is an answer: "Who won Best Actor?"
    r"\b(?:wins?|won|winner|winning|named|nam(?:e|ing)|becom\w+|became|elect\w*|appoint\w*|cho+se\w*|crown\w*|select\w*"
    r"|pick\w*|play\w*|star\w*|replac\w*|succeed\w*|receiv\w*|g[eo]ts?|earn\w*|nominat\w*|draft\w*|vot\w+|which|what)\b",
    re.IGNORECASE,
)
WHOSE = re.compile(  # "Who is Harris's running mate?", "Who is the wife of Joe Biden?"
    rf"(?i:{WHO_IS.pattern}) (?:(?:the )?(?P<one>[^?]+?)(?:['’]s|(?<=s)['’]) [a-z]"
    r"|(?:the|an?) [a-z][a-z -]* (?:of|for|to) (?P<other>[A-Z][^?]*))",
)
TAKEN_FOR_GRANTED = re.compile(
    r"\s*(?:and |but |so )?(?:why|when|where|how)\b(?! (?:many|much|long|often|old|far))", re.I
)
ONE_OF_SOME = re.compile(rf"\b{ONE_OF}", re.IGNORECASE)
REPORTED = re.compile(r",? (?:first |also |has |had )?report(?:ed|s)[.,;]", re.IGNORECASE)
REPORTING = re.compile(r"\breport", re.IGNORECASE)
DATED = re.compile(rf"\b{MONTH}\s+(\d{{1,2}})\b", re.IGNORECASE)
NOT_BOUNDING = re.compile(  # a year in which a thing was, no bound of a time
    r"(?<!since )(?<!from )(?<!until )(?<!till )(?<!to )(?<!through )(?<!before )(?<!after )(?<!by )(?<!than )(?<!and )"
    r"(?<!between )(?<![-–—$\d,.])(?:1[5-9]|2[01])\d\d(?![,.]?\d|[-–—])"
)
NOW = re.compile(r"\W*(?:who|(?:which|what)(?: \w+){1,3}?)(?:['’]s| is| are) ", re.IGNORECASE)
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
BESIDE_YEAR = re.compile(r"\b(last|next) year\b(?!['’])", re.IGNORECASE)
OPENING_DAY = re.compile(rf"\W*On (?:(?:{'|'.join(WEEKDAYS)}),? )?{DATED.pattern}", re.IGNORECASE)


def fits(asked: Asked, span: str) -> bool:
    """Whether words are of the kind asked for: a time for "when", a number for "how many", a name for "who".

    Words that only repeat the question are of no kind, unless it offers a choice.
    """
    said = {fold(word) for word in words(asked.text)}
    if "or" not in said and {fold(word) for word in words(span)} <= said | STOP:
        return False
    if asked.expects == "time":
        return answers_when(asked.text, span)
    if asked.expects == "number":
        lasts = HOW_LONG.search(asked.text) and LASTS.search(span)
        return bool(numbers(span) or lasts or SOME_NUMBER.search(span)) and not DATE.fullmatch(span.strip())
    if asked.expects == "person" and _himself(asked, span):
        return False
    if asked.expects == "any" and NAME_OF.search(asked.text) and not _named(asked, span):
        return False
    if asked.expects == "any" and ONE_OF_SOME.search(asked.text) and DATE.fullmatch(span.strip()):
        return False
    if another_place(asked.text, span):
        return False
    if asked.expects in ("person", "place") or NAMED.search(asked.text):
        return _named(asked, span)
    return True


def _named(asked: Asked, span: str) -> bool:
    """Whether a span names somebody or something that the question does not: "the American sprinter" does not."""
    runs = [fold(word) for run in name_runs(DESCRIBED.sub(" ", span)) for word in words(run)]
    return not set(runs) <= asked.names


def _himself(asked: Asked, span: str) -> bool:
    """Whether a span names who is asked about: nobody meets himself, or is his own running mate."""
    told = set(names(span))
    if not WHO_IS.match(asked.text):
        return bool((asked.names - COUNTRY.keys()) & told)
    whose = WHOSE.match(asked.text)
    own = names(whose["one"] or whose["other"]) if whose else []
    return bool(own) and bool(told) and (told <= set(own) or names(span)[-len(own) :] == own)


def introduces(asked: Asked, behind: str) -> bool:
    """Whether a name of the question stands right behind a span, which is then that person's title and nobody else:
    "French Foreign Minister" before "Catherine Colonna" does not say whom she met, though it says who she is.
    """
    if asked.expects != "person" or WHO_IS.match(asked.text):
        return False
    return any(behind.lstrip(" ,").startswith(name) for name in name_runs(asked.text))


def itself(asked: Asked, before: str) -> bool:
    """Whether the words right before a name call it what the question calls its own subject: "UnitedHealthcare CEO"
    before "Brian Thompson" does not say who killed the UnitedHealthcare CEO.
    """
    if asked.expects != "person" or WHO_IS.match(asked.text) or CHOSEN.search(asked.text):
        return False
    said, own = [fold(word) for word in words(before)[-2:]], words(asked.text)
    places = [at for at in range(len(own) - 1) if [fold(own[at]), fold(own[at + 1])] == said]
    called = bool(CALLED.search(before)) and not STOP.intersection(said)
    return called and any(at + 2 == len(own) or not own[at + 2][0].isupper() for at in places)


def reports(asked: Asked, behind: str) -> bool:
    """Whether a span is who reported a thing, by the words behind it, where the question does not ask for that:
    ", the Los Angeles Times reported."
    """
    return bool(REPORTED.match(behind)) and not REPORTING.search(asked.text)


def mismatch(asked: Asked, text: str, published: date | None) -> float:
    """How plainly a sentence of an article of that day cannot answer: 1 where it lacks the kind asked for, or counts,
    quotes, dates or names another; 2 where it denies what the question takes for granted; else 0.
    """
    if denies(asked, text):
        return 2.0
    other = counts_another(asked.text, text) or another_speaks(asked.text, text) or gone(asked, text)
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
