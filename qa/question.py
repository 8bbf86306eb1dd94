"""What a question asks for: the kind of answer, the time it leans on, the names and years an answer must fit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from qa.places import another_place
from qa.when import MONTH, WEEKDAYS, answers_when, month_number
from qa.window import Window, question_window
from qa.wording import without_year
from qa.words import COUNTRY, STOP, content, fold, name_runs, names, negates, numbers, stem, vocabulary, words, years

WHOLE = ("reason", "speech", "event", "manner", "whether")  # kinds that a sentence answers, and no span of it
SAID = "say|said|tell|told|think|thought|warn|warned|argue|argued|comment|respond|reply|claim|explain|insist|stress"
HELPER = "did|does|do|was|were|is|are|has|have|had|will|would|can|could"
PERSONS = (  # the first four may as well belong to a noun behind them: "which executive order"
    rf"(?:executive|chief|official|general)(?= (?:\w+ed|of|in|at|from|who|{HELPER})\b|\W*$)"
    "|leader|president|minister|politician|person|secretary|senator|governor|mayor|lawmaker|candidate|judge|diplomat"
    "|adviser|director|coach|player|actor|actress|singer|artist|author|scientist"
)
WHAT_ITS = r"\bwhat(?:['’]s| is| was| were| are) (?:the|its|their|his|her) (?:(?:total|average|current|new|annual) )?"
COST = r"(?:price|cost|fee|fare|salary|budget|fine)\b"
EXPECTS = (
    (
        "time",
        r"\b(when|what (?:year|month|day|date|time)|which (?:year|month|day)|on what (?:day|date)|how long ago|date)\b",
    ),
    (
        "number",
        r"\bhow (?:many|much|long|often|old|far|big|large)\b|\bnumber of\b"
        r"|\bwhat (?:number|percentage|share|amount|vote|margin|score)\b"
        rf"|{WHAT_ITS}(?:(?:death toll|score|sales|revenues?|profits?|turnover|population|temperature|age)\b|{COST})",
    ),
    (
        "reason",
        r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to)\b|\bfor what (?:reason|purpose)\b"
        r"|\bwhat (?:is|was) the reason\b",
    ),
    ("manner", r"\bhow (?:can|could|should|do|does|to)\b"),
    ("event", r"\bwhat (?:(?:has|have|had|is|was) )?happen(?:ed|ing|s)?\b"),
    ("speech", rf"\bwhat\b.*\b(?:did|does|do|has|have|had)\b.*\b(?:{SAID})\b"),
    (
        "person",
        rf"\b(who|whom|whose)\b|\b(?:which|what) (?:(?!(?:{HELPER})\b)[\w-]+ ){{0,2}}?(?:{PERSONS})\b(?!['’])",
    ),
    ("place", r"\bwhere\b|\b(?:what|which) (?:city|country|place|region|town|venue)\b"),
)
LANGUAGES = (
    "arabic|bengali|cantonese|chinese|czech|dutch|english|farsi|french|german|greek|hebrew|hindi|hungarian|indonesian|"
    "italian|japanese|korean|latin|mandarin|persian|polish|portuguese|punjabi|romanian|russian|spanish|swahili|swedish|"
    "tamil|thai|turkish|ukrainian|urdu|vietnamese"
)
# Kinds of answer that show in the words: how they are asked for, and what a sentence that gives one must hold.
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
DATE = re.compile(rf"(?:on )?{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?", re.IGNORECASE)  # counts nothing
HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
LASTS = re.compile(r"\b(?:second|minute|hour|day|night|week|month|year|decade|centurie)s\b", re.IGNORECASE)
TO_BE = re.compile(r"\W*(?:(?:and|so|but) )?(?:when|(?:in|on|by) (?:what|which) \w+) will\b", re.IGNORECASE)
CALLED = re.compile(r"[\w.’'-],? $")  # what may stand between a name and what it is called
CHOSEN = re.compile(  # then the name is an answer: "Who won Best Actor?"
    r"\b(?:wins?|won|winner|winning|named|nam(?:e|ing)|becom\w+|became|elect\w*|appoint\w*|cho+se\w*|crown\w*|select\w*"
    r"|pick\w*|play\w*|star\w*|replac\w*|succeed\w*|receiv\w*|g[eo]ts?|earn\w*|nominat\w*|draft\w*|vot\w+|which|what)\b",
    re.IGNORECASE,
)
WHO_IS = re.compile(r"\s*who(?:'s|’s| is| was| are| were)\b", re.IGNORECASE)
DEFINES = re.compile(
    r"\W*(?:(?:and|so|but) )?(?P<asks>who|what)(?: exactly)?(?P<now>['’]s| is| are| was| were) (?P<the>the )?"
    r"(?P<name>[^\W\d_][^?!,;:\"“”]*?)\W*",
    re.IGNORECASE,
)
NO_NOUN = re.compile(r"[A-Z]|ed\b|s \w+ing$|\b(?:wrong|true|right|known|left|stolen|missing|today|now)\b")
WITHIN = frozenset("of for and the on in at de la le von van der al bin".split())  # words inside a name
NAME_OF = re.compile(
    r"\bnames? of (?:the |an? )?(?P<whose>.+?)(?: (?:who|whom|whose|that|which|where|in|at|on|of|from)\b|[?.,]|$)", re.I
)
TAKEN_FOR_GRANTED = re.compile(
    r"\s*(?:and |but |so )?(?:why|when|where|how)\b(?! (?:many|much|long|often|old|far))", re.I
)
QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.IGNORECASE)
OPENING = re.compile(
    r"\W*(?:(?:and|but|so) )?(?:(?:in|on|at|by|for|from|to|of|with|under|after|before|during|until|since) )?"
    rf"(?={QUESTION_WORD.pattern})",
    re.IGNORECASE,
)
WHETHER = re.compile(rf"\W*(?:(?:and|but|so) )?(?:{HELPER}|should)(?:n['’]t)?\b(?!.*\bor\b)", re.IGNORECASE)
EMBEDDED = re.compile(  # "do you know when", "did he go, and if so when"
    r"\b(?:you|if so|say|said|tell|told|know|known|clear|agree|explain|mention|report|reveal|specify|state)\b"
    rf".*{QUESTION_WORD.pattern}",
    re.IGNORECASE,
)
AND_ASKS = re.compile(rf"\band {QUESTION_WORD.pattern}", re.IGNORECASE)
JOINING = re.compile(r"(?<!and )(?<!or )\b(?:who|whom|whose|when|where|why)\b(?!\W*$)", re.IGNORECASE)
RELATIVE = re.compile(
    r"\b(?:(?:last|this|past) (?:week|weekend|month|year|spring|summer|autumn|fall|winter)|yesterday|today|recently"
    r"|(?:(?:in|over|during|within) )?(?:the )?(?:last|past) (?:couple of|\w+) (?:days|weeks|months)|lately"
    r"|(?:an?|a few|a couple of|\w+) (?:day|week|month)s? ago"
    r"|the latest|most recent(?:ly)?)\b",
    re.IGNORECASE,
)
MANY = re.compile(
    r"^\W*(?:and |so )?(?:what|how) (?:has|have) (?!been|happened|changed\b)"
    r"|\bwhat (?:has|have|had) .+ (?:said|told|done|asked|called|warned|argued|promised|urged|expressed)\b"
    r"|\bwhat (?:is|was) (?:said|known|reported|written|told) (?:about|of)\b|\bwhat do we (?:learn|know|hear|read)\b"
    r"|\b(?:what|which) (?:kinds|sorts|types|forms) of\b"
    r"|\b(?:various|different|several) (?:articles|estimates|sources|accounts|reports|papers)\b"
    r"|\bwhat (?:do|does) .+ (?:say|think|want|argue)\b"
    r"|\bhow (?:has|have|did) .+ (?:chang|develop|evolv|shift|respond|react)"
    r"|^\s*(?:list|summari[sz]e|compare|describe|outline|give me|tell me about|name (?:the|all|every|some))\b"
    r"|\b(?:how|what) do (?:the )?(?:articles|sources|papers)\b|\bwho (?:all|else all)\b"
    r"|\b(?:which|what) (?!was|is|has)\w+(?:s|ies) (?:\w+ ){0,8}?(?:are|were|have|did|do|took|met|called)\b"
    r"|\bwhat (?:are|were) (?:the|all|some|his|her|their) (?!sales|earnings|revenues|profits|losses|takings|odds)"
    r"\w*(?:s|ions)\b"
    r"|\bacross (?:the )?articles\b|\beach (?:article|of)\b|\bon (?:what|which) occasions\b|\bways\b|\bevery time\b"
    r"|\b(?:over time|over the years|timeline|history of|sequence of events|unfold(?:ed)?|evolution of)\b"
    r"|\bwhat happened (?:after|before|since|next|then)\b"
    r"|\b(?:disagree\w*|disput\w+|contradict\w*|conflicting|differ over|(?:two|both) sides)\b"
    r"|\b(?:articles|sources) agree\b",
    re.IGNORECASE,
)


ONE_OF = rf"(?:what|which) (?!(?:{HELPER}|else|happened|the)\b)\w+"  # "which sport", not "what did"
REPORTED = re.compile(r",? (?:first |also |has |had )?report(?:ed|s)[.,;]", re.IGNORECASE)
REPORTING = re.compile(r"\breport", re.IGNORECASE)
DATED = re.compile(rf"\b{MONTH}\s+(\d{{1,2}})\b", re.IGNORECASE)
BESIDE_YEAR = re.compile(r"\b(last|next) year\b(?!['’])", re.IGNORECASE)
OPENING_DAY = re.compile(rf"\W*On (?:(?:{'|'.join(WEEKDAYS)}),? )?{DATED.pattern}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A self-contained question, read once for every stage."""

    text: str
    wording: str  # what the reader is asked: the text, less the time that the articles' dates answer for
    expects: str  # "time", "number", "person", "place", "any"; or one of WHOLE
    many: bool  # wants sentences from several articles
    window: Window
    names: frozenset[str]  # folded, word by word
    years: frozenset[int]
    stems: frozenset[str]
    options: tuple[str, ...] = ()  # the answers it offers, of which one is wanted
    ahead: bool = False  # asks when a thing will be: no time gone by answers
    topic: str = ""  # what an overview is wanted of
    defines: str = ""  # the name, or the word, of which it asks who or what that is

    @property
    def empty(self) -> bool:
        """Whether it names nothing and says nothing: "Why?", alone."""
        return not (self.stems or self.names)


def understand(text: str, today: date) -> Asked:
    """Read a self-contained question; `today` is what "last June" is counted from."""
    name = defines(text)
    window = question_window(text, today)
    return Asked(
        text=text,
        wording=text,
        expects="any" if name else _expects(_asking(text)),
        defines=name,
        ahead=bool(TO_BE.match(text)),
        many=bool(MANY.search(text)),
        window=window,
        names=frozenset(names(text)),
        years=frozenset(years(text)) - window.ends,
        stems=frozenset(content(text)),
    )


def defines(text: str) -> str:
    """The name, or the one word, of which a question asks who or what that is; "" where it asks for anything else."""
    match = DEFINES.fullmatch(text)
    if match is None:
        return ""
    parts = match["name"].split()
    named = parts[0][0].isupper() and all(one[0].isupper() or one in WITHIN for one in parts)
    told = match["asks"].lower() == "who" or match["the"] or match["now"].lower() in (" was", " were")
    noun = not told and len(match["name"]) > len("news") and len(parts) <= 2 and not NO_NOUN.search(match["name"])
    return match["name"] if named or (noun and not STOP.intersection(parts)) else ""


def _expects(asking: str) -> str:
    """The kind that a question opens with, unless it goes on "and when"; else the first that it asks for anywhere."""
    if WHETHER.match(asking) and not EMBEDDED.search(asking):
        return "whether"
    opening = None if AND_ASKS.search(asking) else OPENING.match(asking)
    at = opening.end() if opening else 0
    opened = (kind for kind, pattern in EXPECTS if opening and re.compile(pattern, re.IGNORECASE).match(asking, at))
    named = (kind for kind, pattern in EXPECTS if re.search(pattern, asking, re.IGNORECASE))
    return next(chain(opened, named), "any")


def _asking(text: str) -> str:
    """The question without a "when", "who" or "where" that only joins a clause: "In which city, when he came?"."""
    first = QUESTION_WORD.search(text)
    if not first or NAME_OF.search(text):  # "the name of the man who" asks who
        return text
    return text[: first.end()] + JOINING.sub(" ", text[first.end() :])


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


def another_day(asked: Asked, text: str) -> bool:
    """Whether a sentence opens with a day of another date than the one that the question names."""
    opens = OPENING_DAY.match(text) if asked.expects != "time" else None
    dated = {(month_number(match[1]), int(match[2])) for match in DATED.finditer(asked.text)}
    return bool(opens and dated and (month_number(opens[1]), int(opens[2])) not in dated)


def another_year(asked: Asked, text: str, published: date | None) -> bool:
    """Whether a sentence tells of the year before or after its article's, where the question names none but others."""
    told = BESIDE_YEAR.search(text) if asked.years and published else None
    if told is None or published is None or asked.years & set(years(text)):
        return False
    return published.year + (-1 if told[1].lower() == "last" else 1) not in asked.years


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


def timeless(asked: Asked, texts: Iterable[str]) -> Asked:
    """The question as the reader should see it: without years that no text names, and without "last month".

    An article of 20 November 2023 says "on Monday" or "in October", never the year; its date answers for that.
    """
    told = " ".join(texts)
    wording = RELATIVE.sub(" ", asked.text)
    for year in asked.years:
        if str(year) not in told:
            wording = without_year(wording, year)
    wording = " ".join(wording.split()).replace(" ?", "?")
    return replace(asked, wording=wording if content(wording) else asked.text)


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
    himself = (asked.names - COUNTRY.keys()).intersection(names(span)) if asked.expects == "person" else ()
    if himself and not WHO_IS.match(asked.text):  # nobody meets himself
        return False
    if another_place(asked.text, span):
        return False
    if asked.expects in ("person", "place"):
        return any(word[:1].isupper() for word in span.split())
    return True
