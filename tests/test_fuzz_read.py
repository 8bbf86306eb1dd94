"""Valid files with bytes flipped, cut and spliced: an article or a reason, never anything else, and soon."""

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.test_bad_files import STORY, through
from tests.test_read import PAGE, pdf, word

TEXT = f"Bridge opens\n2023-05-02\n{STORY}\n\n“It is safe,” she said – “naïve” as that sounds. "
ARTICLE = {"id": "a", "title": "Bridge opens", "text": TEXT, "publish_date": "2023-05-02", "authors": ["Jane Roe"]}
VALID = {
    "a.txt": TEXT.encode() * 3,
    "b.txt": TEXT.encode("utf-16"),
    "a.md": f"---\ndate: 2023-05-02\n---\n# Bridge\n\n{TEXT}".encode(),
    "a.html": PAGE.encode(),
    "a.json": json.dumps([ARTICLE] * 3).encode(),
    "a.jsonl": b"\n".join([json.dumps(ARTICLE).encode()] * 3),
    "a.pdf": pdf(STORY),
    "a.docx": word(TEXT.replace("\n", "\n\n")),
    "a.txt.gz": gzip.compress(TEXT.encode() * 9, mtime=0),
    "a.jsonl.gz": gzip.compress(b"\n".join([json.dumps(ARTICLE).encode()] * 9), mtime=0),
    "a.html.gz": gzip.compress(PAGE.encode(), mtime=0),
    "a.pdf.gz": gzip.compress(pdf(STORY), mtime=0),
}
TELLING = [
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b"<",
    b"[",
    b"{",
    b'"',
    b"\\ud800",
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"9" * 30,
    b"\n" * 50,
]


def mutated(name: str, seed: int) -> bytes:
    """A valid file, one to eight times flipped, cut, spliced, doubled or written into."""
    chance, data = random.Random(f"{name} {seed}"), bytearray(VALID[name])
    for _ in range(chance.randint(1, 8)):
        at, to = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        match chance.choice(("flip", "cut", "end", "splice", "double", "write")):
            case "flip" if data:
                for _ in range(chance.randint(1, 12)):
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case "cut":
                del data[at : min(to, at + 200)]
            case "end" if chance.random() < 0.3:
                del data[at:]
            case "splice":
                other = VALID[chance.choice(list(VALID))]
                start = chance.randrange(len(other))
                data[at:at] = other[start : start + chance.randint(1, 400)]
            case "double":
                data[at:at] = data[at : min(to, at + 2000)]
            case "write":
                data[at:at] = chance.choice(TELLING) * chance.randint(1, 20)
    return bytes(data)


def check(folder: Path, seeds: range) -> None:
    for name in VALID:
        for seed in seeds:
            path = folder / f"{seed}-{name}"
            path.write_bytes(mutated(name, seed))
            try:
                through(path)
            except BaseException as error:
                error.add_note(f"{name}, seed {seed}")
                raise
            path.unlink()


def test_mutations_differ_from_what_they_are_made_of() -> None:
    made = {(name, seed): mutated(name, seed) for name in VALID for seed in range(17)}
    assert len(set(made.values())) > 190
    assert made == {(name, seed): mutated(name, seed) for name, seed in made}


def test_200_mutated_files_are_survived(tmp_path: Path) -> None:
    check(tmp_path, range(17))  # 17 of each of 12 files: 204


@pytest.mark.slow
def test_2000_more_mutated_files_are_survived(tmp_path: Path) -> None:
    check(tmp_path, range(17, 184))  # 167 of each of 12 files: 2,004


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=some.sampled_from(["a.txt", "a.md", "a.json", "a.jsonl", "a.txt.gz", "a.docx", "a.pdf"]), data=some.binary()
)
def test_any_bytes_are_survived(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    through(tmp_path / name)


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.sampled_from([*ARTICLE, "source", "url", "x"]), inner),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_any_json_is_survived(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(value))
    through(tmp_path / "a.json")
