"""Files to raw articles: one small reader per format, in the table READERS."""

import gzip
import hashlib
import html
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

LARGEST = 200 * 1024 * 1024  # bytes of one file after unpacking; a larger one is refused (a .gz bomb, a disk image)
LONGEST = 20 * 1024 * 1024  # characters of one article; no news story is this long


class Unreadable(Exception):
    """Why nothing could be read; shown in the list of failures."""


@dataclass(frozen=True, slots=True)
class Raw:
    """What a file says about one article, before anything is cleaned."""

    text: str
    id: str = ""  # the article's own id, for JSON
    url: str = ""
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    field_date: str = ""  # JSON publish_date
    meta_date: str = ""  # from HTML
    problem: str = ""  # why this one cannot be used, though the rest of its file can
    place: int = field(default=0, compare=False)  # which article of its file, from 0

    def digest(self) -> str:
        """Equal for articles read with equal content."""
        parts = (self.text, self.id, self.url, self.title, self.publisher, self.authors, self.field_date, self.meta_date)
        return hashlib.sha256(repr((*parts, self.problem)).encode("utf-8", "backslashreplace")).hexdigest()


def find(paths: list[Path]) -> list[Path]:
    """The readable files under these paths, each once, in order; links to folders are not followed."""
    found = set()
    for path in paths:
        if path.is_file():
            found.add(path.resolve())
        for folder, folders, names in os.walk(path):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = [Path(folder, name) for name in names if not name.startswith(".")]
            found.update(file.resolve() for file in inside if kind(file) and file.is_file())
    return sorted(found)


def kind(path: Path) -> str:
    """The format by the file's name: a key of READERS, or "" for none."""
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    return suffix if suffix in READERS else ""


def read(path: Path) -> Iterator[Raw]:
    """Every article of a file. Unreadable when there is nothing to be had from it."""
    reader = READERS.get(kind(path))
    if reader is None:
        raise Unreadable(f"no reader for this format; Byline reads {' '.join(READERS)} and .gz of each")
    try:
        with path.open("rb") as file:
            stream = gzip.GzipFile(fileobj=file) if path.name.lower().endswith(".gz") else file
            for place, raw in enumerate(reader(Bounded(stream))):
                yield raw if not place else _placed(raw, place)
    except Unreadable:
        raise
    except PermissionError as error:
        raise Unreadable("no permission to read it") from error
    except (OSError, EOFError) as error:
        raise Unreadable(f"damaged: {error}") from error


def _placed(raw: Raw, place: int) -> Raw:
    values = {name: getattr(raw, name) for name in Raw.__dataclass_fields__}
    return Raw(**{**values, "place": place})


class Bounded(io.RawIOBase):
    """A binary file that refuses to give more than LARGEST bytes."""

    def __init__(self, file: BinaryIO | gzip.GzipFile) -> None:
        """Read from `file`."""
        self._file, self._left = file, LARGEST

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer; Unreadable once there is too much."""
        data = self._file.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise Unreadable(f"larger than {LARGEST // 1024 // 1024} MB unpacked")
        buffer[: len(data)] = data
        return len(data)


def decode(data: bytes) -> str:
    """Bytes as text: UTF-8 or what the byte order mark says, else the likeliest encoding. Unreadable for binary data."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _guess(data)
    strange = sum(1 for c in text[:10_000] if ord(c) < 32 and c not in "\t\n\r\f\x0b")
    if strange > 0.02 * min(len(text), 10_000):
        raise Unreadable("not text")
    return text


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes  # only for the rare file that is not UTF-8

    damaged = data.decode("utf-8", "replace")
    if damaged.count("\ufffd") <= len(damaged) // 1000:  # UTF-8 with a few broken bytes
        return damaged
    best = from_bytes(data[:200_000], cp_isolation=["cp1252", "latin_1", "cp1250", "cp1251", "utf_16", "shift_jis", "gb18030"]).best()
    return data.decode(best.encoding if best else "cp1252", "replace")


def _text(file: BinaryIO) -> Iterator[Raw]:
    text = decode(file.read())
    if not text.strip():
        raise Unreadable("empty")
    yield Raw(text)


def _json(file: BinaryIO) -> Iterator[Raw]:
    try:
        found = json.loads(decode(file.read()))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    if isinstance(found, dict):
        lists = [value for value in found.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
        found = [found] if "text" in found or not lists else lists[0]
    if not isinstance(found, list):
        raise Unreadable("no article in it: an object with a text, or a list of them, is expected")
    yield from (_fields(one) for one in found)


def _jsonl(file: BinaryIO) -> Iterator[Raw]:
    for number, line in enumerate(io.BufferedReader(file), start=1):  # type: ignore[arg-type]
        if not line.strip():
            continue
        try:
            yield _fields(json.loads(decode(line)))
        except (ValueError, RecursionError, Unreadable) as error:
            yield Raw("", problem=f"line {number} is not JSON: {error}")


def _fields(one: Any) -> Raw:
    """A JSON article; only its text is required."""
    if not isinstance(one, dict) or not isinstance(one.get("text"), str) or not one["text"].strip():
        return Raw("", id=_string(one, "id") if isinstance(one, dict) else "", problem="it has no text")
    authors = one.get("authors") or ()
    authors = (authors,) if isinstance(authors, str) else authors
    return Raw(
        one["text"],
        id=_string(one, "id"),
        url=_string(one, "url"),
        title=_string(one, "title"),
        publisher=_string(one, "source") or _string(one, "publisher"),
        authors=tuple(str(author) for author in authors if author) if isinstance(authors, list | tuple) else (),
        field_date=_string(one, "publish_date") or _string(one, "date"),
    )


def _string(one: dict[str, Any], key: str) -> str:
    value = one.get(key)
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _html(file: BinaryIO) -> Iterator[Raw]:
    import trafilatura  # 0.5 s: only for HTML

    data = file.read()
    found = trafilatura.bare_extraction(data, with_metadata=True, favor_recall=True, include_comments=False)
    if found is None or not found.text:
        plain = html.unescape(re.sub(r"(?is)<(script|style).*?</\1>|<[^>]+>", " ", decode(data)))
        if not plain.strip():
            raise Unreadable("no text in the page")
        yield Raw(plain)
        return
    authors = tuple(filter(None, (found.author or "").split("; ")))
    yield Raw(
        found.text,
        url=found.url or "",
        title=found.title or "",
        publisher=found.sitename or "",
        authors=authors,
        meta_date=found.date or "",
    )


def _pdf(file: BinaryIO) -> Iterator[Raw]:
    import pypdf  # only for PDF

    try:
        pages = pypdf.PdfReader(io.BytesIO(file.read())).pages
        text = "\n\n".join(page.extract_text() for page in pages)
    except Exception as error:  # damaged PDFs raise nearly anything
        raise Unreadable(f"damaged PDF: {error}") from error
    if not text.strip():
        raise Unreadable("no text in the PDF: scanned pages")
    yield Raw(text)


def _docx(file: BinaryIO) -> Iterator[Raw]:
    import docx  # only for Word

    try:
        document = docx.Document(io.BytesIO(file.read()))
    except Exception as error:  # damaged packages raise nearly anything
        raise Unreadable(f"damaged Word file: {error}") from error
    text = "\n\n".join(paragraph.text for paragraph in document.paragraphs)
    if not text.strip():
        raise Unreadable("empty")
    yield Raw(text, title=document.core_properties.title or "")


READERS: dict[str, Callable[[BinaryIO], Iterator[Raw]]] = {
    ".txt": _text,
    ".md": _text,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".json": _json,
    ".jsonl": _jsonl,
}
