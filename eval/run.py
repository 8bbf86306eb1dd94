"""Runs a question set: one row per question, crashes included, and every mean from the rows."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.metrics import (
    evidence_cited,
    exact,
    f1,
    interval,
    mean,
    percentile,
    risk_coverage,
    risk_coverage_area,
    sources_precision,
    sources_right,
    without_marks,
    words_right,
)
from eval.questions import Question
from qa.answer import Answer, Citation

Ask = Callable[[Question], Answer]
TextOf = Callable[[str], str]  # an article's id -> its stored text; KeyError for an unknown one

# What each mean counts, in the order of the tables. A question that a measure does not concern has no value for it.
MEASURES = {
    "right": "all questions: right words from right articles, or a refusal where none is right",
    "words": "answerable: the answer holds the accepted words",
    "sources": "answerable: enough of the gold articles are cited",
    "sources_only": "answerable: the share of citations that come from gold articles",
    "evidence": "answerable: a citation covers gold words",
    "exact": "answerable by one phrase: the short answer is an accepted one",
    "f1": "answerable by one phrase: word overlap of the short answer and the nearest accepted one",
    "answered": "answerable: not refused",
    "refused_right": "unanswerable: refused (refusal recall)",
    "pointers": "all questions: every quote equals the stored text at its offsets",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What happened to one question. Plain values only, so that it can be written and read back."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    refuse: bool
    accepted: tuple[str, ...]  # the accepted words, for the reader of a report
    gold: tuple[str, ...]  # the gold articles
    standalone: str = ""
    refused: bool = False
    answer: str = ""
    short: str = ""
    citations: tuple[dict[str, Any], ...] = ()
    probability: float = 0.0
    seconds: float = 0.0
    error: str = ""  # why there is no answer: every value is then 0
    values: Mapping[str, float] = field(default_factory=dict)  # by measure; only those that concern the question


def run(
    questions: Sequence[Question], ask: Ask, text_of: TextOf, clock: Callable[[], float] = time.perf_counter
) -> Iterable[Row]:
    """A row per question, in order. An exception becomes a row of zeros that names it."""
    for question in questions:
        started = clock()
        try:
            answer = ask(question)
            seconds = clock() - started
            yield _answered(question, answer, seconds, text_of)
        except Exception as error:
            yield _crashed(question, f"{type(error).__name__}: {error}", clock() - started)


def judge(question: Question, answer: Answer, text_of: TextOf) -> dict[str, float]:
    """The values of one answer, by measure."""
    values = {"pointers": float(all(_true_quote(one, text_of) for one in (*answer.citations, *answer.nearest)))}
    if question.answerable:
        values |= _answer_values(question, answer)
        right = values["words"] * values["sources"]
    elif question.wanted:  # a false presupposition: refuse it or correct it
        met = _answer_values(question, answer)
        right = float(answer.refused or met["words"] * met["sources"] == 1.0)
    else:
        values["refused_right"] = right = float(answer.refused)
    return values | {"right": right}


def concerned(question: Question) -> tuple[str, ...]:
    """The measures that concern a question, whatever was answered."""
    if question.answerable:
        short = ("exact", "f1") if len(question.wanted) == 1 else ()
        return ("pointers", "words", "sources", "sources_only", "evidence", *short, "answered", "right")
    return ("pointers", "right") if question.wanted else ("pointers", "refused_right", "right")


def summary(rows: Sequence[Row]) -> dict[str, float]:
    """Every mean by its name, over all rows; latencies in seconds."""
    means = {name: mean(values(rows, name)) for name in MEASURES if values(rows, name)}
    refused = [row for row in rows if row.refused]
    times = [row.seconds for row in rows]
    return {
        **means,
        "refusal_precision": mean([float(row.refuse) for row in refused]),
        "risk_coverage_area": risk_coverage_area(curve(rows)),
        "errors": float(sum(bool(row.error) for row in rows)),
        "p50_s": percentile(times, 0.50),
        "p95_s": percentile(times, 0.95),
    }


def values(rows: Sequence[Row], measure: str) -> list[float]:
    """The measure's values, in order, of the rows it concerns."""
    return [row.values[measure] for row in rows if measure in row.values]


def curve(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """(coverage, risk) over the questions that were answered, surest first; crashes come last, as wrong."""
    answered = [(row.probability, row.values["right"]) for row in rows if not row.refused and not row.error]
    return risk_coverage(answered, sum(bool(row.error) for row in rows))


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows of each kind, kinds in the order of the file."""
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row.kind, []).append(row)
    return kinds


def right_interval(rows: Sequence[Row]) -> tuple[float, float]:
    """The 95% bootstrap interval of "right"."""
    return interval(values(rows, "right"))


def to_json(row: Row) -> dict[str, Any]:
    """The row as plain types."""
    return asdict(row)


def _answer_values(question: Question, answer: Answer) -> dict[str, float]:
    """The values of an answer against accepted words and gold; a refusal gets zeros."""
    if answer.refused:
        return {name: 0.0 for name in concerned(question) if name not in ("pointers", "right")}
    gold = question.gold or {}
    cited = [one.source for one in answer.citations]
    said = without_marks(answer.answer)
    found = {
        "words": words_right(f"{said} | {answer.short or ''}", question.wanted, question.at_least),
        "sources": sources_right(cited, list(gold), question.cite),
        "sources_only": sources_precision(cited, list(gold)),
        "evidence": evidence_cited([(one.source, one.quote) for one in answer.citations], gold),
        "answered": 1.0,
    }
    if len(question.wanted) == 1:
        phrase = answer.short or said
        found |= {"exact": exact(phrase, question.wanted[0]), "f1": f1(phrase, question.wanted[0])}
    return found


def _true_quote(one: Citation, text_of: TextOf) -> bool:
    try:
        return bool(one.quote) and text_of(one.article_id)[one.start : one.end] == one.quote
    except KeyError:
        return False


def _answered(question: Question, answer: Answer, seconds: float, text_of: TextOf) -> Row:
    shown = answer.to_json()
    return Row(
        **_asked(question),
        standalone=answer.standalone,
        refused=answer.refused,
        answer=answer.answer,
        short=answer.short or "",
        citations=tuple(shown["citations"]),
        probability=answer.probability,
        seconds=seconds,
        values=judge(question, answer, text_of),
    )


def _crashed(question: Question, error: str, seconds: float) -> Row:
    return Row(**_asked(question), error=error, seconds=seconds, values=dict.fromkeys(concerned(question), 0.0))


def _asked(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "question": question.question,
        "history": question.history,
        "refuse": question.refuse,
        "accepted": tuple(" / ".join(group) for group in question.wanted),
        "gold": tuple(question.gold or ()),
    }
