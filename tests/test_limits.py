"""The bounds of a question: days and publishers, kept before the passages are ranked."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.article import Article, Hit
from ingest.build import build
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.store import Store
from qa.__main__ import main
from qa.ask import Asker
from qa.config import with_options
from qa.limits import Limits, named, publishers_of
from qa.retrieve import enough, retrieve
from tests import readers
from tests.conftest import fake_embed
from tests.readers import article

QUESTION = "What did the harbour bridge cost?"
CROWD = [
    article(
        f"n{number}", f"The harbour bridge did cost {number + 2} million euros.", date(2024, 1, 1), publisher="Wire"
    )
    for number in range(200)
]
LONE = article("lone", "The harbour bridge is now said to cost 900 million euros.", date(2020, 5, 5), publisher="Daily")


@pytest.fixture(name="store")
def _store(tmp_path: Path, make_store: Callable[[Path, list[Article]], Path]) -> Store:
    return Store.open(make_store(tmp_path / "store", [*CROWD, LONE]))


def sources(hits: list[Hit]) -> set[str]:
    return {hit.passage.article.source for hit in hits}


def test_a_narrow_window_finds_what_many_others_outrank(store: Store) -> None:
    config = with_options(candidates=10, fused=10, most_fetched=1000)
    limits = Limits(date(2026, 1, 1), since=date(2020, 1, 1), until=date(2020, 12, 31))
    assert "lone.txt" not in sources(retrieve(store, fake_embed, QUESTION, config))
    assert sources(retrieve(store, fake_embed, QUESTION, config, limits.keep)) == {"lone.txt"}
    few = with_options(candidates=10, fused=10, most_fetched=10)
    assert retrieve(store, fake_embed, QUESTION, few, limits.keep) == []


def test_a_publisher_alone_answers(store: Store) -> None:
    asker = Asker(store, fake_embed, readers.read, readers.known, readers.CALIBRATION)
    answer = asker.ask(QUESTION, publishers=["Daily"])
    assert {cited.publisher for cited in (*answer.citations, *answer.nearest)} == {"Daily"}
    assert answer.window == "by Daily"


def test_more_is_fetched_until_there_is_enough_or_nothing_more(store: Store) -> None:
    asked: list[int] = []

    def search(k: int) -> list[Hit]:
        asked.append(k)
        return store.bm25(QUESTION, k)

    odd = enough(search, 20, lambda hit: hit.passage.article.source.endswith("0.txt"), 6400)
    assert (len(odd), asked) == (20, [20, 80, 320])  # 201 passages: 320 are not there
    asked.clear()
    assert len(enough(search, 20, lambda hit: True, 6400)) == 20
    assert asked == [20]


def test_bounds_are_told_in_words() -> None:
    today = date(2026, 1, 1)
    assert Limits(today).none and Limits(today).words == ""
    both = Limits(today, date(2024, 1, 2), date(2024, 3, 4), frozenset({"Wire", "Daily"}))
    assert both.words == "from 2024-01-02, until 2024-03-04, by Daily or Wire"


def test_a_publisher_is_known_in_any_case_and_a_wrong_one_is_told(store: Store) -> None:
    known = publishers_of(store)
    assert known == {"Wire": 200, "Daily": 1}
    assert named(known, ["  wIRE", "Wire"]) == ("Wire",)
    with pytest.raises(UserError, match="No article here names 'Dayly' as its publisher; there is Daily"):
        named(known, ["Dayly"])
    assert named(["BBC News", "bbc news"], ["BBC news"]) == ("BBC News", "bbc news")
    with pytest.raises(UserError, match="there is BBC News"):
        named(["BBC News", "Le Figaro"], ["bbc"])


def test_the_command_keeps_to_a_publisher(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    embed, folder = load_embedder(), tmp_path / "store"
    with Store.create(folder, embed.name, embed.digest) as store:
        build([Path(__file__).parent.parent / "seeds"], store, embed)
    question = "What has Macron said about North Korean troops?"
    assert main([question, "--store", str(folder), "--publisher", "menafn", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {one["publisher"] for one in (*answer["citations"], *answer["nearest"])} == {"MENAFN"}
    assert main([question, "--store", str(folder), "--publisher", "Nobody"]) == 2
    assert "No article here names 'Nobody' as its publisher" in capsys.readouterr().err
