"""The news articles that lie beside the repository, for tests that measure; they are not part of it."""

import gzip
import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "news"

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the news articles in ../shared/data/news")


def articles(wanted: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """The articles with these ids, or all of them."""
    for path in sorted(FOLDER.glob("articles-*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                if wanted is None or line.split('"', 4)[3] in wanted:  # the id comes first: most lines need no parsing
                    yield json.loads(line)
