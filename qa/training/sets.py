"""The reader's training sets, read into one shape: questions over passages of whole sentences."""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ingest.errors import UserError

MOST_WORDS = 220  # longer contexts are cut into passages of whole sentences
DEV = 0.03  # share of contexts held out
DEV_DECLINED = 0.3  # share of the contexts with real unanswerable questions held out: there are few
SHINGLE = 12  # words in a row shared with a test context: the context is dropped

# file, share of its questions that is used (the text is distant or the questions are thin: less), whether its titles
# name an article
SETS: tuple[tuple[str, float, bool], ...] = (
    ("squad-squad11-train-part-du-test", 1.0, True),
    ("squad-squad20-train-first10articles", 1.0, True),  # what repeats the file above is dropped
    ("squad-train-800ctx", 1.0, False),
    ("squadshifts-new_wiki", 1.0, True),
    ("squadshifts-reddit", 1.0, False),
    ("squadshifts-amazon_reviews", 1.0, False),
    ("nq-nq-open-oracle", 1.0, True),
    ("nq-qed-dev", 1.0, True),
    ("tweetqa-train", 1.0, False),
    ("tweetqa-dev", 1.0, False),
    ("timeqa-human-train", 1.0, True),
    ("qamr-dev", 0.5, False),
    ("qamr-test", 0.5, False),
    ("fairytaleqa-train", 0.6, True),
    ("policyqa-dev", 0.2, True),
    ("squad-question-sentence-10k", 0.6, False),
)

# claims with the text that supports them or not: file, share used (captions of photographs are far from news: less)
CLAIMS: tuple[tuple[str, float], ...] = (
    ("fever-nli-binary-dev", 1.0),
    ("fever-symmetric-v02-dev", 1.0),
    ("fm2-dev", 1.0),
    ("mnli-dev-mismatched", 1.0),
    ("rte-train", 1.0),
    ("cad-nli-train", 1.0),
    ("snli-train-sub0-4", 0.35),
)
THREE_WAYS = ("snli-train-sub0-4", "cad-nli-train")  # whose "contradiction" and "neutral" are told apart
WRITTEN = Path(__file__).parent / "written.jsonl.gz"  # our own questions and claims over texts of the sets above
OURS = "written"  # the source of such a question
STORY = "story"  # the source of a question over a story of our own
OURS_CLAIMED = 2  # times as often as others our claims are drawn
TEXT_NAME = 12  # letters by which such a question names its text
SPACED = re.compile(r" (?=[.,;:!?%)\]]|'s\b|n't\b|'')|(?<=[(\[]) |(?<=``) ")  # what tokenised text has too much

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage with its title ("" for none), the article it belongs to ("" for none) and its sentences."""

    body: str
    title: str
    article: str
    sentences: Spans


@dataclass(frozen=True, slots=True)
class Question:
    """A question over one text; `spans` are the answers in it, empty when it does not answer."""

    source: str
    text: str
    at: int  # which Text
    spans: Spans
    answers: tuple[str, ...]
    answerable: bool
    evidence: Spans = ()  # sentences known to answer, beyond those that hold a span
    near: tuple[int, ...] = ()  # Texts of the same story, which do not answer
    echo: str = ""  # its answer's sentence as a question, as qa/echo.py asks it of other sources
    echoes: tuple[str, ...] = ()  # the same of other Texts of the story that answer


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, and a text that supports it or does not."""

    text: str
    premise: str
    title: str
    supported: bool
    source: str = ""
    contradicted: int = -1  # 1: it says the opposite of the claim; 0: it does not; -1: unknown


@dataclass(slots=True)
class Corpus:
    """All texts, the questions over them, and claims with texts of their own."""

    texts: list[Text] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a .jsonl.gz file."""
    if not path.exists():
        raise UserError(f"There is no file {path.name} in {path.parent}; give the folder that holds reader/train.")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Jr|Sr|Gen|Col|Lt|Sgt|Rev|Prof|vs|No|c|ca|cf|e\.g|i\.e|etc)\s?\.$")
BREAK = re.compile(r"(?:[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z0-9@#])|\n+)")


def sentences(text: str) -> Spans:
    """Sentence spans by a quick rule: training reads 25,000 contexts, and the bounds need not be perfect there."""
    bounds, begin = [], 0
    for found in BREAK.finditer(text):
        if ABBREVIATED.search(text[begin : found.start() + 1]):
            continue
        bounds.append((begin, found.end()))
        begin = found.end()
    bounds.append((begin, len(text)))
    trimmed = [(start, start + len(text[start:end].rstrip())) for start, end in bounds]
    return tuple((start, end) for start, end in trimmed if end > start)


def joined(bounds: Spans, spans: Spans) -> Spans:
    """Sentences, with those that an answer runs across made one."""
    merged: list[tuple[int, int]] = []
    for start, end in bounds:
        if merged and any(low < start < high for low, high in spans):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return tuple(merged)


def passages(text: str, bounds: Spans, most: int = MOST_WORDS) -> list[Spans]:
    """Runs of sentences of at most `most` words each (a longer sentence stands alone)."""
    runs: list[list[tuple[int, int]]] = [[]]
    words = 0
    for start, end in bounds:
        count = len(text[start:end].split())
        if runs[-1] and words + count > most:
            runs.append([])
            words = 0
        runs[-1].append((start, end))
        words += count
    return [tuple(run) for run in runs if run]


def words_of(text: str) -> list[str]:
    """Lower-case words, nothing else: what contexts and questions are compared by."""
    return re.findall(r"[a-z0-9]+", text.lower())


def shingles(text: str) -> set[str]:
    """Every run of SHINGLE words."""
    words = words_of(text)
    return {" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def test_shingles(folder: Path) -> set[str]:
    """Word runs of every test context and every test question, which training must not see."""
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        contexts = set()
        for row in read_rows(path):
            contexts |= {row["context"]} if "context" in row else {found["text"] for found in row["passages"]}
            seen.add(" ".join(words_of(row.get("question") or row["input"])))
        for context in contexts:
            seen |= shingles(context)
    return seen


def add_row(corpus: Corpus, row: dict[str, Any], name: str, titled: bool, index: dict[str, int]) -> None:
    """Adds one question, and its context's passages when they are new."""
    body = row.get("context") or row["answer_sentence"]
    answers = row.get("answers", {"text": [], "answer_start": []})
    spans = tuple((at, at + len(text)) for at, text in zip(answers["answer_start"], answers["text"], strict=True))
    title = row.get("title", "").replace("_", " ") if titled else ""
    bounds = (0, len(body)) if "answer_sentence" in row else None
    runs = [(bounds,)] if bounds else passages(body, joined(sentences(body), spans))
    for run in runs:
        low, high = run[0][0], run[-1][1]
        inside = tuple((a - low, b - low) for a, b in spans if low <= a and b <= high)
        key = body[low:high]
        if key not in index:
            index[key] = len(corpus.texts)
            moved = tuple((start - low, end - low) for start, end in run)
            corpus.texts.append(Text(key, title, f"{name}:{title}" if title else "", moved))
        if inside or bounds or (not spans and run is runs[0]):
            proof = row.get("evidence_sentence")
            evidence = ((proof["start"] - low, proof["end"] - low),) if proof else ()
            texts = tuple(key[a:b] for a, b in inside)
            found = Question(name, row["question"].strip(), index[key], inside, texts, bool(inside or bounds), evidence)
            corpus.questions.append(found)
            return


def text_name(text: str) -> str:
    """What a row of our own calls its text."""
    return hashlib.sha1(text.encode()).hexdigest()[:TEXT_NAME]


def add_written(corpus: Corpus, banned: Set[str], path: Path = WRITTEN) -> None:
    """Adds our own questions. A row names its text by the first letters of its SHA-1, and holds a "question" with

    - its "answer" as it stands there, once; "" where the text holds none;
    - or the "sentences" that a long answer rests on, as offsets.

    Those over texts that the corpus lacks are left out, and questions among the `banned`.
    """
    known = {text_name(text.body): at for at, text in enumerate(corpus.texts)}
    for row in read_rows(path):
        at = known.get(row["text"])
        if at is None or "question" not in row or " ".join(words_of(row["question"])) in banned:
            continue
        text = corpus.texts[at]
        if "sentences" in row:
            evidence = tuple((start, end) for start, end in row["sentences"])
            corpus.questions.append(Question(OURS, row["question"], at, (), (), True, evidence))
        elif (answer := row["answer"]) in text.body:
            start = text.body.find(answer)
            spans, answers = (((start, start + len(answer)),), (answer,)) if answer else ((), ())
            corpus.questions.append(Question(OURS, row["question"], at, spans, answers, bool(answer)))


def chosen(question: str, share: float) -> bool:
    """Whether a question is in the fixed part of its set that is used."""
    return zlib.crc32(question.encode()) / 2**32 < share


def load(folder: Path, sets: Iterable[tuple[str, float, bool]] = SETS) -> Corpus:
    """Every training set under `folder`/reader/train, without what the tests hold and without repeats, and our own
    questions over their texts.
    """
    banned = test_shingles(folder / "reader" / "test")
    corpus, index, seen = Corpus(), dict[str, int](), set[tuple[str, str]]()
    safe: dict[str, bool] = {}
    for name, share, titled in sets:
        for row in read_rows(folder / "reader" / "train" / f"{name}.jsonl.gz"):
            body = row.get("context") or row["answer_sentence"]
            key = (" ".join(words_of(row["question"])), " ".join(words_of(body)[:SHINGLE]))
            if body not in safe:
                safe[body] = banned.isdisjoint(shingles(body))
            if key in seen or key[0] in banned or not safe[body] or row.get("x_occurrences", 1) != 1:
                continue
            seen.add(key)
            if chosen(row["question"], share):
                add_row(corpus, row, name, titled, index)
    add_written(corpus, banned)
    return corpus


def load_claims(folder: Path, sets: Iterable[tuple[str, float]] = CLAIMS) -> list[Claim]:
    """Every claim under `folder`/support/train, without those that a test holds and without repeats."""
    tests = sorted((folder / "support" / "test").glob("*.jsonl.gz"))
    seen = {claim_key(row) for path in tests for row in read_rows(path)}
    found = []
    for name, share in sets:
        for row in read_rows(folder / "support" / "train" / f"{name}.jsonl.gz"):
            key = claim_key(row)
            if key not in seen and chosen(row["premise"], share):
                seen.add(key)
                text, premise = (SPACED.sub("", row[side]) for side in ("hypothesis", "premise"))
                supported = row["label"] == "entailment"
                opposed = int(row["label"] == "contradiction") if supported or name in THREE_WAYS else -1
                found.append(Claim(text, premise, row.get("title", ""), supported, contradicted=opposed))
    return found


def written_claims(texts: Iterable[Text], claims: Iterable[Claim], path: Path = WRITTEN) -> list[Claim]:
    """Our own claims, over texts and other claims' premises: a "claim", whether it is "supported" and, where that is
    told, whether it is "contradicted"; with the "span" of its text, as offsets, where it is not over the whole.
    """
    known = {text_name(claim.premise.strip()): (claim.premise, claim.title) for claim in claims}
    known |= {text_name(text.body): (text.body, text.title) for text in texts}
    found = []
    for row in read_rows(path):
        if "claim" in row and row["text"] in known:
            opposed = int(row["contradicted"]) if "contradicted" in row else 0 if row["supported"] else -1
            premise, title = known[row["text"]]
            start, end = row.get("span", (0, len(premise)))
            text = SPACED.sub("", premise[start:end])
            found.append(Claim(row["claim"], text, title, row["supported"], OURS, opposed))
    return found


def claim_key(row: Mapping[str, Any]) -> str:
    """What makes two rows the same claim over the same text."""
    return " ".join(words_of(row["hypothesis"])) + "|" + " ".join(words_of(row["premise"]))


def held_out(corpus: Corpus) -> set[int]:
    """The texts of the dev split: a fixed part of texts and stories, more of the sets' unanswerable ones."""
    declined = {one.at for one in corpus.questions if not one.answerable and one.source not in (OURS, STORY)}
    names = [text.article if text.article.startswith(STORY) else text.body for text in corpus.texts]
    share = [DEV_DECLINED if at in declined else DEV for at in range(len(names))]
    return {at for at, name in enumerate(names) if zlib.crc32(name.encode()) / 2**32 < share[at]}


def set_aside(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Claims to train on, ours several times, and those over the fixed part of the premises that each run holds out."""
    held = [zlib.crc32(claim.premise.encode()) / 2**32 < DEV for claim in claims]
    pairs = list(zip(claims, held, strict=True))
    train = [claim for claim, out in pairs if not out for _ in range(OURS_CLAIMED if claim.source == OURS else 1)]
    return train, [claim for claim, out in pairs if out]
