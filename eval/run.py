"""Runs a question set: one row per question, crashes included, and every mean from the rows."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from eval.limits import LIMIT, within
from eval.metrics import (
    citation_precision,
    citation_recall,
    evidence_cited,
    exact,
    f1,
    hit,
    interval,
    mean,
    ndcg,
    percentile,
    reciprocal_rank,
    reliability,
    risk_coverage,
    risk_coverage_area,
    sources_precision,
    sources_right,
    without_marks,
    words_right,
)
from eval.questions import Question
from ingest.article import Passage
from qa.answer import Answer, Citation
from qa.verify import supported

Ask = Callable[[Question], Answer]
Rank = Callable[[Question], Sequence[Passage]]  # the passages as they would be read for an answer, best first
TextOf = Callable[[str], str]  # an article's id -> its stored text; KeyError for an unknown one
PassagesOf = Callable[[str], Sequence[Passage]]  # an article's source -> all its passages

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
    "hit@1": "answerable: the first passage read holds gold words",
    "hit@5": "answerable: one of the first five passages read does",
    "mrr@10": "answerable: 1 / rank of the first of ten passages that does",
    "ndcg@10": "answerable: nDCG of the first ten passages, of all that hold gold words",
    "citation_recall": "answered: share of its sentences that their citations support (ALCE; the judge is qa.verify)",
    "citation_precision": "answered: share of its citations that are of use (ALCE; the judge is qa.verify)",
    "refused_right": "unanswerable: refused (refusal recall)",
    "undisputed": "answered, of another kind than disagreement: does not say that sources disagree",
    "pointers": "all questions: every quote equals the stored text at its offsets",
}
RANKED = ("hit@1", "hit@5", "mrr@10", "ndcg@10")
CITED = ("citation_recall", "citation_precision")
SHOWN = (*CITED, "undisputed")  # of what is shown: a refusal has nothing to cite, and counts nowhere
DISPUTED = "disagreement"  # the kind of question whose answer is to say that sources disagree


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a run ranks passages, so that retrieval can be counted beside the answers."""

    rank: Rank
    passages: PassagesOf


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
    disagreements: tuple[dict[str, Any], ...] = ()
    probability: float = 0.0
    seconds: float = 0.0
    error: str = ""  # why there is no answer: every value is then 0
    values: Mapping[str, float] = field(default_factory=dict)  # by measure; only those that concern the question


def run(
    questions: Sequence[Question],
    ask: Ask,
    text_of: TextOf,
    clock: Callable[[], float] = time.perf_counter,
    ranking: Ranking | None = None,
    limit: float = LIMIT,
) -> Iterable[Row]:
    """A row per question, in order. An exception, or more than `limit` seconds, gives a row of zeros that names it."""
    for question in questions:
        started = clock()
        try:
            with within(limit):
                answer = ask(question)
            seconds = clock() - started
            if seconds > limit:
                raise TimeoutError(f"took longer than {limit:g} seconds")
            ranked = _ranked_values(question, ranking) if ranking else {}
            yield _answered(question, answer, seconds, text_of, ranked)
        except Exception as error:
            yield _crashed(question, f"{type(error).__name__}: {error}", clock() - started, ranking is not None)


def judge(question: Question, answer: Answer, text_of: TextOf) -> dict[str, float]:
    """The values of one answer, by measure."""
    values = {
        "pointers": float(all(_true_quote(one, text_of) for one in (*answer.citations, *answer.nearest))),
        **_citation_values(answer),
        **({} if question.kind == DISPUTED else {"undisputed": float(not answer.disagreements)}),
    }
    if question.answerable:
        values |= _answer_values(question, answer)
        right = values["words"] * values["sources"]
    elif question.wanted:  # a false presupposition: refuse it or correct it
        met = _answer_values(question, answer)
        right = float(answer.refused or met["words"] * met["sources"] == 1.0)
    else:
        values["refused_right"] = right = float(answer.refused)
    return values | {"right": right}


def concerned(question: Question, ranked: bool = False) -> tuple[str, ...]:
    """The measures that concern a question, whatever was answered; `ranked` where retrieval is counted too."""
    shown = CITED if question.kind == DISPUTED else SHOWN
    shared = ("pointers", *shown, "right")
    if question.answerable:
        short = ("exact", "f1") if len(question.wanted) == 1 else ()
        found = RANKED if ranked else ()
        return (*shared, "words", "sources", "sources_only", "evidence", *short, "answered", *found)
    return shared if question.wanted else (*shared, "refused_right")


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
    concerned_rows = [row for row in rows if not (measure in SHOWN and row.refused)]
    return [row.values[measure] for row in concerned_rows if measure in row.values]


def curve(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """(coverage, risk) over the questions that were answered, surest first; crashes come last, as wrong."""
    return risk_coverage(_told(rows), sum(bool(row.error) for row in rows))


def whole_curve(rows: Sequence[Row], told: Sequence[Row]) -> list[tuple[float, float]]:
    """(coverage, risk) over all questions, surest first: as if every threshold had been tried.

    `told`: the rows of a run that answers always; from it comes whether what was refused would have been right.
    """
    would = {row.id: row.values["right"] for row in told}
    sure = [row for row in rows if not row.error]
    pairs = [(row.probability, would[row.id] if row.refused else row.values["right"]) for row in sure]
    return risk_coverage(pairs, len(rows) - len(sure))


def sureness(rows: Sequence[Row]) -> list[tuple[float, float, int]]:
    """(mean probability, share right, how many) over the questions that were answered, in ten bins of probability."""
    return reliability(_told(rows))


def _told(rows: Sequence[Row]) -> list[tuple[float, float]]:
    return [(row.probability, row.values["right"]) for row in rows if not row.refused and not row.error]


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
        return {name: 0.0 for name in concerned(question) if name not in ("pointers", *SHOWN, "right", "refused_right")}
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


def _citation_values(answer: Answer) -> dict[str, float]:
    """Whether what is shown is supported by what it cites; 1 for a refusal, which `values` then leaves out."""
    if answer.refused:
        return dict.fromkeys(CITED, 1.0)
    quotes = {one.number: one.quote for one in answer.citations}
    cited = [(one.text, [quotes[at] for at in one.citations if at in quotes]) for one in answer.sentences]
    return dict(zip(CITED, (citation_recall(cited, supported), citation_precision(cited, supported)), strict=True))


def _ranked_values(question: Question, ranking: Ranking) -> dict[str, float]:
    """Where passages that hold gold words stand among those that would be read."""
    if not question.answerable:
        return {}
    gold = question.gold or {}
    relevant = {
        one.id: 1.0 for source in gold for one in ranking.passages(source) if evidence_cited([(source, one.text)], gold)
    }
    ranked = [one.id for one in ranking.rank(question)]
    return {
        "hit@1": hit(ranked, relevant, 1),
        "hit@5": hit(ranked, relevant, 5),
        "mrr@10": reciprocal_rank(ranked, relevant, 10),
        "ndcg@10": ndcg(ranked, relevant, 10),
    }


def _true_quote(one: Citation, text_of: TextOf) -> bool:
    try:
        return bool(one.quote) and text_of(one.article_id)[one.start : one.end] == one.quote
    except KeyError:
        return False


def _answered(question: Question, answer: Answer, seconds: float, text_of: TextOf, ranked: Mapping[str, float]) -> Row:
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
        disagreements=tuple(shown["disagreements"]),
        values={**judge(question, answer, text_of), **ranked},
    )


def _crashed(question: Question, error: str, seconds: float, ranked: bool) -> Row:
    zeros = dict.fromkeys(concerned(question, ranked), 0.0)
    return Row(**_asked(question), error=error, seconds=seconds, values=zeros)


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
