"""Question sets: read, checked and named by a digest. eval/questions/README.md describes the file for its writers."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.metrics import fold, holds
from ingest.errors import UserError

REPORTED = Path(__file__).parent / "questions" / "seeds.toml"
FIELDS = {
    "id": str,
    "kind": str,
    "question": str,
    "history": list,
    "as_of": date,
    "accept": list,
    "all": list,
    "at_least": int,
    "gold": dict,
    "cite": int,
    "refuse": bool,
}
SHOWN = 5  # problems named in one message; the rest are counted


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what a right answer to it is."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...] = ()  # earlier user questions, oldest first
    as_of: date | None = None
    wanted: tuple[tuple[str, ...], ...] = ()  # groups of words; a group is met by any one of its alternatives
    at_least: int = 0  # how many groups the answer must meet
    gold: Mapping[str, tuple[str, ...]] | None = None  # source -> its words that support the answer; None: none does
    cite: int = 1  # how many gold sources the answer must cite
    refuse: bool = False  # True: a refusal is right; with `wanted`, an answer that meets it is right too
    line: int = 0  # where the block starts in its file

    @property
    def answerable(self) -> bool:
        """Whether the articles hold the answer."""
        return not self.refuse


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file, in its order; the digest changes with any change of the file."""

    name: str
    digest: str
    questions: tuple[Question, ...]


def load_questions(path: Path, texts: Mapping[str, str]) -> QuestionSet:
    """The set in a TOML file, its gold resolved against {source: text}; UserError names every bad line."""
    raw = _read(path)
    blocks, lines = _parse(path, raw)
    problems: list[str] = []
    questions: list[Question] = []
    seen: set[str] = set()
    for block, line in zip(blocks, lines, strict=True):
        wrong = _shape_problems(block) or _sense_problems(block, seen, texts)
        seen.add(str(block.get("id")))
        problems += [f"line {line} ({block.get('id', 'no id')}): {problem}" for problem in wrong]
        if not wrong:
            questions.append(_question(block, line, texts))
    if problems:
        raise UserError(f"{path}: {_listed(problems)}.")
    if not questions:
        raise UserError(f"{path} holds no questions: write one [[question]] block for each.")
    return QuestionSet(path.name, hashlib.sha256(raw).hexdigest()[:16], tuple(questions))


def resolve_source(name: str, sources: Sequence[str]) -> str | None:
    """The source of that name, or the only one that starts with it; None otherwise."""
    if name in sources:
        return name
    starting = [source for source in sources if source.startswith(name)]
    return starting[0] if len(starting) == 1 else None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"Cannot read the questions {path}: {error.strerror or error}.") from error


def _parse(path: Path, raw: bytes) -> tuple[list[dict[str, Any]], list[int]]:
    try:
        text = raw.decode("utf-8")
        held = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text: save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML: {error}.") from error
    blocks = held.get("question", [])
    unknown = sorted(set(held) - {"question"})
    if unknown or not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        found = f", not {', '.join(unknown)}" if unknown else ""
        raise UserError(f"{path} must hold [[question]] blocks and nothing else{found}.")
    starts = [
        number for number, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*question\s*\]\]", line)
    ]
    return blocks, starts if len(starts) == len(blocks) else [1] * len(blocks)


def _shape_problems(block: Mapping[str, Any]) -> list[str]:
    problems = [f"there is no field {name!r}" for name in block if name not in FIELDS]
    for name, kind in FIELDS.items():
        if name in block and type(block[name]) is not kind:
            problems.append(f"{name} must be {_KIND_NAMES[kind]}")
    missing = [f"{name} is missing or empty" for name in ("id", "kind", "question") if not block.get(name)]
    return problems + missing if problems else missing + _list_problems(block)


def _list_problems(block: Mapping[str, Any]) -> list[str]:
    problems = [
        f"{name} must list texts that are not empty"
        for name in ("history", "accept")
        if not all(_is_text(item) for item in block.get(name, []))
    ]
    if not all(_is_texts(item) for item in block.get("all", [])):
        problems.append("all must list texts, or lists of alternative texts")
    problems += [
        f"gold.{source} must be words of that article, or a list of them"
        for source, words in block.get("gold", {}).items()
        if not _is_texts(words)
    ]
    return problems


def _sense_problems(block: Mapping[str, Any], seen: set[str], texts: Mapping[str, str]) -> list[str]:
    """What is wrong with a block whose fields are well formed."""
    problems = []
    if block["id"] in seen:
        problems.append("the id is used before")
    if block.get("accept") and block.get("all"):
        problems.append("give accept or all, not both")
    told = bool(block.get("accept") or block.get("all"))
    if told != bool(block.get("gold")):
        problems.append("accept (or all) and gold go together")
    if not told and not block.get("refuse"):
        problems.append("say what is right: accept (or all) with gold, or refuse = true")
    if "at_least" in block and not 1 <= block["at_least"] <= len(block.get("all", [])):
        problems.append("at_least must lie between 1 and the number of items in all")
    if "cite" in block and not 1 <= block["cite"] <= len(block.get("gold", {})):
        problems.append("cite must lie between 1 and the number of gold articles")
    return problems + (_gold_problems(block.get("gold", {}), texts) or _answer_problems(block, texts))


def _gold_problems(gold: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    problems = []
    for name, words in gold.items():
        source = resolve_source(name, list(texts))
        if source is None:
            problems.append(f"gold.{name} names no article, or several")
            continue
        missing = [piece for piece in _texts(words) if not holds(fold(texts[source]), piece)]
        problems += [f"the article {source} does not hold the words {piece!r}" for piece in missing]
    return problems


def _answer_problems(block: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
    """Accepted words that no gold article holds: an answer cut from the articles could never be right."""
    held = [fold(texts[str(resolve_source(name, list(texts)))]) for name in block.get("gold", {})]
    groups = [block["accept"]] if block.get("accept") else [_texts(item) for item in block.get("all", [])]
    return [
        f"no gold article holds {' or '.join(map(repr, group))}"
        for group in groups
        if not any(holds(text, words) for text in held for words in group)
    ]


def _question(block: Mapping[str, Any], line: int, texts: Mapping[str, str]) -> Question:
    groups = [block["accept"]] if block.get("accept") else [_texts(item) for item in block.get("all", [])]
    gold = {
        str(resolve_source(name, list(texts))): tuple(_texts(words)) for name, words in block.get("gold", {}).items()
    }
    return Question(
        id=block["id"],
        kind=block["kind"],
        question=block["question"],
        history=tuple(block.get("history", ())),
        as_of=block.get("as_of"),
        wanted=tuple(tuple(group) for group in groups),
        at_least=block.get("at_least", len(groups)),
        gold=gold or None,
        cite=block.get("cite", 1),
        refuse=block.get("refuse", False),
        line=line,
    )


def _texts(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(fold(value))


def _is_texts(value: object) -> bool:
    return _is_text(value) or (isinstance(value, list) and bool(value) and all(_is_text(item) for item in value))


def _listed(problems: list[str]) -> str:
    more = len(problems) - SHOWN
    return "; ".join(problems[:SHOWN]) + (f"; and {more} more" if more > 0 else "")


_KIND_NAMES = {
    str: "a text",
    list: "a list",
    date: "a date like 2025-06-01, without quotation marks",
    int: "a whole number",
    dict: "written as gold.SOURCE",
    bool: "true or false",
}
