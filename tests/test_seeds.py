"""What the five seed articles really contain, through the whole chain."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from ingest.article import Article, Published, headline
from ingest.build import build
from ingest.store import Store
from tests.conftest import fake_embed

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = Path(__file__).parent.parent / "eval" / "questions"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "store"
    with Store.create(folder, "fake", "digest") as made:
        assert build([SEEDS], made, fake_embed).count("added") == 5
    return folder


@pytest.fixture(scope="module")
def articles(store: Path) -> dict[str, Article]:
    with Store.open(store) as opened:
        return {article.source[:3]: article for article in opened.articles()}


def lines(article: Article) -> list[str]:
    return [line for line in article.text.split("\n") if line]


def test_000_source_caption_relative_time_and_script(articles: dict[str, Article]) -> None:
    article = articles["000"]
    assert article.publisher == "Le Figaro"
    assert (article.title, article.published) == ("", Published(date(2023, 11, 20), "text", 0.4))
    assert lines(article)[0].endswith("residence in Guangdong, China, April 7, 2023.")  # the caption without its credit
    assert lines(article)[-1].endswith("a French adviser added.")
    assert "Terms of negotiation" in article.text
    for gone in ("From Le Figaro", "hour ago", "JACQUES", "script"):
        assert gone not in article.text
    assert headline(article).startswith("Chinese President Xi Jinping and President Emmanuel Macron visit")


def test_001_date_in_the_first_line(articles: dict[str, Article]) -> None:
    article = articles["001"]
    assert article.published == Published(date(2023, 11, 20), "stamp", 0.9)
    assert lines(article)[0].startswith("Emmanuel Macron and Xi Jinping spoke on phone ahead")
    assert lines(article)[0].endswith("China visit.")
    assert len(lines(article)) == 12
    assert (article.title, article.publisher) == ("", "")


def test_002_two_dates_that_disagree(articles: dict[str, Article]) -> None:
    article = articles["002"]
    assert article.published.day == date(2025, 6, 1)
    assert (article.published.provenance, article.published.others) == ("stamp", ("2024-01-02 (stamp)",))
    assert article.publisher == "MENAFN"
    assert article.title == "Macron Blasts China to Halt North Korean Troops in Europe"
    assert article.text.startswith("At Friday’s Shangri-La Dialogue")
    assert len(lines(article)) == 10


def test_003_broken_quotation_marks_and_boilerplate(articles: dict[str, Article]) -> None:
    article = articles["003"]
    assert article.title == "France doesn’t want ‘regime change’ in Russia – Macron"
    assert (article.publisher, article.published) == ("RT World News", Published())
    assert lines(article)[0].startswith("The president still warns China against selling any weapons or dual-use")
    assert lines(article)[-1].endswith("they will only lead to further escalation.")
    assert "throughout this period “necessary,” The French leader confirmed." in article.text
    assert len(lines(article)) == 11


def test_004_repeated_paragraphs(articles: dict[str, Article]) -> None:
    article = articles["004"]
    assert article.published == Published()
    assert len(lines(article)) == len(set(lines(article))) == 7
    assert lines(article)[-1].endswith("whether these efforts will yield any significant results.")


def test_every_sentence_stands_in_its_file(store: Path, articles: dict[str, Article]) -> None:
    with Store.open(store) as opened:
        for article in articles.values():
            raw = (SEEDS / article.source).read_text("utf-8")
            for passage in opened.passages(article.id):
                assert passage.text == article.text[passage.start : passage.end]
                for begin, end in passage.sentences:
                    assert article.text[begin:end] in raw


@pytest.mark.parametrize("name", ["seeds", "dev"])
def test_no_sentence_of_an_answer_is_lost(articles: dict[str, Article], name: str) -> None:
    asked = tomllib.loads((QUESTIONS / f"{name}.toml").read_text("utf-8"))["question"]
    gold = [
        (number, sentence)
        for question in asked
        for number, found in question.get("gold", {}).items()
        for sentence in ([found] if isinstance(found, str) else found)
    ]
    assert len(gold) >= 50
    shown = {number: f"{article.title}\n{article.text}" for number, article in articles.items()}
    assert [(number, sentence) for number, sentence in gold if sentence not in shown[number]] == []


def test_reports_of_one_call_are_two_stories(articles: dict[str, Article]) -> None:
    assert len({article.cluster for article in articles.values()}) == 5


def test_words_find_their_article(store: Path) -> None:
    with Store.open(store) as opened:
        assert opened.bm25("Shangri-La Dialogue", 1)[0].passage.article.source.startswith("002")
        assert opened.bm25("panda conservation", 1)[0].passage.article.source.startswith("004")
        assert opened.counts()["articles"] == 5
