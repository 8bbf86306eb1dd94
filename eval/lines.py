"""JSON lines, plain or gzipped: one object a line, and the line named where it is not."""

import gzip
import json
from pathlib import Path
from typing import Any

from ingest.errors import UserError


def read_text(path: Path) -> str:
    """The file's text, unpacked where its name ends in .gz; UserError when it cannot be read."""
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text.") from error
    except (OSError, EOFError) as error:
        raise UserError(f"Cannot read {path}: {getattr(error, 'strerror', None) or error}.") from error


def read_objects(path: Path) -> list[dict[str, Any]]:
    """Every line's object; UserError names the first line that holds none, or says that the file is empty."""
    found = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            found.append(_object(path, number, line))
    if not found:
        raise UserError(f"{path} holds no lines.")
    return found


def _object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        held = json.loads(line)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        raise UserError(f"{path}, line {number} is not a JSON object.")
    return held
