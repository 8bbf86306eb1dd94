import gzip
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from eval import reader, retrieval
from eval.__main__ import COMMANDS, main
from eval.reader import Decision
from eval.stages import search, store_of_documents
from ingest.article import Article, Hit, Passage
from ingest.errors import UserError
from ingest.store import Store
from qa.answer import Answer, Citation, Sentence
from qa.ask import Found
from qa.config import DEFAULT, Config, with_options
from qa.prompts import REFUSAL
from qa.question import understand
from qa.reader import Reading
from tests.conftest import fake_embed, make_store

TEXT = "Macron and Xi signed twelve agreements. They met in Beijing."
SET = """
[[question]]
id = "signed"
kind = "fact"
question = "How many did they sign?"
accept = ["twelve"]
gold.beijing = "signed twelve agreements"

[[question]]
id = "cook"
kind = "near"
question = "Who cooked for Macron?"
refuse = true
"""


class Asking:
    """Answers with the article's first sentence whatever is asked, but refuses what contains the word "cooked"."""

    def __init__(self, store: Store, refuses: bool) -> None:
        self.store, self.refuses = store, refuses

    def ask(self, question: str, history: Sequence[str], *, as_of: date | None) -> Answer:
        refused = self.refuses and "cooked" in question
        [article] = self.store.articles()
        cited = Citation(1, article.source, "", "", None, 0, 39, article.text[:39], article.id)
        return Answer(
            question=question,
            standalone=question,
            refused=refused,
            answer=REFUSAL if refused else f"{cited.quote} [1]",
            short=None,
            sentences=() if refused else (Sentence(cited.quote, (1,)),),
            citations=() if refused else (cited,),
            disagreements=(),
            nearest=(),
            model="fake",
            seconds=0.0,
            probability=0.2 if refused else 0.9,
        )

    def find(self, question: str, history: Sequence[str], *, as_of: date | None) -> Found:
        return Found(understand(question, date(2025, 6, 1)), self.store.bm25(question, 5), [])


def opener(refuses: bool = True) -> Any:
    def opened(store: Path, model: str, *, config: Config) -> Asking:
        return Asking(Store.open(store), refuses)

    return opened


@pytest.fixture(name="given")
def _given(tmp_path: Path) -> list[str]:
    """Arguments for a set of two questions over a store of one article, and floors of its own."""
    make_store(tmp_path / "store", [Article("a1", "beijing.txt", TEXT)])
    (tmp_path / "set.toml").write_text(SET, "utf-8")
    places = {"--questions": "set.toml", "--store": "store", "--out": "out", "--floors": "floors.toml"}
    return [part for name, place in places.items() for part in (name, str(tmp_path / place))]


def last(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


# The hand-written set


def test_a_run_prints_its_figures_as_the_last_line(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--json"], opener()) == 0
    held = last(capsys)
    assert (held["questions"], held["right"], held["pointers"], held["refused_right"]) == (2, 1.0, 1.0, 1.0)
    # refusing all: one of two right; the first passage answers the first question and cannot refuse the second
    assert held["baselines"]["always refuse"]["right"] == held["baselines"]["first passage"]["right"] == 0.5
    assert set(held["baselines"]) == {
        *("always refuse", "first passage", "BM25 only", "dense only", "no rerank", "never refuse"),
    }
    assert (held["mrr@10"], held["citation_recall"], held["citation_precision"]) == (1.0, 1.0, 1.0)
    assert held["peak_mb"] > 10
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_quick_run_leaves_out_the_baselines_that_run_the_pipeline(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, "--json", "--quick"], opener()) == 0
    assert set(last(capsys)["baselines"]) == {"always refuse", "first passage"}


def test_each_baseline_runs_with_its_own_configuration(given: list[str]) -> None:
    seen: list[Config] = []

    def opened(store: Path, model: str, *, config: Config) -> Asking:
        seen.append(config)
        return Asking(Store.open(store), True)

    assert main(given, opened) == 0
    whole, *others = seen
    assert whole == DEFAULT
    knobs: list[dict[str, Any]] = [{"dense": False}, {"bm25": False}, {"rerank": False}, {"threshold": 0.0}]
    assert others == [with_options(**one) for one in knobs]


def test_without_json_a_table_and_what_is_not_right_are_shown(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(given, opener(refuses=False)) == 0
    shown = capsys.readouterr().out
    assert "✗ cook" in shown and "✗ signed" not in shown and "No floors are pinned" in shown


def test_a_run_under_the_pinned_floors_ends_with_status_1(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*given, "--pin"], opener()) == 0
    assert main([*given, "--json"], opener()) == 0
    assert last(capsys)["floors"] is True
    (Path(given[1])).write_text(SET + "# another version\n", "utf-8")
    assert main([*given, "--json"], opener()) == 1
    assert last(capsys)["floors"] is False


def test_lowering_a_floor_takes_a_reason(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*given, "--pin"], opener()) == 0
    assert main([*given, "--pin"], opener(refuses=False)) == 2
    assert "--reason" in capsys.readouterr().err
    assert main([*given, "--pin", "--reason", "no more refusals"], opener(refuses=False)) == 0


def test_a_store_to_fit_on_needs_questions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--larger", "store-2024"]) == 2
    assert "at least one set" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--questions", "none.toml"], "Cannot read the questions none.toml"),
        (["--store", "none"], "none"),
        (["--reason", "why"], "--reason goes with --pin"),
        (["--pin", "--without", "dense"], "leave out --without"),
    ],
)
def test_wrong_use_is_one_sentence_and_status_2(
    given: list[str], more: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*given, *more], opener()) == 2
    shown = capsys.readouterr().err.strip()
    assert told in shown and len(shown.splitlines()) == 1


def test_an_unknown_command_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retreival", "scifact"]) == 2
    shown = capsys.readouterr().err.strip()
    assert "no command retreival" in shown and "retrieval" in shown and len(shown.splitlines()) == 1


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help_shows_how(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    shown = capsys.readouterr().out
    assert ended.value.code == 0 and len(shown.splitlines()) > 9
    assert f"python -m eval {' '.join(command)}".strip() in shown.partition("\n\n")[2]  # an example, below the usage


# Reading sets


def lines(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def squad(name: str, answers: list[str]) -> dict[str, Any]:
    return {"id": name, "question": name, "context": TEXT, "answers": {"text": answers}, "is_impossible": not answers}


def decide(question: str, article: Article) -> Decision:
    """What each question's name says."""
    return {
        "right": Decision("twelve", False, 0.9, ((0, 39),)),
        "half": Decision("twelve agreements", False, 0.8, ((0, 39),)),
        "shy": Decision("twelve", True, 0.4, ()),
        "bold": Decision("Xi", False, 0.7, ((0, 39),)),
        "none": Decision("", True, 0.1, ()),
    }[question]


def no_score(question: str, texts: Sequence[str]) -> Sequence[float]:
    raise AssertionError("not asked for")


def measured(path: Path, score: reader.Score = no_score) -> dict[str, float]:
    known, rows = reader.load_rows(path)
    return reader.summarise(known, list(reader.evaluate(known, rows, decide, score)))


def test_squad_figures_by_hand(tmp_path: Path) -> None:
    rows = [squad(name, ["twelve"]) for name in ("right", "half", "shy")] + [
        squad(name, []) for name in ("bold", "none")
    ]
    found = measured(lines(tmp_path / "a.jsonl.gz", rows))
    # F1 of "twelve agreements" against "twelve": 2 * 1 / (2 + 1) = 2/3
    assert found["f1"] == pytest.approx((1 + 2 / 3 + 0 + 0 + 1) / 5)
    assert found["exact"] == pytest.approx((1 + 0 + 0 + 0 + 1) / 5)
    assert found["f1_answerable"] == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert found["answered_right"] == pytest.approx(2 / 3) and found["refused_right"] == 0.5
    # answering the surest n: n = 0: 2 (the impossible); 1: 3; 2: 3 + 2/3; 3: 2 + 2/3; 4: 3 + 2/3; 5: 2 + 2/3
    assert found["f1_best_threshold"] == pytest.approx((3 + 2 / 3) / 5)


def test_a_crash_while_reading_is_zero(tmp_path: Path) -> None:
    found = measured(lines(tmp_path / "a.jsonl", [squad("right", ["twelve"]), squad("unheard of", ["twelve"])]))
    assert (found["questions"], found["errors"]) == (2.0, 1.0)
    assert found["f1"] == found["f1_answerable"] == found["answered_right"] == 0.5


def clapnq(name: str, gold: list[str]) -> dict[str, Any]:
    sentences = ["Macron and Xi signed twelve agreements.", "They met in Beijing."]
    output = [{"answer": " ".join(gold), "selected_sentences": gold}]
    return {
        "id": name,
        "input": name,
        "passages": [{"title": "", "text": TEXT, "sentences": sentences}],
        "output": output,
    }


def test_clapnq_figures_by_hand(tmp_path: Path) -> None:
    first, second = "Macron and Xi signed twelve agreements.", "They met in Beijing."
    rows = [clapnq("right", [first, second]), clapnq("half", [second]), clapnq("none", []), clapnq("bold", [])]
    found = measured(lines(tmp_path / "a.jsonl", rows))
    assert found["sentence_recall"] == pytest.approx((1 / 2 + 0) / 2)  # the first sentence is cited each time
    assert found["sentence_precision"] == pytest.approx((1 + 0) / 2)
    assert (found["answered_right"], found["refused_right"]) == (1.0, 0.5)


def test_trec_figures_by_hand(tmp_path: Path) -> None:
    texts = [("a b", 0), ("a b c", 1), ("a", 1)]
    rows = [
        {"id": "1", "question": "q", "candidates": [{"text": text, "label": label} for text, label in texts]},
        {"id": "2", "question": "q", "candidates": [{"text": "nothing answers", "label": 0}]},
    ]
    found = measured(lines(tmp_path / "a.jsonl", rows), lambda question, given: [float(len(text)) for text in given])
    # longest first: relevant at ranks 1 and 3; the second question has nothing to find and counts nowhere
    assert found["map"] == pytest.approx((1 + 2 / 3) / 2) and found["mrr"] == 1.0
    assert (found["questions"], found["judged"]) == (2.0, 1.0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no lines"),
        ("[1]\n", "line 1 is not a JSON object"),
        ('{"id": 1}\n', "must have one of the keys"),
        ('{"context": "c", "question": "q", "answers": {"text": ["a"]}}\n{"context": "c"}\n', "row 2 lacks a field"),
    ],
)
def test_a_bad_reading_file_is_named(tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, "utf-8")
    assert main(["reader", str(path)]) == 2
    assert told in capsys.readouterr().err


# Retrieval sets


CORPUS = [
    {"_id": "d1", "title": "Deals", "text": "Macron and Xi signed twelve agreements in Beijing."},
    {"_id": "d2", "title": "Call", "text": "The two presidents spoke by telephone about shells."},
    {"_id": "d3", "title": "Only a title", "text": ""},
]
QUERIES = [{"_id": "q1", "text": "twelve agreements"}, {"_id": "q2", "text": "telephone"}, {"_id": "q3", "text": "x"}]


def beir(folder: Path, qrels: str = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td1\t1\nq2\td2\t0\n") -> Path:
    folder.mkdir()
    lines(folder / "corpus.jsonl.gz", CORPUS)
    lines(folder / "queries.jsonl", QUERIES)
    (folder / "qrels-test.tsv").write_text(qrels)
    return folder


def found_hit(source: str) -> Hit:
    return Hit(Passage(source, Article(source, source, "text"), 0, 4, ((0, 4),)), 1.0)


def test_retrieval_figures_by_hand(tmp_path: Path) -> None:
    collection = retrieval.load_collection(beir(tmp_path / "set"))
    times = iter([0.0, 0.010, 1.0, 1.030])
    hits = [found_hit("d2"), found_hit("d1"), found_hit("d1")]
    rows = list(retrieval.evaluate(collection, lambda question: hits, lambda: next(times)))
    found = retrieval.summarise(rows)
    assert set(collection.questions) == {"q1", "q2"}  # q3 is not judged
    # d1 stands second for both questions
    assert found["mrr@10"] == 0.5 and found["recall@10"] == found["recall@100"] == 1.0
    assert found["ndcg@10"] == pytest.approx(0.6309, abs=1e-4)  # 1 / log2(3)
    assert found["ms_p50"] == pytest.approx(10.0)


def test_a_crash_while_searching_is_zero(tmp_path: Path) -> None:
    def broken(question: str) -> Sequence[Hit]:
        if question == "telephone":
            raise RuntimeError("no index")
        return [found_hit("d1")]

    found = retrieval.summarise(list(retrieval.evaluate(retrieval.load_collection(beir(tmp_path / "set")), broken)))
    assert (found["questions"], found["errors"], found["ndcg@10"]) == (2.0, 1.0, 0.5)


def read(question: str, passages: Sequence[Passage]) -> list[Reading]:
    """Finds the telephone relevant, whatever is asked."""
    return [Reading((), 20.0 if "telephone" in passage.text else -20.0, 0.0, (0.5,)) for passage in passages]


def test_each_stage_searches_a_store_made_of_the_corpus(tmp_path: Path) -> None:
    collection = retrieval.load_collection(beir(tmp_path / "set"))
    for _ in range(2):  # the second time nothing is left to do
        store_of_documents(collection.documents, tmp_path / "store", fake_embed, "fake", "f", lambda *_: None)
    with Store.open(tmp_path / "store") as store:
        assert store.counts()["articles"] == 3
        firsts = {
            stage: retrieval.rank_documents(search(stage, store, fake_embed, read, DEFAULT, 32)("twelve agreements"))
            for stage in retrieval.STAGES
        }
    assert firsts["bm25"] == ["d1"]
    assert firsts["dense"][0] == firsts["hybrid"][0] == "d1"
    assert firsts["rerank"][0] == "d2" and set(firsts["rerank"]) == {"d1", "d2", "d3"}


def test_reranking_leaves_what_lies_deeper_behind(tmp_path: Path) -> None:
    collection = retrieval.load_collection(beir(tmp_path / "set"))
    store_of_documents(collection.documents, tmp_path / "store", fake_embed, "fake", "f", lambda *_: None)
    with Store.open(tmp_path / "store") as store:
        ranked = retrieval.rank_documents(search("rerank", store, fake_embed, read, DEFAULT, 1)("twelve agreements"))
    assert ranked[0] == "d1"


@pytest.mark.parametrize(
    ("qrels", "told"),
    [
        ("q1\td1\n", "line 1: write query-id, corpus-id and score"),
        ("q9\td1\t1\n", "the judged question q9 is not among the queries"),
        ("q1\td1\t0\n", "nothing is judged"),
    ],
)
def test_bad_judgements_are_named(tmp_path: Path, qrels: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        retrieval.load_collection(beir(tmp_path / "set", qrels))


def test_a_folder_that_is_no_retrieval_set_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retrieval", str(tmp_path)]) == 2
    assert "holds no corpus.jsonl" in capsys.readouterr().err
