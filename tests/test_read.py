"""Every format gives its article; what cannot be read gives a reason."""

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from ingest import read as reading
from ingest.read import Raw, Unreadable, decode, find, read

STORY = "The mayor opened the bridge on Tuesday.\n\nIt had been closed for two years."
PAGE = """<html><head><title>Bridge opens - The Daily News</title>
<meta property="og:site_name" content="The Daily News">
<meta property="article:published_time" content="2023-05-02T08:00:00Z"></head><body><nav>Home Sport</nav><article>
<h1>Bridge opens</h1><p>The mayor opened the bridge on Tuesday, in front of a crowd of several hundred people.</p>
<p>It had been closed for two years, and the repair cost twelve million euros.</p></article><script>var x = 1;</script>
</body></html>"""


def one(path: Path) -> Raw:
    (raw,) = read(path)
    return raw


def reason(path: Path) -> str:
    with pytest.raises(Unreadable) as error:
        list(read(path))
    return str(error.value)


def pdf(text: str) -> bytes:
    """The smallest PDF that shows one line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(body),
    )


def word(text: str) -> bytes:
    document = docx.Document()
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", STORY.encode()),
        ("a.md", STORY.encode()),
        ("a.json", json.dumps({"text": STORY}).encode()),
        ("a.jsonl", json.dumps({"text": STORY}).encode() + b"\n"),
        ("a.docx", word(STORY)),
    ],
)
def test_text_comes_back_in_every_format(tmp_path: Path, name: str, data: bytes, packed: bool) -> None:
    path = tmp_path / (name + ".gz" if packed else name)
    path.write_bytes(gzip.compress(data) if packed else data)
    assert one(path).text == STORY


def test_html_gives_the_article_and_what_the_page_says_about_it(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    raw = one(tmp_path / "a.html")
    assert "closed for two years" in raw.text
    assert "Home Sport" not in raw.text and "var x" not in raw.text
    assert (raw.publisher, raw.meta_date) == ("The Daily News", "2023-05-02")
    assert raw.title.startswith("Bridge opens")


def test_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf("The mayor opened the bridge."))
    assert one(tmp_path / "a.pdf").text.strip() == "The mayor opened the bridge."


def test_markdown_front_matter_heading_and_links(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndate: 2023-05-02\n---\n# Bridge opens\n\nThe [mayor](http://x.org/m) came.\n")
    raw = one(tmp_path / "a.md")
    assert (raw.title, raw.field_date) == ("Bridge opens", "2023-05-02")
    assert raw.text.strip() == "Bridge opens\n\nThe mayor came."


def test_json_fields_and_lists(tmp_path: Path) -> None:
    article = {"id": 7, "text": "T", "source": "S", "authors": ["A", None], "publish_date": "2024-01-02", "url": "u"}
    (tmp_path / "a.json").write_text(json.dumps({"articles": [article, {"title": "no text"}, 3]}))
    first, second, third = read(tmp_path / "a.json")
    assert first == Raw("T", id="7", url="u", publisher="S", authors=("A",), field_date="2024-01-02")
    assert second.problem == "it has no text"
    assert third.problem.startswith("not an article")


def test_a_bad_line_does_not_end_a_jsonl(tmp_path: Path) -> None:
    deep = "[" * 50_000
    (tmp_path / "a.jsonl").write_text('{"text": "one"}\n{broken\n\n' + deep + '\n{"text": "two"}\n')
    found = list(read(tmp_path / "a.jsonl"))
    assert [raw.text for raw in found] == ["one", "", "", "two"]
    assert "line 2" in found[1].problem and "line 4" in found[2].problem


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", bytes(range(256)) * 20, "not text"),
        ("a.pdf", b"%PDF-1.4 cut", "damaged"),
        ("a.docx", b"PK\x03\x04 cut", "damaged"),
        ("a.json", b"[" * 50_000, "not JSON"),
        ("a.json", b"[]", "no article"),
        ("a.html", b"<html><body></body></html>", "no article"),
        ("a.txt.gz", b"no gzip", "damaged"),
        ("a.txt.gz", gzip.compress(STORY.encode() * 99)[:60], "damaged"),
        ("a.xyz", b"text", "no reader"),
        ("a.jsonl", b"", "empty"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert why in reason(tmp_path / name)


def test_a_gz_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"a" * 1001))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "one"}\n' + b"a" * 2000))
    assert "larger" in reason(tmp_path / "a.txt.gz")
    assert "bounds" in reason(tmp_path / "b.jsonl.gz")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    text = "The Élysée said “no” to the café’s owner, and naïve façades remained. " * 5
    assert decode(text.encode(encoding)) == text


def test_a_file_named_itself_is_found_and_nothing_is_amiss(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    amiss: list[Path] = []
    assert find([tmp_path / "a.txt"], amiss.append) == [tmp_path / "a.txt"] and amiss == []
    find([tmp_path / "gone"], amiss.append)
    assert amiss == [tmp_path / "gone"]


def test_find_takes_folders_apart_and_survives_loops(tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("b.txt", "in/a.JSONL.GZ", "in/deep/c.html", "in/no.exe", ".hidden.txt"):
        (tmp_path / name).write_text("x")
    (tmp_path / "in" / "loop").symlink_to(tmp_path)
    (tmp_path / "in" / "twin.txt").symlink_to(tmp_path / "b.txt")
    found = [str(path.relative_to(tmp_path)) for path in find([tmp_path, tmp_path / "in"])]
    assert found == ["b.txt", "in/a.JSONL.GZ", "in/deep/c.html"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    assert find([tmp_path]) == []


def test_digest_tells_contents_apart_and_not_places() -> None:
    assert Raw("a").digest() == Raw("a", place=3).digest() != Raw("a", title="b").digest()


def test_decode_is_a_plain_function() -> None:
    check: Callable[[bytes], str] = decode
    assert check(b"plain") == "plain"
