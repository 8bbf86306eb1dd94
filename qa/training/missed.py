"""Which of our own questions a reader still gets wrong: they teach it the most."""

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.reader import CONFIG, Reader, Reading, load_reader
from qa.training.dev import whole
from qa.training.hard import holding
from qa.training.score import RIGHT, overlap
from qa.training.sets import OURS, Corpus, Question, Text

AT_ONCE = 512
CITED = 0.1  # probability from which a sentence is cited


def missed(corpus: Corpus, folder: Path, work: Path) -> NDArray[np.int32]:
    """The rows of `corpus.questions`, our own but for stories, that the reader in a folder gets wrong. They are kept in
    `work`, for this reader and these questions: reading takes minutes.
    """
    texts = "\n".join(one.text for one in corpus.questions)
    digest = hashlib.sha256((folder / CONFIG).read_bytes() + texts.encode()).hexdigest()[:12]
    path = work / f"missed-{digest}.npy"
    if path.exists():
        return np.load(path)  # type: ignore[no-any-return]
    reader = load_reader(folder)
    rows = [row for row, question in enumerate(corpus.questions) if question.source == OURS]
    found: list[int] = []
    for begin in range(0, len(rows), AT_ONCE):
        part = [(row, corpus.questions[row]) for row in rows[begin : begin + AT_ONCE]]
        readings = reader.read_pairs([(one.text, whole(corpus.texts[one.at], False)) for _, one in part])
        for (row, question), reading in zip(part, readings, strict=True):
            if not right(question, corpus.texts[question.at], reading, reader):
                found.append(row)
    table = np.array(found, dtype=np.int32)
    work.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new.npy")
    np.save(fresh, table)
    fresh.replace(path)
    return table


def right(question: Question, text: Text, reading: Reading, reader: Reader) -> bool:
    """Whether a reading answers the question where its text does, and only there."""
    if question.answerable and not question.spans:
        told = set(holding(text, question))
        cited = {number for number, sure in enumerate(reading.sentences) if sure > CITED}
        return reading.answerable > 0 and 2 * len(told & cited) >= len(told)
    sure = reader.probability(reading) >= reader.calibration.threshold
    if not question.answerable or not sure:
        return question.answerable == sure
    best = text.body[reading.spans[0].start : reading.spans[0].end]
    return max(overlap(best, answer) for answer in question.answers) >= RIGHT
