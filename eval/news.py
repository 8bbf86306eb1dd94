"""News-quiz questions over the articles that a search found for them: `python -m eval news DIR`.

DIR holds questions*.jsonl[.gz] and articles*.jsonl[.gz]. Of a question only its wording, its day and its choices are
ever shown to the pipeline; the text that the quiz gave as evidence is not read at all.
"""

import hashlib
import heapq
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from eval.limits import LIMIT, within
from eval.lines import read_objects
from eval.metrics import exact, f1, fold, hit, holds, mean, percentile, without_marks, words_right
from eval.retrieval import Search, rank_documents
from eval.run import Row, values
from ingest.errors import UserError
from qa.answer import Answer
from qa.ask import Found

# What says that an article is relevant: a link in the quiz; the answer's words in an article that a web search found;
# the web search alone.
LABELS = {"gold": "gold_ids", "weak": "ids_containing_answer", "web": "retrieved_ids"}
DEPTHS = (1, 5, 20)
MOST_NAMED = 20  # passages in which the baseline counts the choices
NEAR = 0.5  # F1 from which a span is the answer in other words: "Aces" for "Las Vegas Aces"
TOGETHER = 100  # articles in one file, so that progress is seen
OPEN, CHOICES = "open", "choices"  # the two ways a question is asked; a row's kind
STAGES = ("bm25", "dense", "hybrid", "pipeline")
ANSWERED = ("right", "exact", "f1", "answered", "best_span")  # of open questions
CHOSEN = ("right", "answered", "most_named")  # of those with choices

Ask = Callable[[str, date], Answer]
Find = Callable[[str, date], Found]


@dataclass(frozen=True, slots=True)
class Quiz:
    """A question with its choices, and the articles that are relevant by each label."""

    id: str
    question: str
    day: date
    choices: tuple[str, ...]
    answer: str
    labels: Mapping[str, frozenset[str]]

    @property
    def with_choices(self) -> str:
        """The question as a quiz puts it."""
        return f"{self.question} {', '.join(self.choices[:-1])} or {self.choices[-1]}?"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is measured: the whole of it, and the searches to set beside it."""

    ask: Ask
    find: Find
    searches: Mapping[str, Search]  # by stage; "hybrid" must be one of them


def load_quizzes(folder: Path, most: int) -> list[Quiz]:
    """The questions that have a weak label, at most so many: those whose ids have the smallest hashes."""
    rows = [row for path in _files(folder, "questions") for row in read_objects(path)]
    labelled = [_quiz(row) for row in rows if row.get(LABELS["weak"])]
    if not labelled:
        raise UserError(f"{folder}: no question names an article that holds its answer.")
    return sorted(labelled, key=lambda quiz: _hash(quiz.id))[:most]


def write_articles(folder: Path, quizzes: Sequence[Quiz], most: int, made: Path) -> None:
    """Writes so many articles into the folder `made`, some files of JSON lines: those that hold the answers, then those
    that the web search found, then others; within each the ones whose ids have the smallest hashes.
    """
    needed, found = _labelled(quizzes, "gold", "weak"), _labelled(quizzes, "web")
    if len(needed) > most:
        more = f"give --articles {len(needed)}, or fewer --questions"
        raise UserError(f"The answers to these questions stand in {len(needed)} articles: {more}.")
    rows = (row for path in _files(folder, "articles") for row in read_objects(path))
    named = ((str(row.get("id")), json.dumps(row, ensure_ascii=False)) for row in rows)
    ranked = heapq.nsmallest(most, ((name not in needed, name not in found, _hash(name), line) for name, line in named))
    chosen = [line for *_, line in ranked]
    part = made.with_name(f"{made.name}.part")  # a killed run leaves no half of a folder under its own name
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for start in range(0, len(chosen), TOGETHER):
        text = "\n".join(chosen[start : start + TOGETHER]) + "\n"
        (part / f"articles-{start:05}.jsonl").write_text(text, "utf-8")
    part.rename(made)


def digest(folder: Path, questions: int, articles: int) -> str:
    """Names the set-up: it changes with the counts, and with the names and sizes of the files."""
    files = [(path.name, path.stat().st_size) for name in ("questions", "articles") for path in _files(folder, name)]
    return hashlib.sha256(repr((files, questions, articles)).encode()).hexdigest()[:12]


def evaluate(
    quizzes: Sequence[Quiz], pipeline: Pipeline, same: Mapping[str, str], limit: float = LIMIT
) -> Iterator[Row]:
    """Two rows per question, asked openly and with its choices; `same` names the stored twin of an article that is
    stored under another id. A crash, or more than `limit` seconds, gives a row of zeros.
    """
    for quiz in quizzes:
        for kind, make in ((OPEN, _open), (CHOICES, _choices)):
            yield _tried(_blank(quiz, kind), partial(make, quiz, pipeline=pipeline, same=same), limit)


def summarise(rows: Sequence[Row]) -> dict[str, float]:
    """Every figure by its name: means over the open questions, then over those with choices, then of all rows."""
    asked = [row for row in rows if row.kind == OPEN]
    chosen = [row for row in rows if row.kind == CHOICES]
    times = [row.seconds for row in rows]
    hits = [_at(stage, label, k) for stage in STAGES for label in LABELS for k in DEPTHS]
    return {
        "questions": float(len(asked)),
        **{name: mean(values(asked, name)) for name in (*ANSWERED, *hits) if values(asked, name)},
        **{f"choice_{name}": mean(values(chosen, name)) for name in CHOSEN},
        "errors": float(sum(bool(row.error) for row in rows)),
        "p50_s": percentile(times, 0.50),
        "p95_s": percentile(times, 0.95),
    }


def table(found: Mapping[str, float]) -> Table:
    """The hits of each stage by label and depth, for a terminal."""
    columns = [(label, k) for label in LABELS for k in DEPTHS if _at("bm25", label, k) in found]
    made = Table("hit", *(f"{label}\n@{k}" for label, k in columns), box=SIMPLE)
    for stage in STAGES:
        made.add_row(stage, *(f"{found[_at(stage, label, k)]:.3f}" for label, k in columns))
    return made


def most_named(choices: Sequence[str], texts: Sequence[str]) -> int:
    """Which choice the most texts hold, the first of several: what can be had without reading."""
    folded = [fold(text) for text in texts]
    return max(range(len(choices)), key=lambda at: sum(holds(text, choices[at]) for text in folded))


def picked(choices: Sequence[str], said: str) -> int | None:
    """Which choice an answer means: one that it holds whole, else the one that shares most words; None for none."""
    found = [(holds(fold(said), one), f1(said, [one])) for one in choices]
    best = max(range(len(choices)), key=lambda at: found[at])
    return best if any(found[best]) else None


def _tried(blank: Row, make: Callable[[Row], Row], limit: float) -> Row:
    started = time.perf_counter()
    try:
        with within(limit):
            return make(blank)
    except Exception as error:
        return replace(blank, error=f"{type(error).__name__}: {error}", seconds=time.perf_counter() - started)


def _blank(quiz: Quiz, kind: str) -> Row:
    """The row of a question before it is asked, all values 0."""
    hits = [_at(stage, label, k) for stage in STAGES for label, held in quiz.labels.items() if held for k in DEPTHS]
    return Row(
        id=f"{quiz.id}-{kind}",
        kind=kind,
        question=quiz.question if kind == OPEN else quiz.with_choices,
        history=(),
        refuse=False,
        accepted=(quiz.answer,),
        gold=tuple(sorted(quiz.labels["weak"])),
        values=dict.fromkeys((*ANSWERED, *hits) if kind == OPEN else CHOSEN, 0.0),
    )


def _asked(blank: Row, ask: Ask, day: date) -> Row:
    started = time.perf_counter()
    answer = ask(blank.question, day)
    seconds = time.perf_counter() - started
    return replace(
        blank,
        standalone=answer.standalone,
        refused=answer.refused,
        answer=answer.answer,
        short=answer.short or "",
        citations=tuple(answer.to_json()["citations"]),
        probability=answer.probability,
        seconds=seconds,
    )


def _open(quiz: Quiz, blank: Row, pipeline: Pipeline, same: Mapping[str, str]) -> Row:
    row = _asked(blank, pipeline.ask, quiz.day)
    found = pipeline.find(quiz.question, quiz.day)
    ranked = {stage: rank_documents(search(quiz.question)) for stage, search in pipeline.searches.items()}
    ranked["pipeline"] = list(dict.fromkeys([*rank_documents(found.hits), *ranked["hybrid"]]))
    best = next((one.words for one in found.ordered if one.words), "")
    told = {**_answer_values(row, quiz), "best_span": _near(best, quiz.answer)}
    return replace(row, values={**told, **_hits(quiz, ranked, same)})


def _choices(quiz: Quiz, blank: Row, pipeline: Pipeline, same: Mapping[str, str]) -> Row:
    row = _asked(blank, pipeline.ask, quiz.day)
    texts = [one.passage.text for one in pipeline.searches["hybrid"](quiz.question)[:MOST_NAMED]]
    choice = None if row.refused else picked(quiz.choices, _said(row))
    named = quiz.choices[most_named(quiz.choices, texts)]
    return replace(
        row,
        values={
            "right": float(choice is not None and quiz.choices[choice] == quiz.answer),
            "answered": float(not row.refused),
            "most_named": float(named == quiz.answer),
        },
    )


def _answer_values(row: Row, quiz: Quiz) -> dict[str, float]:
    if row.refused:
        return dict.fromkeys(("right", "exact", "f1", "answered"), 0.0)
    return {
        "right": words_right(f"{without_marks(row.answer)} | {row.short}", [[quiz.answer]], 1),
        "exact": exact(_said(row), [quiz.answer]),
        "f1": f1(_said(row), [quiz.answer]),
        "answered": 1.0,
    }


def _said(row: Row) -> str:
    return row.short or without_marks(row.answer)


def _near(span: str, answer: str) -> float:
    return float(holds(fold(span), answer) or f1(span, [answer]) >= NEAR)


def _hits(quiz: Quiz, ranked: Mapping[str, Sequence[str]], same: Mapping[str, str]) -> dict[str, float]:
    held = {label: {same.get(one, one): 1.0 for one in ids} for label, ids in quiz.labels.items() if ids}
    return {
        _at(stage, label, k): hit(ranked[stage], relevant, k)
        for stage in STAGES
        for label, relevant in held.items()
        for k in DEPTHS
    }


def _at(stage: str, label: str, k: int) -> str:
    return f"{stage}_{label}@{k}"


def _labelled(quizzes: Sequence[Quiz], *labels: str) -> set[str]:
    return {one for quiz in quizzes for label in labels for one in quiz.labels[label]}


def _quiz(row: Mapping[str, Any]) -> Quiz:
    """The question of a row; what the row gives as evidence is left where it is."""
    try:
        choices = tuple(_bare(one) for one in row["choices"])
        return Quiz(
            id=row["question_id"],
            question=row["question"],
            day=date(*map(int, row["question_date"].split("/"))),
            choices=choices,
            answer=choices[int(row["answer_idx"][0])],
            labels={label: frozenset(row.get(key) or ()) for label, key in LABELS.items()},
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise UserError(
            f"The question {row.get('question_id', 'without an id')} lacks a field or has a bad one ({error}): "
            "it needs question_id, question, question_date, choices and answer_idx."
        ) from error


def _bare(choice: str) -> str:
    return choice.strip(" \"'“”‘’.,")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _files(folder: Path, name: str) -> list[Path]:
    found = sorted([*folder.glob(f"{name}*.jsonl"), *folder.glob(f"{name}*.jsonl.gz")])
    if not found:
        raise UserError(f"{folder} holds no {name}*.jsonl or {name}*.jsonl.gz.")
    return found
