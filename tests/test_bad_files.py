"""Files made to break a reader: each gives an article or a reason, soon, and in bounded memory."""

import gzip
import io
import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ingest.clean import clean
from ingest.dates import published
from ingest.read import LONGEST, Raw, Unreadable, find, read
from tests.test_read import pdf, word

STORY = "The mayor opened the bridge on Tuesday, in front of a crowd of several hundred people."
SECONDS = 20  # of processor time, on a slow machine; all but the largest take under one


def through(path: Path) -> list[Raw] | str:
    """The articles of a file, each of which can be cleaned, dated and stored; or the reason why there are none."""
    began = time.process_time()
    try:
        found = list(read(path))
    except Unreadable as reason:
        assert str(reason)
        return str(reason)
    finally:
        assert time.process_time() - began < SECONDS
    for raw in found:
        if not raw.problem and len(raw.text) <= LONGEST:
            clean(raw.text, raw.title).text.encode()
            published(raw.text, raw.field_date, raw.meta_date, raw.url)
        for field in (raw.id, raw.url, raw.title, raw.publisher, raw.field_date, raw.meta_date, *raw.authors):
            assert field.isprintable() and len(field) <= 500
    assert time.process_time() - began < SECONDS
    return found


def docx_with(name: str, content: bytes) -> bytes:
    """A Word file, one of whose parts is replaced."""
    kept, packed = io.BytesIO(), zipfile.ZipFile(io.BytesIO(word(STORY)))
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in packed.namelist():
            changed.writestr(part, content if part == name else packed.read(part))
    return kept.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    + '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>&k;&file;</w:t></w:r></w:p></w:body></w:document>"
).encode()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", bytes(17 * 1024 * 1024), "larger"),
        ("a.pdf", pdf(STORY)[:300], ""),
        ("a.pdf", b"%PDF-1.4\n" + b"1 0 obj<</Kids[1 0 R]/Type/Pages/Count 9>>endobj\n" * 2000, ""),
        ("a.html", b"<div>" * 50_000, ""),
        ("a.html", b"<html><body>" + b"<b>" * 300_000 + b"x", "tags"),
        ("a.json", b'{"text":' * 50_000, "not JSON"),
        ("a.json", b"[" + b"[]," * 1_000_000 + b"[]]", "given up"),
        ("a.json", b"[" + b"0," * 100_000 + b"0]", "given up"),
        ("a.jsonl", b"x\n" * 100_000, "given up"),
        ("a.jsonl", b"\n" * 5_000_000, "given up"),
        ("a.jsonl.gz", gzip.compress(b"\n" * 50_000_000), "given up"),
        ("a.jsonl.gz", gzip.compress(b"a" * 50_000_000), "bounds"),
        ("a.txt.gz", gzip.compress(gzip.compress(bytes(20_000_000))), "not text"),
        ("a.txt.gz", gzip.compress(bytes(40_000_000)), "larger"),
        ("a.docx.gz", gzip.compress(b"PK\x05\x06" + bytes(18)), ""),
        ("a.docx", docx_with("word/document.xml", b"<a>" + b" " * 20_000_000 + b"</a>"), "larger"),
        ("a.docx", docx_with("word/document.xml", b"<a>" * 100_000), ""),
        ("a.docx", docx_with("word/document.xml", LAUGHS), ""),
    ],
)
def test_a_bad_file_gives_its_reason(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(data)
    found = through(tmp_path / name)
    assert isinstance(found, str) and why in found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", STORY.encode() + b"\x00\x00" + STORY.encode()),
        ("a.txt", (STORY + "\n").encode("utf-16-le") * 5),
        ("a.txt", (STORY + "\n").encode("utf-16-be") * 5),
        ("a.txt", (STORY + "\n").encode("utf-32") * 5),
        ("a.txt", b"A" * 10_000_000),
        ("a.txt", b"<a " * 1_000 + b"<a" * 500_000),
        ("a.txt", b"2023-01-05 " * 150_000),
        ("a.txt", b"." + b" " * 1_500_000 + b"x\n" * 9),
        ("a.txt", b"x\n" + b" \n" * 500_000 + b"y"),
        ("a.txt", b"Jane Roe " * 150_000),
        ("a.txt", b'."' * 700_000),
        ("a.txt", ("— | - " * 200_000).encode()),
        (
            "a.json",
            json.dumps({"text": STORY, "id": "\ud800" * 9, "title": "\udfff\x00\n" * 999, "url": "u\x1b[2J"}).encode(),
        ),
        (
            "a.json",
            json.dumps({"text": f"half \ud83d {STORY}", "authors": ["\ud800"] * 99, "date": "1" * 9999}).encode(),
        ),
        ("a.html", f"<html><body><article>{'<div>' * 200}<p>{STORY * 5}</p></article></body></html>".encode()),
        ("a.html", f"<p>{STORY * 5}<p>&nbsp;{'&amp;' * 100_000}".encode()),
    ],
)
def test_a_strange_file_gives_an_article(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    found = through(tmp_path / name)
    assert isinstance(found, list) and len(found) == 1 and found[0].text.strip()


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.json", "a.jsonl"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(200 * 1024 * 1024)
        found = through(tmp_path / name)
        assert isinstance(found, str) and ("larger" in found or "bounds" in found)


def test_memory_stays_bounded(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" + b"[]," * 10_000_000 + b"[]]")  # 30 MB that become 10 million lists
    (tmp_path / "b.html").write_bytes(b"<html><body><p>" + b"<i>a</i>" * 1_900_000)
    (tmp_path / "d.html").write_bytes(b"<html><body><p>" + b"word " * 3_000_000)
    (tmp_path / "c.txt.gz").write_bytes(gzip.compress(bytes(300_000_000)))
    script = (
        "import sys; from pathlib import Path; from ingest.read import read, Unreadable\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    try: [None for _ in read(path)]\n"
        "    except Unreadable: pass\n"
    )
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True, timeout=300)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert peak == before or peak < 1.8 * 1024 * 1024  # in KB; the largest child so far, so a larger one hides this


def test_links_in_a_circle_and_broken_links_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "none.txt")
    (tmp_path / "deep").symlink_to(tmp_path)
    (tmp_path / "d.txt").write_text(STORY)
    assert [path.name for path in find([tmp_path, tmp_path / "a.txt", tmp_path / "deep"])] == ["d.txt"]


def test_a_name_that_is_not_utf8_is_told_of(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text(STORY)
    (tmp_path / "é.txt").write_text(STORY)
    told: list[Path] = []
    assert [path.name for path in find([tmp_path], told.append)] == ["é.txt"]
    assert [path.name for path in told] == ["\\xff.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    (tmp_path / "a.txt").chmod(0)
    assert through(tmp_path / "a.txt") == "no permission to read it"


def test_a_page_names_its_own_encoding(tmp_path: Path) -> None:
    story = "Мэр открыл мост во вторник в присутствии нескольких сотен человек, сообщает газета. " * 9
    page = f'<html><head><meta charset="windows-1251"><title>Мост</title></head><body><article><p>{story}</p></article>'
    (tmp_path / "a.html").write_bytes(page.encode("cp1251"))
    found = through(tmp_path / "a.html")
    assert isinstance(found, list) and "Мэр открыл мост" in found[0].text
