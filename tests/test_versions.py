"""A changed article takes the place of the old one, which stays readable as history."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.article import Article
from ingest.build import build
from ingest.check import check
from ingest.store import Store
from ingest.tally import Tally
from tests.conftest import fake_embed

VERSIONS = Path(__file__).parent.parent.parent / "shared" / "data" / "news" / "article-versions.jsonl.gz"
REAL = 200  # addresses that are read again over their versions


def ingest(folder: Path, store: Path, hour: int = 0, *, prune: bool = False) -> Tally:
    with Store.create(store, "fake", "digest") as opened:
        now = datetime(2024, 5, 2, hour, tzinfo=UTC)
        return build([folder], opened, fake_embed, prune=prune, now=now)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    return tmp_path / "news"


def write(news: Path, **fields: str) -> None:
    (news / "a.json").write_text(json.dumps({"id": "a", **fields}))


def history(store: Path) -> list[tuple[str, str, str]]:
    with Store.open(store) as opened:
        (article,) = opened.articles()
        return [(was.title, was.text, was.replaced) for was in opened.ledger.versions(article.id)]


def test_text_title_and_date_are_kept_with_the_time_they_were_replaced(news: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    write(news, title="Storm nears", text="Three people were hurt.", publish_date="2024-05-01")
    ingest(news, store)
    assert history(store) == []
    write(news, title="Storm hits", text="Five people were hurt.", publish_date="2024-05-02")
    assert ingest(news, store, 1).count("updated") == 1
    write(news, title="Storm is over", text="Five people were hurt.", publish_date="2024-05-02")
    ingest(news, store, 2)
    assert history(store) == [
        ("Storm nears", "Three people were hurt.", "2024-05-02T01:00:00+00:00"),
        ("Storm hits", "Five people were hurt.", "2024-05-02T02:00:00+00:00"),
    ]
    with Store.open(store) as opened:
        first, second = opened.ledger.versions(next(opened.articles()).id)
        assert (str(first.published.day), str(second.published.day)) == ("2024-05-01", "2024-05-02")
        assert opened.bm25("three", 5) == []  # what was is not searched


def test_what_readers_do_not_see_makes_no_version(news: Path, tmp_path: Path) -> None:
    write(news, text="Three people were hurt.", source="One")
    ingest(news, tmp_path / "store")
    write(news, text="Three people were hurt.", source="Two")
    assert ingest(news, tmp_path / "store").count("updated") == 1
    assert history(tmp_path / "store") == []


def test_a_removed_article_takes_its_history_along(news: Path, tmp_path: Path) -> None:
    (news / "b.txt").write_text("Rain fell on Monday.")
    for text in ("Three people were hurt.", "Five people were hurt."):
        write(news, text=text)
        ingest(news, tmp_path / "store")
    (news / "a.json").unlink()
    assert ingest(news, tmp_path / "store", prune=True).count("removed") == 1
    assert history(tmp_path / "store") == []
    with Store.open(tmp_path / "store") as opened:
        assert list(opened.ledger.query("select count(*) from versions")) == [(0,)]


def real() -> Iterator[dict[str, list[dict[str, str]]]]:
    with gzip.open(VERSIONS, "rt", encoding="utf-8") as file:
        for _, line in zip(range(REAL), file, strict=False):
            yield json.loads(line)


def seen(store: Store, article: Article) -> tuple[object, ...]:
    """What readers see of an article, with the lines that its publisher repeats."""
    return store.ledger.original(article.id), article.title, article.published.day


@pytest.mark.skipif(not VERSIONS.exists(), reason="no ../shared/data/news/article-versions.jsonl.gz")
def test_real_articles_over_their_versions(news: Path, tmp_path: Path) -> None:
    pages, store = list(real()), tmp_path / "store"
    was: dict[str, tuple[object, ...]] = {}
    for number in (0, 1):
        rows = [{"id": page["id"], "url": page["url"], "text": page["versions"][number]["text"]} for page in pages]
        (news / "pages.jsonl").write_text("\n".join(map(json.dumps, rows)))
        tally = ingest(news, store)
        assert len(tally.outcomes) == REAL
        if number == 0:
            with Store.open(store) as opened:
                was = {one.source: (one.text, *seen(opened, one)) for one in opened.articles()}
    with Store.open(store) as opened:
        kept = 0
        for article in opened.articles():
            shown, *before = was.get(article.source, ("", *seen(opened, article)))
            changed = before != list(seen(opened, article))
            versions = opened.ledger.versions(article.id)
            assert [version.text for version in versions] == ([shown] if changed else [])
            kept += changed
        assert kept > REAL / 2
        assert kept <= tally.count("updated")
        assert [one.what for one in check(opened) if one.problems] == []
