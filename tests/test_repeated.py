"""Lines that many stories of one publisher repeat are dropped from all of them, in whatever order they came."""

import json
from pathlib import Path

import pytest

from ingest import build as module
from ingest.article import Article
from ingest.build import build
from ingest.clean import lines_of
from ingest.repeated import LEAST, countable, dropped, line_key, publisher_of
from ingest.store import Store
from tests.conftest import fake_embed

LINE = "Contact our newsroom with story ideas and corrections."
STORIES = {
    "storm": "A storm tore the roof off the town hall of Arles on Monday night, the fire service said.",
    "eggs": "Egg prices rose by a third in April because of the flu, farmers in Ohio told the paper.",
    "ferry": "A ferry with forty people aboard ran aground near Oban, and everybody was brought to land.",
    "vote": "The council voted nine to four to close the library in Leith, which opened in the year 1908.",
    "match": "Rovers beat City two goals to one after extra time, with both goals scored by the captain.",
    "court": "A judge in Lyon fined the bank eleven million euros for hiding losses from its small savers.",
    "panda": "Two pandas left the zoo of Edinburgh for China after twelve years without ever having a cub.",
}


def write(folder: Path, name: str, *lines: str, source: str = "The Paper") -> None:
    folder.mkdir(exist_ok=True)
    text = "\n\n".join([STORIES[name], *lines])
    (folder / f"{name}.json").write_text(json.dumps({"id": name, "source": source, "text": text}))


def ingest(folder: Path, store: Path, *, prune: bool = False) -> None:
    with Store.create(store, "fake", "digest") as opened:
        build([folder], opened, fake_embed, prune=prune)


def texts(store: Path) -> dict[str, str]:
    with Store.open(store) as opened:
        return {article.source: article.text for article in opened.articles()}


def test_the_line_is_one_that_may_be_boilerplate() -> None:
    assert [len(lines_of(text)) for text in (LINE, STORIES["storm"])] == [1, len(lines_of(STORIES["storm"]))]


def test_a_line_of_enough_stories_goes_from_all_and_from_later_ones(tmp_path: Path) -> None:
    news, store = tmp_path / "news", tmp_path / "store"
    names = list(STORIES)
    for name in names[: LEAST - 1]:
        write(news, name, LINE)
    ingest(news, store)
    assert all(text.endswith(LINE) for text in texts(store).values())
    write(news, names[LEAST - 1], LINE)
    ingest(news, store)
    assert texts(store) == {name: STORIES[name] for name in names[:LEAST]}
    write(news, names[LEAST], LINE)
    ingest(news, store)
    assert texts(store)[names[LEAST]] == STORIES[names[LEAST]]
    with Store.open(store) as opened:
        assert opened.bm25("newsroom corrections", 9) == []
        assert opened.counts()["passages"] == LEAST + 1
        assert [was for article in opened.articles() for was in opened.ledger.versions(article.id)] == []


def test_it_comes_back_when_too_few_repeat_it(tmp_path: Path) -> None:
    news, store = tmp_path / "news", tmp_path / "store"
    for name in list(STORIES)[:LEAST]:
        write(news, name, LINE)
    ingest(news, store)
    (news / "storm.json").unlink()
    ingest(news, store, prune=True)
    assert len(texts(store)) == LEAST - 1
    assert all(text.endswith(LINE) for text in texts(store).values())


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_of_coming_is_nothing(tmp_path: Path, backwards: bool) -> None:
    news, store, at_once = tmp_path / "news", tmp_path / "store", tmp_path / "whole"
    for name in sorted(STORIES, reverse=backwards):
        write(news, name, LINE, source="The Paper" if name != "panda" else "Another")
        ingest(news, store)
    ingest(news, at_once)
    assert texts(store) == texts(at_once)
    assert texts(store) == {**STORIES, "panda": f"{STORIES['panda']}\n\n{LINE}"}


def test_versions_of_one_story_and_unknown_publishers_count_for_nothing(tmp_path: Path) -> None:
    news, store = tmp_path / "news", tmp_path / "store"
    for name in list(STORIES)[:LEAST]:
        write(news, name, LINE, source="")
    long = " ".join(STORIES.values())
    for number in range(LEAST):
        row = {"id": f"v{number}", "source": "The Paper", "text": f"{long}\n\nVersion {number} of it.\n\n{LINE}"}
        (news / f"v{number}.json").write_text(json.dumps(row))
    ingest(news, store)
    assert all(text.endswith(LINE) for text in texts(store).values())


def test_a_run_that_sees_it_early_ends_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    news = tmp_path / "news"
    for name in STORIES:
        write(news, name, LINE)
    for number in range(3):  # early on it may be taken for boilerplate: it is not
        text = f"{' '.join(STORIES.values())}\n\nVersion {number} of it.\n\nNobody else was hurt in it."
        (news / f"a{number}.json").write_text(json.dumps({"id": f"a{number}", "source": "The Paper", "text": text}))
    ingest(news, tmp_path / "late")
    for name, value in (("TOGETHER", 1), ("LOOK", 1), ("SURE", 2)):
        monkeypatch.setattr(module, name, value)
    ingest(news, tmp_path / "early")
    assert texts(tmp_path / "early") == texts(tmp_path / "late")
    assert all(LINE not in text for text in texts(tmp_path / "late").values())
    assert texts(tmp_path / "late")["a0"].endswith("Nobody else was hurt in it.")


def test_a_story_is_never_emptied() -> None:
    def without(text: str, lines: object) -> str:
        return ""

    assert dropped(LINE, [LINE], {line_key(LINE)}, without) == LINE
    assert dropped(LINE, [LINE], set(), without) == LINE


def test_headings_names_and_verdicts_are_not_counted() -> None:
    assert countable(["wisconsin", "our rating: false", "david jackson:", LINE]) == [LINE]


def test_publishers() -> None:
    assert publisher_of(Article("a", "a", "x", url="https://www.News.org/a", publisher="P")) == "news.org"
    assert publisher_of(Article("a", "a", "x", url="http://[bad", publisher="The Paper")) == "the paper"
    assert publisher_of(Article("a", "a", "x")) == ""
