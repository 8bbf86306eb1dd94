"""What a question asks for: the kind of answer, the time it leans on, the names and years an answer must fit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from qa.window import Window, question_window
from qa.wording import without_year
from qa.words import STOP, content, names, years

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
TERSE = tuple(  # "super bowl 2024 winner": what a question without a question word ends with
    (kind, re.compile(rf"\b(?:{nouns})\W*(?:(?:in )?(?:19|20)\d\d\W*)?$", re.IGNORECASE))
    for kind, nouns in (
        (
            "person",
            "winners?|champions?|runner-?up|nominee|running mate|successor|predecessor|wife|husband|father|mother"
            "|killer|gunman|shooter|suspect|victim|founder|owner|ceo|mvp"
            r"|\w+ (?:president|leader|minister|mayor|governor|director)",
        ),
        ("number", "death toll|price|cost|age|salary|net worth|population|final score|length|height|attendance"),
        ("place", "location|venue|birthplace|hometown"),
    )
)
# Kinds of answer that show in the words: how they are asked for, and what a sentence that gives one must hold.
TO_BE = re.compile(r"\W*(?:(?:and|so|but) )?(?:when|(?:in|on|by) (?:what|which) \w+) will\b", re.IGNORECASE)
WHO_IS = re.compile(  # not "who is charged", "who is running"
    r"\s*who(?:'s|’s| is| was| are| were)\b(?! (?:\w+ly )?(?:(?-i:[a-z]\w*(?:ed|ing))|shot|hurt|found|chosen)\b)",
    re.IGNORECASE,
)
DEFINES = re.compile(
    r"\W*(?:(?:and|so|but) )?(?P<asks>who|what)(?: exactly)?(?P<now>['’]s| is| are| was| were) (?P<the>the )?"
    r"(?P<name>[^\W\d_][^?!,;:\"“”]*?)\W*",
    re.IGNORECASE,
)
HOLDS = re.compile(  # an office, of which "who is the" asks for its holder
    rf"\b(?:{PERSONS}|CEO|CFO|speaker|head|chief|chair(?:man|woman)?|owner|founder|chancellor|commissioner|commander|captain"
    r"|pope|king|queen|first lady|host)\b",
    re.IGNORECASE,
)
NO_NOUN = re.compile(r"[A-Z]|ed\b|s \w+ing$|\b(?:wrong|true|right|known|left|stolen|missing|today|now)\b")
WITHIN = frozenset("of for and the on in at de la le von van der al bin".split())  # words inside a name
NAME_OF = re.compile(  # "the name of the dog Kristi Noem shot", "of the officer placed on leave"
    r"\bnames? of (?:the |an? )?(?P<whose>.+?)(?:[?.,]|$"
    r"| (?:who|whom|whose|that|which|where|in|at|on|of|from|for|you|we|they|it|he|she)\b|(?<!ly) \w+ed\b"
    r"|(?= (?-i:[A-Z][\w.-]*(?: [A-Z][\w.-]*)*) "
    r"(?:\w+ed|shot|built|put|made|wrote|won|bought|sold|hit|led|got|gave|took)\b))",
    re.IGNORECASE,
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
BESIDE = re.compile(  # what stands before a question and is no question itself: "As vice president, what did she say?"
    r",\s*$|^\W*(?:as|after|at|according|before|by|despite|during|for|from|in|of|on|regarding|since|to|under|with)\b",
    re.I,
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
    rf"|\bwhat (?:help|aid|assistance|support|advice|evidence|damage) (?:{HELPER})\b"
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
    who = match["asks"].lower() == "who"
    if who and match["the"] and HOLDS.search(match["name"]):
        return ""
    told = who or match["the"] or match["now"].lower() in (" was", " were")
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
    word = QUESTION_WORD.search(asking)
    before = asking[: word.start()] if word and not opening and not BESIDE.search(asking[: word.start()]) else ""
    headed = (kind for kind, pattern in TERSE if pattern.search(before))  # "Ethel Kennedy age when she died"
    terse = (kind for kind, pattern in TERSE if not word and pattern.search(asking))
    return next(chain(opened, headed, named, terse), "any")


def _asking(text: str) -> str:
    """The question without a "when", "who" or "where" that only joins a clause: "In which city, when he came?"."""
    first = QUESTION_WORD.search(text)
    if not first or NAME_OF.search(text):  # "the name of the man who" asks who
        return text
    return text[: first.end()] + JOINING.sub(" ", text[first.end() :])


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
