"""How surely another source's value is one of the very thing asked. Pure."""

import math
import re
from dataclasses import dataclass, fields, replace

from ingest.article import Article
from qa.compare import DIFFER, Value, compare, key, mentions, orders_apart, same_grain
from qa.evidence import Candidate, Echo
from qa.question import Asked
from qa.reader import Span
from qa.words import content, fold, folded, name_runs, vocabulary, words

MEASURED = ("number", "time")  # of any other kind, only names and the like contradict
KIN = 11.2  # the sum from which it contradicts
LEAST_ECHO, WEEK = -2.4, 7
SUREST = 10.0  # logits: a margin that hardly any answer has
TOLD = re.compile(
    r"\b(?:said|says|told|announced|wrote|added|reported|confirmed)\b(?: \w+){0,5}(?: on)? *$", re.IGNORECASE
)

# A later source that says so, or counts more victims, goes on with the story: it does not contradict the earlier one.
GOES_ON = re.compile(
    r"\b(?:now|revised?|updated?|corrected|new (?:toll|count|figure|date)|up from|down from|instead|postponed|delayed"
    r"|(?:has|have) (?:risen|climbed|grown|reached|fallen)|ris(?:es|ing) to|rose to|climbs? to|grew to|moved to"
    r"|rescheduled|no longer|raised to|reached)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Kin:
    """What is measured of another source's value, and, under the same names, what each is worth."""

    again: float  # how relevant its sentence is, read alone: logits / 5
    echo: float  # margin of what in it answers the answer: logits / 5, no less than LEAST_ECHO
    twice: float  # 1 if that answers the question, too
    foremost: float  # 1 if no sentence of its source does better
    dense: float  # cosine of question and passage
    words: float  # share of its words of content, or of the answer's, that both have
    near: float  # how near in time they were published: exp(-days / WEEK)
    both: float = 0.0  # 1 if an article names the other's value as well
    grain: float = 0.0  # 1 for a day beside a month
    telling: float = 0.0  # 1 for the day of telling: "said on Monday"
    size: float = 0.0  # by how many powers of ten it is another number
    given: float = 0.0  # 1 if an article gives the other's number as well, and does not say that it has changed


# A logistic regression on planted conflicts and on the development set, where hardly any sources disagree; made anew by
# `python -m eval conflicts DIR --fit`. `near` was held at what older conflicts gave, as most of these are of one day.
WEIGHTS = Kin(0.79, 0.7, 0.0, 2.95, 6.63, 3.08, 3.4, -2.8, -5.31, -3.28, -1.58, -1.39)
NAMES = tuple(field.name for field in fields(Kin))


def kinship(asked: Asked, best: Candidate, one: Candidate) -> float:
    """The sum for a candidate beside the best one: a log-odds, but for a constant."""
    return _weighed(measured(asked, best, one))


def may_be_kin(best: Candidate, one: Candidate) -> bool:
    """Whether the surest answer to the answer would make some value of a candidate one of the very thing asked."""
    surest = Echo(Span(one.start, one.end, SUREST), twice=True, foremost=True)
    return _weighed(_of_source(best, replace(one, echo=surest))) >= KIN


def measured(asked: Asked, best: Candidate, one: Candidate) -> Kin:
    """What the sum is made of."""
    found, ours, theirs = _of_source(best, one), value_of(asked, best), value_of(asked, one)
    if asked.expects == "time":
        telling = bool(TOLD.search(theirs.before))
        return replace(found, grain=float(not same_grain(ours, theirs)), telling=float(telling))
    if compare(asked, ours, theirs) != DIFFER:
        return found
    given = mentions(best.article.text, theirs) or mentions(one.article.text, ours)
    found = replace(found, size=float(orders_apart(ours, theirs)), given=float(given and not GOES_ON.search(one.text)))
    if asked.expects in MEASURED:
        return found
    return replace(found, both=float(_named(best.article, one.words) or _named(one.article, best.words)))


def _of_source(best: Candidate, one: Candidate) -> Kin:
    """What is measured of the sentence, whatever its value."""
    ours, theirs = set(content(best.text)), set(content(one.text))
    return Kin(
        again=one.features.again,
        echo=max(LEAST_ECHO, one.echo.span.score / 5) if one.echo else LEAST_ECHO,
        twice=float(one.echo is not None and one.echo.twice),
        foremost=float(one.echo is not None and one.echo.foremost),
        dense=one.features.dense,
        words=len(ours & theirs) / (min(len(ours), len(theirs)) or 1),
        near=math.exp(-days_apart(best, one) / WEEK),
    )


def _weighed(found: Kin) -> float:
    return float(sum(getattr(WEIGHTS, name) * getattr(found, name) for name in NAMES))


def days_apart(one: Candidate, other: Candidate) -> int:
    """Days between two articles; 0 where one is undated."""
    ours, theirs = one.article.published.day, other.article.published.day
    return abs((ours - theirs).days) if ours and theirs else 0


def _named(article: Article, value: str) -> bool:
    """Whether an article names a value: all its words, and those of one of its names, if it has any, in a row."""
    wanted = key(value)
    plain = re.sub(r"^(?:the|an?) ", "", value, flags=re.IGNORECASE)
    names = [run for run in name_runs(value) if " " in run] or [plain]
    in_a_row = (f" {' '.join(map(fold, words(one)))} " in folded(article.text) for one in names)
    return bool(wanted) and wanted <= vocabulary(article.text) and (len(wanted) == 1 or any(in_a_row))


def said(asked: Asked, one: Candidate) -> str:
    """The value that a candidate gives: a time for "when", else its span."""
    return one.time if asked.expects == "time" else one.words


def value_of(asked: Asked, one: Candidate) -> Value:
    """The same with what is needed to compare it."""
    words = said(asked, one)
    before, behind = around(one, words)
    return Value(words, before, behind, one.article.published.day)


def around(one: Candidate, words: str) -> tuple[str, str]:
    """The sentence before and after its span, or before and after the words where they are not the span."""
    if one.span and words == one.words:
        return one.article.text[one.start : one.span.start], one.article.text[one.span.end : one.end]
    before, _, behind = one.text.partition(words) if words else ("", "", one.text)
    return before, behind
