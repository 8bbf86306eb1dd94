"""A set of questions to fill in, started from the titles of one's own articles: `python -m eval init FOLDER`."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.article import Article, headline
from ingest.build import source_of
from ingest.clean import clean
from ingest.errors import UserError
from ingest.read import Raw, Unreadable, find, read

HEADER = """\
# Questions about your own articles. Fill in every field that is empty, and copy or delete blocks as you like; then
#   python -m ingest {folder} --store my-store
#   python -m eval --questions {file} --store my-store
# What is missing is named by its line. The fields, and more of them, are described in eval/questions/README.md:
#   question  as somebody would type it, in other words than the article's
#   accept    the answer is right when it holds any one of these words
#   gold      the words of the article that support the answer, copied from it; name every article that answers
#   refuse    for a question that no article answers, though it sounds as if one did: such keep an answerer honest
# Two thirds of questions with an answer to one third without is a good measure; thirty questions say something.
"""
BLOCKS = """
# {told}

[[question]]
id = "{id}-fact"
kind = "fact"
question = ""
accept = [""]
gold.{source} = ""

[[question]]
id = "{id}-said"
kind = "said"
question = ""
accept = [""]
gold.{source} = ""

[[question]]
id = "{id}-near"
kind = "near"
question = ""
refuse = true
"""


@dataclass(frozen=True, slots=True)
class Titled:
    """What the template says of an article."""

    source: str  # as `gold` names it
    title: str


def titles(folder: Path, most: int) -> list[Titled]:
    """The articles under a folder, at most so many, chosen by the hashes of their names; UserError for none."""
    if not folder.exists():
        raise UserError(f"{folder} does not exist: name a folder of articles.")
    found = {one.source: one for path in find([folder]) for one in _articles(path)}
    if not found:
        raise UserError(f"{folder} holds no article that can be read.")
    chosen = sorted(found, key=lambda source: hashlib.sha256(source.encode("utf-8", "replace")).digest())[:most]
    return [found[source] for source in sorted(chosen)]


def template(folder: Path, file: Path, articles: Sequence[Titled]) -> str:
    """The set as text: valid TOML whose questions, accepted words and gold are empty."""
    blocks = [
        BLOCKS.format(told=_line(f"{one.source}: {one.title}"), id=f"{place:03}", source=_quoted(one.source))
        for place, one in enumerate(articles, start=1)
    ]
    return HEADER.format(folder=_line(str(folder)), file=_line(str(file))) + "".join(blocks)


def _articles(path: Path) -> Iterator[Titled]:
    try:
        for raw in read(path):
            titled = _titled(path, raw)
            if titled:
                yield titled
    except Unreadable:
        return


def _titled(path: Path, raw: Raw) -> Titled | None:
    """As ingest names and titles it; None for what holds no article."""
    source = source_of(path, raw)
    if raw.problem or not raw.text.strip():
        return None
    found = clean(raw.text, raw.title)
    return Titled(source, headline(Article(source, source, found.text, title=found.title))) if found.text else None


def _line(text: str) -> str:
    """The text as part of one comment line: TOML forbids control characters there."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _quoted(name: str) -> str:
    """A name as a TOML key: a JSON string without lone surrogates is one."""
    return json.dumps(name.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
