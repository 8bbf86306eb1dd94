"""The measure of disagreement, on stories and documents made up here."""

from dataclasses import astuple
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from eval.conflicts import (
    APART,
    DIFFER,
    SAME,
    Told,
    answerer,
    cases,
    copies,
    evaluate,
    load_stories,
    named,
    searcher,
    summarise,
)
from eval.documents import judge, load_documents
from eval.kinship import Rivals, counts, fit, of_cases
from eval.when import Ranked
from eval.when import summarise as summarise_when
from ingest.article import Article, Published
from ingest.errors import UserError
from qa.answer import Citation, Disagreement
from qa.config import DEFAULT
from qa.draft import Draft
from qa.kin import NAMES, WEIGHTS, Kin
from tests import readers
from tests.conftest import fake_embed

STORY = """
[[story]]
article = "flood"
question = "How many people did the harbour flood in Lisbon kill?"
value = "12"
other = "In Lisbon the harbour flood killed {} people."
same = ["12"]
differ = ["15"]
apart = ["In Lisbon the harbour flood swept away 40 cars."]
"""
FLOOD = Article(
    "flood", "flood", "The harbour flood killed 12 people in Lisbon.", cluster="flood",
    published=Published(date(2024, 3, 1), "field", 1.0),
)  # fmt: skip


def test_each_story_gives_its_cases_and_the_answers_are_judged(tmp_path: Path) -> None:
    (tmp_path / "stories.toml").write_text(STORY, "utf-8")
    made = list(cases(load_stories(tmp_path / "stories.toml"), {"flood": FLOOD}))
    assert [case.kind for case in made] == [SAME, DIFFER, APART]
    assert made[1].report.text == "In Lisbon the harbour flood killed 15 people."
    found = searcher(None, readers.read, fake_embed, readers.CALIBRATION, DEFAULT)
    answer = answerer(lambda question, more, day: found(question, [FLOOD, *more], day), readers.CALIBRATION, DEFAULT)
    told = list(evaluate(made, answer))
    assert [(one.disagreed, one.both) for one in told] == [(False, False), (True, True), (False, False)]


def test_copies_are_of_the_articles_own_story(tmp_path: Path) -> None:
    (tmp_path / "stories.toml").write_text(STORY.replace('["12"]', '["twelve"]'), "utf-8")
    made = list(copies(load_stories(tmp_path / "stories.toml"), {"flood": FLOOD}))
    assert [(case.kind, case.planted) for case in made] == [(SAME, "twelve"), (DIFFER, "15")]
    assert [case.report.text for case in made] == [FLOOD.text.replace("12", value) for value in ("twelve", "15")]
    assert {case.report.cluster for case in made} == {"flood"} and made[0].report.id != made[1].report.id
    found = searcher(None, readers.read, fake_embed, readers.CALIBRATION, DEFAULT)
    answer = answerer(lambda question, more, day: found(question, [FLOOD, *more], day), readers.CALIBRATION, DEFAULT)
    assert [(one.disagreed, one.both) for one in evaluate(made, answer)] == [(False, False), (True, True)]


def test_precision_is_over_all_that_were_said_to_disagree() -> None:
    def told(kind: str, disagreed: bool, both: bool) -> Told:
        return Told("x", kind, "reported", "?", "", False, disagreed, both)

    rows = [told(DIFFER, True, True), told(DIFFER, True, False), told(DIFFER, False, False), told(SAME, True, False)]
    found = summarise([*rows, told(APART, False, False)])
    assert found["reported_precision"] == pytest.approx(1 / 3)  # one named both, of three said to disagree
    assert found["reported_recall"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("shown", "value", "is_named"),
    [
        ("more than 5,300", "5,300 people", True),
        ("more than 5,300", "5,000 people", False),
        ("16 of 53", "16 people", False),
        ("2 March 2024", "March 2", True),
        ("Sunday (3 March 2024)", "Sunday, March 3", True),
        ("Sunday (3 March 2024)", "Sunday, March 10", False),
        ("March 2024", "March 2", False),
        ("1 March 2024", "last Friday", True),
        ("Emmanuel Macron", "Macron", True),
        ("Macron", "Le Pen", False),
    ],
)
def test_a_value_is_named_by_its_words_number_or_day(shown: str, value: str, is_named: bool) -> None:
    assert named([Disagreement(shown, "The Day", "2024-03-05", 1, False)], value, date(2024, 3, 5)) is is_named


@pytest.mark.parametrize("block", ["[[story]]\narticle = 'a'", STORY.replace("other", "keep = 1\nother"), "x = ["])
def test_a_bad_story_is_named(block: str, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(block, "utf-8")
    with pytest.raises(UserError, match=r"bad\.toml"):
        load_stories(tmp_path / "bad.toml")


DOCUMENTS = (
    '{"question": "When?", "gold_answers": ["1972", "1970"], "wrong_answers": ["1995"], "documents": ['
    '{"text": "a", "type": "correct"}, {"text": "b", "type": "misinfo"}, {"text": "c", "type": "noise"}]}'
)


def cited(number: int, name: str) -> Citation:
    return Citation(number, name, "", "", None, 0, 1, "x", article_id=name)


def test_documents_are_judged_by_what_is_named_and_what_is_agreed(tmp_path: Path) -> None:
    (tmp_path / "d.jsonl").write_text(DOCUMENTS, "utf-8")
    (asked,) = load_documents(tmp_path / "d.jsonl")
    right, wrong, noise = (f"1-{place}" for place in range(3))
    misled = judge(asked, Draft("1995 — b [1]", "1995", (), (cited(1, wrong),)))
    assert (misled.misled, misled.found, misled.noise_agreed) == (True, 0.0, False)
    rows = tuple(Disagreement(value, "", None, number) for number, value in ((1, "1972"), (2, "1995")))
    shown = judge(asked, Draft("1972 — a [1] 1995 [2]", "1972", (), (cited(1, right), cited(2, wrong)), rows))
    assert (shown.misled, shown.found, shown.misinformation_agreed) == (False, 0.5, False)
    noisy = judge(asked, Draft("1972 — a [1][2]", "1972", (), (cited(1, right), cited(2, noise))))
    assert noisy.noise_agreed and not noisy.misled
    assert judge(asked, None).refused


def test_time_is_summarised_by_half_and_by_whether_it_is_asked_about() -> None:
    low, high = {"hit@1": 0.0, "hit@5": 1.0, "mrr": 0.5}, {"hit@1": 1.0, "hit@5": 1.0, "mrr": 1.0}
    found = summarise_when([Ranked("a", "reported", True, low, high), Ranked("b", "reported", False, high, high)])
    assert found["reported_timed_plain_mrr"] == 0.5
    assert found["reported_timed_leaning_mrr"] == found["reported_untimed_leaning_mrr"] == 1.0


def test_rivals_are_collected_from_the_half_to_tune_on(tmp_path: Path) -> None:
    (tmp_path / "stories.toml").write_text(f"{STORY}{STORY}half = 'reported'\n", "utf-8")
    made = list(cases(load_stories(tmp_path / "stories.toml"), {"flood": FLOOD}))
    search = searcher(None, readers.read, fake_embed, readers.CALIBRATION, DEFAULT)
    found = list(of_cases(made, lambda question, more, day: search(question, [FLOOD, *more], day), 0.5))
    assert [one.conflict for one in found] == [False, True, False]  # same, differ, apart
    assert [(bool(one.same.any()), bool(one.right.any())) for one in found] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert all(one.rows.shape == (len(one.right), len(NAMES)) for one in found)


def test_the_fit_tells_true_rivals_from_false_and_keeps_what_is_held() -> None:
    def rivals(echo: float, right: bool) -> Rivals:
        rows = np.array([astuple(Kin(0, echo, 0, 0, 0.5, 0, 1))])
        return Rivals(rows, ("other",), np.array([False]), np.array([right]), right)

    found = [rivals(1 + n / 100, True) for n in range(40)] + [rivals(-1 - n / 100, False) for n in range(40)]
    weights, least = fit(found)
    assert weights.echo > 0 and weights.near == WEIGHTS.near
    assert counts(found, weights, least) == (40, 0, 40)
    both = Rivals(
        np.repeat(found[0].rows, 2, 0), ("other",) * 2, np.array([True, False]), np.array([False, True]), True
    )
    assert counts([both], weights, least) == (0, 0, 1)  # its source says the answer's own value as well
    assert counts(found, weights, 1e3) == (0, 0, 40) and counts(found, weights, -1e3) == (40, 40, 40)
