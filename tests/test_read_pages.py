"""Where a page says when, by whom and for whom it was published: made-up pages in every notation that is common."""

from datetime import date
from pathlib import Path

import pytest

from ingest.dates import published
from ingest.read import Raw, read

DAY = date(2023, 5, 2)
STORY = (
    "<p>The mayor opened the bridge on Tuesday, in front of a crowd of several hundred people who had waited.</p>"
    "<p>It had been closed for two years, and the repair cost twelve million euros, the council said.</p>"
    "<p>Trucks may use it from Monday on, when the last signs have been set up along the road.</p>"
)
LINKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Bridge opens", "datePublished": "2023-05-02T08:00:00+02:00", "dateModified": "2023-06-01",
"author": [{"@type": "Person", "name": "Jane Roe"}], "publisher": {"@type": "Organization", "name": "The Daily News"}}
</script>"""
GRAPH = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"},
{"@type": "NewsArticle", "datePublished": "2023-05-02", "author": {"name": "Jane Roe"}}]}</script>"""
META = """<meta property="article:published_time" content="2023-05-02T08:00:00Z"><meta name="author" content="Jane Roe">
<meta property="og:site_name" content="The Daily News">"""
CANONICAL = '<link rel="canonical" href="https://news.example/2023/05/02/bridge-opens">'


def raw(folder: Path, head: str = "", top: str = "") -> Raw:
    (folder / "a.html").write_text(
        f"<html><head><title>Bridge opens</title>{head}</head><body><nav><a href='/'>Home</a></nav><article>"
        f"<h1>Bridge opens</h1>{top}{STORY}</article>"
        "<aside>Most read: <time datetime='2024-01-01'>1 January</time></aside>"
        "<footer>© 2021 The Daily News</footer></body></html>"
    )
    (found,) = read(folder / "a.html")
    return found


def day(found: Raw) -> tuple[date | None, str]:
    when = published(found.text, found.field_date, found.meta_date, found.url)
    return when.day, when.provenance


@pytest.mark.parametrize(
    ("head", "top", "provenance"),
    [
        (LINKED, "", "meta"),
        (GRAPH, "", "meta"),
        (META, "", "meta"),
        ('<meta name="DC.date.issued" content="2023-05-02">', "", "meta"),
        ('<meta name="parsely-pub-date" content="2023-05-02T08:00:00Z">', "", "meta"),
        ("", '<meta itemprop="datePublished" content="2023-05-02">', "meta"),
        ("", '<time datetime="2023-05-02T08:00:00Z" pubdate>2 May 2023</time>', "meta"),
        ("", '<div class="byline">By Jane Roe, 2 May 2023</div>', "meta"),
        (CANONICAL, "", "url"),
        ("", "<p>Published: May 2, 2023</p>", "stamp"),
    ],
)
def test_the_day_is_found_wherever_it_stands(tmp_path: Path, head: str, top: str, provenance: str) -> None:
    assert day(raw(tmp_path, head, top)) == (DAY, provenance)


@pytest.mark.parametrize("head", [LINKED, META])
def test_author_publisher_and_title_come_from_the_page(tmp_path: Path, head: str) -> None:
    found = raw(tmp_path, head)
    assert (found.authors, found.publisher, found.title) == (("Jane Roe",), "The Daily News", "Bridge opens")


def test_an_author_in_the_byline_alone(tmp_path: Path) -> None:
    assert raw(tmp_path, top='<p class="byline">By <a rel="author" href="/jane">Jane Roe</a></p>').authors == (
        "Jane Roe",
    )


def test_the_day_of_a_change_is_not_the_day_of_publication(tmp_path: Path) -> None:
    changed = '<meta property="article:modified_time" content="2023-06-01">'
    assert day(raw(tmp_path, changed + META)) == day(raw(tmp_path, META + changed)) == (DAY, "meta")


def test_what_the_page_says_beats_its_address_and_both_are_kept(tmp_path: Path) -> None:
    meta = META.replace("2023-05-02", "2023-05-03")
    found = raw(tmp_path, LINKED + meta + CANONICAL.replace("02/bridge", "01/bridge"))
    when = published(found.text, found.field_date, found.meta_date, found.url)
    assert (when.day, when.provenance, when.others) == (DAY, "meta", ("2023-05-03 (meta)", "2023-05-01 (url)"))


def test_the_text_is_the_article_alone(tmp_path: Path) -> None:
    found = raw(tmp_path, LINKED)
    assert "Trucks may use it" in found.text
    assert not any(other in found.text for other in ("Home", "Most read", "2021", "schema.org"))
