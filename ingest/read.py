"""Files to raw articles: one small reader for each format, in the table READERS."""

import gzip
import hashlib
import io
import json
import logging
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

LARGEST = 64 * 1024 * 1024  # bytes of one file, unpacked; a .jsonl may be larger
LIST = 32 * 1024 * 1024  # bytes of one .json: a hostile one needs 23 times that in memory
PAGE = 16 * 1024 * 1024  # bytes of one text, page or line of a .jsonl: the tree of a page needs 10 times that
TAGS = 200_000  # of one page; real ones have some thousands, and a second goes for every 50,000
SWELLING = 100  # a .jsonl.gz may unpack to this many times its size, which no text does, or to LARGEST
LONGEST = 2_000_000  # characters of one article: several long books
WRONG = 1000  # this many entries that are no article, and twice as many as those that are, and a file is given up
FIELD = 500  # characters of a title, a name or an address
PAGES_FOR = 60.0  # seconds spent on the pages of one PDF
NO_GUESSING: dict[str, Any] = {"original_date": True, "extensive_search": False}  # not from any number in the page
STATED = [
    re.compile(r'"datePublished"\s{0,9}:\s{0,9}"(\d{4}-\d\d-\d\d)'),
    re.compile(
        r"""<meta\s[^>]{0,200}["'](?:article:published_time|og:published_time|datePublished|parsely-pub-date|pubdate)["']"""
        r"""[^>]{0,200}content=["'](\d{4}-\d\d-\d\d)""",
        re.I,
    ),
]
ELSEWHERE = (  # days of other stories; and the address, which htmldate would believe more than the page: another rung
    "//aside | //nav | //footer | //link[@rel='canonical'] | //meta[@property='og:url']"
)
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
WESTERN = set("àâäáãåæçèéêëìíîïñòóôöõøœùúûüýÿßÀÂÄÁÅÆÇÈÉÊËÍÎÏÑÓÔÖØŒÙÚÛÜŠšŽž€£©®°•…–—‘’“”«»‹›„‚·§½¼¾²³¿¡\xa0")


class Unreadable(Exception):
    """Why nothing could be read; shown in the list of failures."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file says about one article, before anything is cleaned."""

    text: str
    id: str = ""  # the article's own id
    url: str = ""
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    field_date: str = ""  # from a field made for it
    meta_date: str = ""  # from a page's metadata
    problem: str = ""  # why this one cannot be used, though the rest of its file can
    place: int = 0  # which article of its file, from 0

    def digest(self) -> str:
        """Equal for articles read with equal content."""
        return hashlib.sha256(repr(replace(self, place=0)).encode("utf-8", "backslashreplace")).hexdigest()


def find(paths: list[Path], unreadable: Callable[[Path], None] = lambda folder: None) -> list[Path]:
    """The files under these paths in any of our formats, each once, in order; links to folders are not followed.

    `unreadable` is told of folders that cannot be listed, and of files whose name is not UTF-8: it cannot be recorded.
    """
    found: set[Path] = set()
    for path in paths:
        if path.is_file():
            found.add(path.resolve())
            continue
        for folder, folders, names in os.walk(path, onerror=lambda error: unreadable(Path(error.filename))):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = [Path(folder, name) for name in names if not name.startswith(".")]
            found.update(file.resolve() for file in inside if kind(file) and file.is_file())
    for file in [file for file in found if not _recordable(file)]:
        found.remove(file)
        unreadable(Path(os.fsencode(file).decode("utf-8", "backslashreplace")))
    return sorted(found)


def _recordable(path: Path) -> bool:
    return os.fsencode(path).decode("utf-8", "ignore") == str(path)


def kind(path: Path) -> str:
    """The format by the file's name: a key of READERS, or "" for none."""
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    return suffix if suffix in READERS else ""


def read(path: Path, at: Callable[[int], None] = lambda position: None) -> Iterator[Raw]:
    """Every article of a file. Unreadable, with the reason, where there is no more to be had from it.

    `at` is told before each how many of the file's bytes have been read.
    """
    reader = READERS.get(kind(path))
    if reader is None:
        raise Unreadable(f"no reader for this format; Byline reads {' '.join(READERS)}, each also as .gz")
    wrong = 0
    try:
        with path.open("rb") as file:
            opened: Any = gzip.GzipFile(fileobj=file) if path.name.lower().endswith(".gz") else file
            for place, raw in enumerate(reader(opened)):
                wrong += bool(raw.problem)
                if wrong > WRONG + 2 * (place - wrong):
                    raise Unreadable(f"given up after {wrong:,} entries that are no articles")
                at(file.tell())
                yield _plain(raw, place)
    except (Unreadable, ImportError):  # a library that is missing is no fault of the file
        raise
    except PermissionError as error:
        raise Unreadable("no permission to read it") from error
    except Exception as error:  # a damaged file makes its library raise nearly anything
        raise Unreadable(f"damaged: {error or type(error).__name__}") from error


def _plain(raw: Raw, place: int) -> Raw:
    """The article with fields that can be stored and shown: one line each, no control characters, not endless."""
    return replace(
        raw,
        place=place,
        **{name: _shown(getattr(raw, name)) for name in ("id", "url", "title", "publisher", "field_date", "meta_date")},
        authors=tuple(_shown(author) for author in raw.authors[:50]),
    )


def _shown(text: str) -> str:
    text = text[: 2 * FIELD]
    return (
        text
        if text.isprintable() and len(text) <= FIELD
        else "".join(c if c.isprintable() else " " for c in text)[:FIELD]
    )


def decode(data: bytes, named: str = "") -> str:
    """Bytes as text: UTF-8, or what the byte order mark says, else the likeliest encoding. Unreadable when binary.

    `named` is the encoding that the file itself names: tried when it is not UTF-8.
    """
    marked = next((encoding for mark, encoding in MARKS.items() if data.startswith(mark)), _wide(data[:4000]))
    try:
        text = data.decode(marked or "utf-8", "replace" if marked else "strict")
    except UnicodeDecodeError:
        text = _named(data, named) or _guess(data)
    start = text[:10_000]
    if len(re.findall(r"[\x00-\x08\x0e-\x1f\ufffd]", start)) > 0.05 * len(start):
        raise Unreadable("not text")
    return text


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of western text is zero."""
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < 0.4 * len(start) / 2 or min(even, odd) > 0.05 * len(start) / 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _named(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding) if encoding else ""
    except (LookupError, ValueError):
        return ""


def _guess(data: bytes) -> str:
    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") <= len(damaged) // 1000:  # UTF-8 with a few broken bytes
        return damaged
    if data.count(0) > len(data) // 50:
        raise Unreadable("not text")
    western = data.decode("cp1252", "replace")
    if set(re.findall(r"[^\x00-\x7f]", western)) <= WESTERN:  # the commonest, and easily taken for its neighbours
        return western
    from charset_normalizer import from_bytes  # only for the rare file that is neither

    best = from_bytes(data[:100_000]).best()
    return data.decode(best.encoding, "replace") if best else western


def _all(file: BinaryIO, most: int = 0) -> bytes:
    most = min(most or LARGEST, LARGEST)
    data = file.read(most + 1)
    if len(data) > most:
        raise Unreadable(f"larger than {most // 1024 // 1024} MB unpacked")
    if not data.strip():
        raise Unreadable("empty")
    return data


def _text(file: BinaryIO) -> Iterator[Raw]:
    yield Raw(decode(_all(file, PAGE)))


def _markdown(file: BinaryIO) -> Iterator[Raw]:
    """Text without the marks of links and headings; a block of `key: value` lines at the top holds the fields."""
    text = decode(_all(file, PAGE)).replace("\r\n", "\n")
    front = re.match(r"---\n(.*?)\n(?:---|\.\.\.)(?:\n|$)", text, re.S)
    fields = {}
    if front:
        fields = dict(re.findall(r"^([a-z_]+):[ \t]*[\"']?(.*?)[\"']?[ \t]*$", front[1], re.M))
        text = text[front.end() :]
    text = re.sub(r"!\[[^\]\n]*\]\([^)\n]*\)", "", text)
    text = re.sub(r"\[([^\]\n]+)\]\([^)\n]*\)", r"\1", text)
    heading = re.match(r"\s*#[ \t]+(.+)", text)
    title = fields.get("title") or (heading[1].strip(" #") if heading else "")
    text = re.sub(r"^#{1,6}[ \t]+(.*?)[ \t#]*$", r"\1", text, flags=re.M)
    yield _fields({**fields, "title": title, "text": text})


def _json(file: BinaryIO) -> Iterator[Raw]:
    try:
        found = json.loads(decode(_all(file, LIST)))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    if isinstance(found, dict) and "text" not in found:
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        found = lists[0] if len(lists) == 1 else found
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not found:
        raise Unreadable("no article in it: an object with a text is expected, or a list of them")
    yield from map(_fields, found)


def _jsonl(file: BinaryIO) -> Iterator[Raw]:
    packed = getattr(file, "fileobj", None)  # of a .gz
    most = max(LARGEST, SWELLING * os.fstat(packed.fileno()).st_size) if packed else None
    number = size = blank = 0
    longest = min(PAGE, LARGEST)
    while line := file.readline(longest + 1):
        number, size = number + 1, size + len(line)
        if len(line) > longest or (most and size > most):
            raise Unreadable(f"line {number} goes on past all bounds")
        if line.strip():
            yield _line(line, number)
        elif (blank := blank + 1) > WRONG + number // 2 + 1:
            raise Unreadable(f"given up after {blank:,} empty lines")
    if not size:
        raise Unreadable("empty")


def _line(line: bytes, number: int) -> Raw:
    try:
        return _fields(json.loads(decode(line)))
    except (ValueError, RecursionError, Unreadable) as error:
        return Raw("", problem=f"line {number} is not JSON: {error}")


def _fields(one: Any) -> Raw:
    """A JSON article; only its text is required."""
    if not isinstance(one, dict):
        return Raw("", problem="not an article: an object with a text is expected")
    text, authors = one.get("text"), one.get("authors") or one.get("author") or ()
    authors = authors if isinstance(authors, list | tuple) else (authors,)
    return Raw(
        text if isinstance(text, str) else "",
        id=_string(one, "id"),
        url=_string(one, "url"),
        title=_string(one, "title"),
        publisher=_string(one, "source", "publisher"),
        authors=tuple(author for author in authors if isinstance(author, str) and author.strip()),
        field_date=_string(one, "publish_date", "published", "date"),
        problem="" if isinstance(text, str) and text.strip() else "it has no text",
    )


def _string(one: dict[str, Any], *keys: str) -> str:
    values = [one[key] for key in keys if isinstance(one.get(key), str | int | float)]
    return str(values[0]).strip() if values else ""


def _html(file: BinaryIO) -> Iterator[Raw]:
    import trafilatura  # 0.5 s: only for HTML

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    data = _all(file, PAGE)
    charset = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,20})", data[:4000], re.I)
    page = decode(data, charset[1].decode() if charset else "")
    if page.count("<") > TAGS:
        raise Unreadable(f"more than {TAGS:,} tags")
    found: Any = trafilatura.bare_extraction(page, with_metadata=True, date_extraction_params=NO_GUESSING)
    if found is None or not (found.text or "").strip():
        raise Unreadable("no article found in the page")
    yield Raw(
        found.text,
        url=found.url or "",
        title=found.title or "",
        publisher=found.sitename or "",
        authors=tuple(filter(None, (found.author or "").split("; "))),
        meta_date=_page_dates(page),
    )


def _page_dates(page: str) -> str:
    """The days on which a page says it was published, strongest first: JSON-LD, meta, then <time> and the byline."""
    import htmldate  # comes with trafilatura
    import trafilatura

    stated = [found[1] for pattern in STATED if (found := pattern.search(page))]
    tree = trafilatura.load_html(page)
    for element in tree.xpath(ELSEWHERE) if tree is not None else ():
        element.drop_tree()
    shown = htmldate.find_date(tree, **NO_GUESSING) if tree is not None else None
    return " ".join(dict.fromkeys([*stated, shown or ""])).strip()


def _pdf(file: BinaryIO) -> Iterator[Raw]:
    import pypdf  # only for PDF

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    began, texts = time.monotonic(), list[str]()
    for page in pypdf.PdfReader(io.BytesIO(_all(file))).pages:
        texts.append(page.extract_text())
        if time.monotonic() - began > PAGES_FOR:
            raise Unreadable(f"its pages take longer than {PAGES_FOR:.0f} s to read")
        if sum(map(len, texts)) > LONGEST:
            raise Unreadable("too long for an article")
    if not "".join(texts).strip():
        raise Unreadable("no text in the PDF: scanned pages, perhaps")
    yield Raw("\n\n".join(texts))


def _docx(file: BinaryIO) -> Iterator[Raw]:
    import docx  # only for Word

    packed = io.BytesIO(_all(file))
    parts = zipfile.ZipFile(packed).infolist()
    written = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if written > PAGE or sum(part.file_size for part in parts) > LARGEST:
        raise Unreadable(
            f"larger than {LARGEST // 1024 // 1024} MB unpacked, or its text than {PAGE // 1024 // 1024} MB"
        )
    document = docx.Document(packed)
    text = "\n\n".join(paragraph.text for paragraph in document.paragraphs if paragraph.text.strip())
    if not text:
        raise Unreadable("empty")
    yield Raw(text, title=document.core_properties.title or "")


READERS: dict[str, Callable[[BinaryIO], Iterator[Raw]]] = {
    ".txt": _text,
    ".md": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".json": _json,
    ".jsonl": _jsonl,
}
