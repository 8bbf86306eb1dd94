"""How surely another source's value is one of the very thing asked. Pure."""

import math
import re
from dataclasses import replace

from ingest.article import Article
from qa.compare import Value, key, orders_apart, same_grain
from qa.evidence import Candidate, Echo
from qa.question import Asked
from qa.reader import Span
from qa.words import content, fold, folded, name_runs, vocabulary, words

MEASURED = ("number", "time")  # of any other kind, only names and the like contradict
# A logistic regression on planted conflicts and on the development set, where hardly any sources disagree; NEAR was
# held at what older conflicts gave, as most of these are of one day. Of what the source says: how relevant its
# sentence is, read alone (logits / 5); its margin for what answers the answer (logits / 5, no less than LEAST_ECHO),
# whether that answers the question, too, and whether no sentence of its source does better; the cosine of question and
# passage; the share of its words of content, or of the answer's, that both have; how near in time they were published,
# exp(-days / WEEK).
AGAIN, ECHO, TWICE, FOREMOST, DENSE, WORDS, NEAR = 0.8, 0.6, 0.6, 1.0, 5.5, 0.9, 3.4
# Of its value: whether an article names the other's as well; a day beside a month; the day of telling ("said on
# Monday"); by how many powers of ten it is another number.
BOTH, GRAIN, TELLING, SIZE = -3.1, -2.8, -2.2, -1.5
KIN = 6.5  # the sum from which it contradicts
LEAST_ECHO, WEEK = -2.4, 7
SUREST = 10.0  # logits: a margin that hardly any answer has
TOLD = re.compile(
    r"\b(?:said|says|told|announced|wrote|added|reported|confirmed)\b(?: \w+){0,5}(?: on)? *$", re.IGNORECASE
)


def kinship(asked: Asked, best: Candidate, one: Candidate) -> float:
    """The sum for a candidate beside the best one: a log-odds, but for a constant."""
    ours, theirs = value_of(asked, best), value_of(asked, one)
    if asked.expects == "time":
        value = GRAIN * (not same_grain(ours, theirs)) + TELLING * bool(TOLD.search(theirs.before))
    else:
        value = SIZE * orders_apart(ours, theirs)
    if asked.expects not in MEASURED:
        value += BOTH * (_named(best.article, one.words) or _named(one.article, best.words))
    return _said_of_it(best, one) + value


def may_be_kin(best: Candidate, one: Candidate) -> bool:
    """Whether the surest answer to the answer would make some value of a candidate one of the very thing asked."""
    surest = Echo(Span(one.start, one.end, SUREST), twice=True, foremost=True)
    return _said_of_it(best, replace(one, echo=surest)) >= KIN


def _said_of_it(best: Candidate, one: Candidate) -> float:
    echo = max(LEAST_ECHO, one.echo.span.score / 5) if one.echo else LEAST_ECHO
    rank = TWICE * one.echo.twice + FOREMOST * one.echo.foremost if one.echo else 0.0
    ours, theirs = set(content(best.text)), set(content(one.text))
    shared = len(ours & theirs) / (min(len(ours), len(theirs)) or 1)
    near = math.exp(-days_apart(best, one) / WEEK)
    text = AGAIN * one.features.again + DENSE * one.features.dense + WORDS * shared
    return ECHO * echo + rank + text + NEAR * near


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
