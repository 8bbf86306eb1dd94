import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from eval.questions import REPORTED, Question, load_questions, resolve_source
from ingest.errors import UserError
from tests.news import FOLDER, needed

SEEDS = Path(__file__).parent.parent / "seeds"
TEXTS = {"001_ab.txt": "Macron spoke to “Xi” on Monday.", "002_cd.txt": "They signed 12\nagreements."}


def write(folder: Path, text: str) -> Path:
    path = folder / "set.toml"
    path.write_text(text, "utf-8")
    return path


def problem(folder: Path, text: str) -> str:
    with pytest.raises(UserError) as caught:
        load_questions(write(folder, text), TEXTS)
    return str(caught.value)


GOOD = """
[[question]]
id = "a"
kind = "fact"
question = "How many did they sign?"
accept = ["12", "twelve"]
gold.002 = "they signed 12 agreements"

[[question]]
id = "b"
kind = "several"
question = "Who spoke?"
history = ["Was there a call?"]
as_of = 2025-06-01
all = ["Macron", ["Xi", "Xi Jinping"]]
at_least = 1
gold.001 = ["Macron spoke", "to Xi"]

[[question]]
id = "c"
kind = "far"
question = "What is the capital of Mongolia?"
refuse = true
"""


def test_a_good_set_is_read_whole(tmp_path: Path) -> None:
    first, second, third = load_questions(write(tmp_path, GOOD), TEXTS).questions
    assert (first.id, first.wanted, first.at_least, first.line) == ("a", (("12", "twelve"),), 1, 2)
    assert first.gold == {"002_cd.txt": ("they signed 12 agreements",)}
    assert (second.wanted, second.at_least) == ((("Macron",), ("Xi", "Xi Jinping")), 1)
    assert (second.history, second.as_of) == (("Was there a call?",), date(2025, 6, 1))
    assert third.refuse and not third.answerable and third.gold is None and third.line == 19


def test_the_digest_changes_with_the_file(tmp_path: Path) -> None:
    before = load_questions(write(tmp_path, GOOD), TEXTS).digest
    assert before == load_questions(write(tmp_path, GOOD), TEXTS).digest
    assert before != load_questions(write(tmp_path, GOOD + "# a note\n"), TEXTS).digest


def block(**fields: str) -> str:
    given = {"id": '"a"', "kind": '"fact"', "question": '"Who?"', "accept": '["Xi"]', "gold.001": '"Xi"', **fields}
    lines = [f"{name.replace('__', '.')} = {value}" for name, value in given.items() if value]
    return "[[question]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"acept": '["Xi"]'}, "there is no field 'acept'"),
        ({"question": '""'}, "question is missing or empty"),
        ({"id": ""}, "id is missing or empty"),
        ({"history": '"Who?"'}, "history must be a list"),
        ({"history": '["...", "Who?"]'}, "history must list texts"),
        ({"as_of": '"2025-06-01"'}, "as_of must be a date"),
        ({"at_least": "true", "accept": "", "all": '["Xi"]'}, "at_least must be a whole number"),
        ({"accept": "[12]"}, "accept must list texts"),
        ({"accept": "", "all": '["Xi", []]'}, "all must list texts"),
        ({"gold.001": "7"}, "gold.001 must be words"),
        ({"all": '["Xi"]'}, "give accept or all, not both"),
        ({"gold.001": ""}, "accept (or all) and gold go together"),
        ({"accept": ""}, "accept (or all) and gold go together"),
        ({"accept": "", "gold.001": ""}, "say what is right"),
        ({"accept": "", "all": '["Xi"]', "at_least": "2"}, "at_least must lie between"),
        ({"cite": "2"}, "cite must lie between"),
        ({"gold.009": '"Xi"'}, "gold.009 names no article"),
        ({"gold.00": '"Xi"'}, "gold.00 names no article, or several"),
        ({"accept": '["Putin", "Kim"]'}, "no gold article holds 'Putin' or 'Kim'"),
        ({"accept": "", "all": '["Xi", ["Kim"]]'}, "no gold article holds 'Kim'"),
        ({"gold.001": '"Xi spoke"'}, "the article 001_ab.txt does not hold the words 'Xi spoke'"),
    ],
)
def test_a_bad_block_is_named_with_its_line_and_fault(tmp_path: Path, fields: dict[str, str], told: str) -> None:
    message = problem(tmp_path, "\n" + block(**fields))
    assert "line 2 (" in message and told in message


def test_an_id_used_twice_is_named_at_its_second_place(tmp_path: Path) -> None:
    assert "line 8 (a): the id is used before" in problem(tmp_path, block() + "\n" + block())


def test_every_empty_field_is_named_at_once(tmp_path: Path) -> None:
    message = problem(tmp_path, block(question='""', accept='[""]', **{"gold.001": '""'}))
    for told in ("question is missing or empty", "accept must list texts that are not empty", "gold.001 must be words"):
        assert f"line 1 (a): {told}" in message


def test_many_problems_are_counted(tmp_path: Path) -> None:
    text = "".join(block(id=f'"{number}"', accept="[12]") for number in range(8))
    assert "and 3 more" in problem(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "holds no questions"),
        ("[[question]\n", "is not valid TOML"),
        ("[question]\nid = 1\n", "must hold [[question]] blocks"),
        ("[[questions]]\nid = 'a'\n", "not questions"),
    ],
)
def test_a_file_that_is_no_set_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in problem(tmp_path, text)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "set.toml"
    path.write_bytes('question = "Élysée"'.encode("latin-1"))
    with pytest.raises(UserError, match="not UTF-8"):
        load_questions(path, TEXTS)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Cannot read the questions"):
        load_questions(tmp_path / "none.toml", TEXTS)


def test_a_source_is_named_whole_or_by_its_only_beginning() -> None:
    assert resolve_source("001", list(TEXTS)) == "001_ab.txt"
    assert resolve_source("001", ["001", "001_ab.txt"]) == "001"
    assert resolve_source("00", list(TEXTS)) is None


@pytest.mark.parametrize("name", ["seeds.toml", "dev.toml"])
def test_the_hand_written_sets_are_sound_and_cover_every_kind(name: str) -> None:
    questions = hand_written(name)
    kinds = {"fact", "paraphrase", "said", "time", "several", "followup", "rough", "premise", "near", "far"}
    assert {question.kind for question in questions} >= kinds
    assert len(questions) >= 90
    assert sum(question.refuse for question in questions) >= 28
    assert {source for question in questions for source in question.gold or ()} == {one.name for one in SEEDS.iterdir()}


def test_the_fresh_questions_are_sound() -> None:
    questions = hand_written("fresh.toml")
    assert len(questions) == 132 and sum(question.refuse for question in questions) == 24


@needed
@pytest.mark.parametrize(
    ("name", "articles", "count", "refused"),
    [("news-dev.toml", "articles-2024.jsonl.gz", 220, 48), ("news.toml", "articles-2025on.jsonl.gz", 101, 25)],
)
def test_the_questions_over_the_news_are_sound(name: str, articles: str, count: int, refused: int) -> None:
    with gzip.open(FOLDER / articles, "rt", encoding="utf-8") as lines:
        texts = {row["id"]: f"{row['title']}\n{row['text']}" for row in map(json.loads, lines)}
    questions = load_questions(REPORTED.parent / name, texts).questions
    assert (len(questions), sum(question.refuse for question in questions)) == (count, refused)


def test_the_reported_set_is_as_large_as_it_says() -> None:
    questions = hand_written("seeds.toml")
    assert len(questions) >= 200
    assert {"disagreement", "list"} <= {question.kind for question in questions}
    turns = [len(question.history) + 1 for question in questions if question.history]
    assert len(turns) >= 40 and set(turns) == {2, 3, 4}


def hand_written(name: str) -> tuple[Question, ...]:
    texts = {path.name: path.read_text("utf-8") for path in SEEDS.iterdir()}
    return load_questions(REPORTED.parent / name, texts).questions


def test_the_two_sets_share_no_question() -> None:
    reported, dev = hand_written("seeds.toml"), hand_written("dev.toml")
    same = {(one.question, one.history) for one in reported} & {(one.question, one.history) for one in dev}
    assert same == set()
