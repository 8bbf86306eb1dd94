import gzip
import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval import news
from eval.__main__ import main
from eval.news import CHOICES, OPEN, Pipeline, Quiz, digest, evaluate, load_quizzes, most_named, picked, summarise
from eval.stages import store_of_jsonl
from ingest.article import Article, Hit, Passage
from ingest.embed import Embedder
from ingest.errors import UserError
from ingest.store import Store
from qa.answer import Answer
from qa.ask import Found
from qa.question import understand
from tests.conftest import fake_embed

SECRET = "The quiz says that the Aces won."


def question(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "question_id": name,
        "question_date": "2022/09/22",
        "question": f"Which team won, {name}?",
        "choices": ["Chicago Sky", "“Las Vegas Aces”", "Sun"],
        "answer_idx": ["1"],
        "answer": ["“Las Vegas Aces”"],
        "evidence": SECRET,
        "gold_ids": [],
        "retrieved_ids": ["a1", "a2"],
        "ids_containing_answer": ["a1"],
        **fields,
    }


ARTICLES = [
    {"id": "a1", "title": "Aces", "text": "The Las Vegas Aces won the title.", "publish_date": "2022/09/19"},
    {"id": "a2", "title": "Sun", "text": "The Sun lost the last game at home.", "publish_date": "2022/09/18"},
    *({"id": f"b{number}", "title": "", "text": f"Rain fell for {number} days."} for number in range(6)),
]


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    rows = [question("q1"), question("q2", ids_containing_answer=[]), question("q3", gold_ids=["a2"])]
    packed = gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode())
    (folder / "questions-to2023.jsonl.gz").write_bytes(packed)
    for name, part in (("1", ARTICLES[:3]), ("2", ARTICLES[3:])):
        (folder / f"articles-{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part), "utf-8")
    return folder


def ids(made: Path) -> list[str]:
    lines = [line for file in sorted(made.iterdir()) for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line)["id"] for line in lines]


def test_only_questions_with_a_weak_label_are_asked(folder: Path) -> None:
    quizzes = load_quizzes(folder, 10)
    assert {one.id for one in quizzes} == {"q1", "q3"}
    assert load_quizzes(folder, 1) == quizzes[:1]
    one = next(one for one in quizzes if one.id == "q3")
    assert (one.day, one.answer, one.choices[1]) == (date(2022, 9, 22), "Las Vegas Aces", "Las Vegas Aces")
    assert one.with_choices == "Which team won, q3? Chicago Sky, Las Vegas Aces or Sun?"
    assert one.labels == {"gold": {"a2"}, "weak": {"a1"}, "web": {"a1", "a2"}}


def test_the_articles_that_labels_name_come_first_and_the_others_are_always_the_same(
    folder: Path, tmp_path: Path
) -> None:
    quizzes = load_quizzes(folder, 10)
    for place in ("one", "two"):
        news.write_articles(folder, quizzes, 4, tmp_path / place)
    chosen = ids(tmp_path / "one")
    assert chosen == ids(tmp_path / "two") and len(chosen) == 4 and {"a1", "a2"} == set(chosen[:2])
    news.write_articles(folder, quizzes, 99, tmp_path / "all")
    assert len(ids(tmp_path / "all")) == 8


def test_too_few_articles_for_the_questions_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="stand in 2 articles: give --articles 2"):
        news.write_articles(folder, load_quizzes(folder, 10), 1, tmp_path / "made")


def test_the_set_up_is_named_by_its_counts_and_files(folder: Path) -> None:
    before = digest(folder, 2, 4)
    assert before == digest(folder, 2, 4) != digest(folder, 2, 5)
    with (folder / "articles-2.jsonl").open("a") as file:
        file.write("\n")
    assert digest(folder, 2, 4) != before


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (question("q9", answer_idx=["7"]), "The question q9 lacks a field or has a bad one"),
        (question("q9", question_date="today"), "The question q9 lacks a field or has a bad one"),
        (question("q9", ids_containing_answer=[]), "no question names an article"),
    ],
)
def test_a_bad_question_is_named(folder: Path, row: dict[str, Any], told: str) -> None:
    (folder / "questions-to2023.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))
    with pytest.raises(UserError, match=told):
        load_quizzes(folder, 10)


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no questions"):
        load_quizzes(tmp_path, 10)


QUIZ = Quiz(
    "q",
    "Which team won?",
    date(2022, 9, 22),
    ("Chicago Sky", "Las Vegas Aces", "Sun"),
    "Las Vegas Aces",
    {"gold": frozenset(), "weak": frozenset({"a1"}), "web": frozenset({"a1", "a9"})},
)


def hits(*sources: str) -> list[Hit]:
    texts = {"a1": "The Las Vegas Aces won.", "a2": "The Sun lost.", "a3": "The Sun wept."}
    articles = [Article(source, source, texts.get(source, "Rain fell.")) for source in sources]
    whole = [Passage(one.id, one, 0, len(one.text), ((0, len(one.text)),)) for one in articles]
    return [Hit(passage, 1.0) for passage in whole]


def answer(asked: str, said: str | None) -> Answer:
    return Answer(
        question=asked, standalone=asked, refused=said is None, answer=f"{said} [1]", short=said, sentences=(),
        citations=(), disagreements=(), nearest=(), model="fake", seconds=0.0, probability=0.5,
    )  # fmt: skip


def pipeline(said: str | None, seen: list[str] | None = None) -> Pipeline:
    def ask(asked: str, day: date) -> Answer:
        assert day == QUIZ.day
        if seen is not None:
            seen.append(asked)
        return answer(asked, said)

    searches = {
        "bm25": lambda asked: hits("a2", "a1"),
        "dense": lambda asked: hits("b1", "b2", "b3", "b4", "b5", "a1"),
        "hybrid": lambda asked: hits("a2", "a3", "a1"),
    }
    return Pipeline(ask, lambda asked, day: Found(understand(asked, day), hits("a1", "a2"), []), searches)


def test_the_values_of_a_right_answer() -> None:
    asked, chosen = evaluate([QUIZ], pipeline("the Las Vegas Aces"), {})
    assert (asked.kind, asked.id, chosen.kind) == (OPEN, "q-open", CHOICES)
    found = asked.values
    assert (found["right"], found["exact"], found["f1"], found["answered"]) == (1.0, 1.0, 1.0, 1.0)
    assert (found["bm25_weak@1"], found["bm25_weak@5"]) == (0.0, 1.0)  # second
    assert (found["dense_weak@5"], found["dense_weak@20"]) == (0.0, 1.0)  # sixth
    assert found["pipeline_weak@1"] == 1.0 and "bm25_gold@1" not in found  # no gold label, nothing to find
    assert chosen.values == {"right": 1.0, "answered": 1.0, "most_named": 0.0}  # the Sun is named by more passages


def test_a_refusal_is_wrong_and_its_search_still_counts() -> None:
    asked, chosen = evaluate([QUIZ], pipeline(None), {})
    assert {asked.values[name] for name in ("right", "exact", "f1", "answered")} == {0.0}
    assert asked.values["pipeline_weak@1"] == 1.0
    assert (chosen.values["right"], chosen.values["answered"]) == (0.0, 0.0)


def test_an_article_stored_as_anothers_twin_is_found_by_it() -> None:
    asked, _ = evaluate([QUIZ], pipeline("x"), {"a1": "b1", "a9": "b1"})
    assert asked.values["dense_weak@1"] == asked.values["dense_web@1"] == 1.0


def test_a_crash_is_zeros_under_the_same_names() -> None:
    def broken(asked: str, day: date) -> Answer:
        raise RuntimeError("no model")

    whole = pipeline("x")
    crashed = list(evaluate([QUIZ], Pipeline(broken, whole.find, whole.searches), {}))
    fine = list(evaluate([QUIZ], whole, {}))
    assert [set(row.values) for row in crashed] == [set(row.values) for row in fine]
    assert {value for row in crashed for value in row.values.values()} == {0.0}
    assert summarise(crashed)["errors"] == 2.0


def test_the_summary_keeps_both_ways_of_asking_apart() -> None:
    rows = [*evaluate([QUIZ], pipeline("Las Vegas Aces"), {}), *evaluate([QUIZ], pipeline("Chicago"), {})]
    found = summarise(rows)
    assert (found["questions"], found["right"], found["choice_right"]) == (2.0, 0.5, 0.5)
    assert found["choice_answered"] == 1.0 and "bm25_gold@1" not in found


def test_neither_the_evidence_nor_the_answer_is_ever_shown(folder: Path) -> None:
    seen: list[str] = []
    quizzes = load_quizzes(folder, 10)
    list(evaluate(quizzes, pipeline("x", seen), {}))
    assert len(seen) == 4 and not any(SECRET in asked for asked in seen)
    assert SECRET not in repr(quizzes)
    assert all("Aces" not in asked for asked in seen[::2])  # asked openly


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("Las Vegas Aces", 1),
        ("the Aces of Vegas", 1),
        ("the Sun won on Sunday", 2),
        ("nobody", None),
        ("", None),
    ],
)
def test_the_choice_that_an_answer_means(said: str, choice: int | None) -> None:
    assert picked(QUIZ.choices, said) == choice


def test_the_choice_that_most_passages_name() -> None:
    assert most_named(("a", "b"), ["b b b", "a", "A!"]) == 0
    assert most_named(("a", "b"), []) == 0


def test_the_store_is_made_by_ingest_and_twins_are_told(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    twin = {**ARTICLES[0], "id": "a0"}
    text = "".join(json.dumps(row) + "\n" for row in [*ARTICLES, twin])
    (tmp_path / "made" / "articles-0.jsonl").write_text(text, "utf-8")
    for _ in range(2):  # the second time nothing is left to do
        same = store_of_jsonl(tmp_path / "made", tmp_path / "store", embedder(), lambda *_: None)
        assert same == {"a0": "a1"}
    with Store.open(tmp_path / "store") as store:
        assert {article.source for article in store.articles()} == {str(row["id"]) for row in ARTICLES}


class FakeEmbedder:
    name, digest = "fake", "fake-digest"

    def __call__(self, texts: list[str]) -> Any:
        return fake_embed(texts)


def embedder() -> Embedder:
    made: Any = FakeEmbedder()
    return made  # type: ignore[no-any-return]


def test_the_command_asks_the_shipped_pipeline_and_finds_its_store_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["news", str(folder), "--articles", "6", "--questions", "2", "--out", str(tmp_path / "out"), "--json"]
    figures = []
    for _ in range(2):
        assert main(given) == 0
        figures.append(json.loads(capsys.readouterr().out.splitlines()[-1]))
        assert [one.name for one in (tmp_path / "out/news").glob("store-*")] == [f"store-{digest(folder, 2, 6)}"]
    for held in figures:
        assert (held["questions"], held["articles"], held["errors"]) == (2, 6, 0)
        assert held["bm25_weak@5"] == held["pipeline_weak@5"] == 1.0
    measured = [{name: value for name, value in held.items() if name[-2:] not in ("_s", "mb")} for held in figures]
    assert measured[0] == measured[1]
    rows = [json.loads(line) for line in (tmp_path / "out/news/rows.jsonl").read_text("utf-8").splitlines()]
    assert [row["kind"] for row in rows] == [OPEN, CHOICES] * 2
    assert main(["compare", str(tmp_path / "out/news"), str(tmp_path / "out/news")]) == 0


DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "news"


def rows_of(paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from map(json.loads, file)


@pytest.mark.skipif(not DATA.is_dir(), reason="the news set is not part of the project")
def test_the_fixed_set_up_names_articles_that_are_there() -> None:
    quizzes = load_quizzes(DATA, 300)
    assert len(quizzes) == 300 and all(one.answer in one.choices for one in quizzes)
    needed = {one for quiz in quizzes for label in ("gold", "weak") for one in quiz.labels[label]}
    assert len(needed) <= 3000
