"""What the reader sees in training: groups of (question, passage) rows made from one question, drawn at random."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random

import numpy as np
from numpy.typing import NDArray

from qa.reader_encode import Tokens, Window, sentence_of, windows
from qa.training.hard import Scene, holding, perturbed, sloppy, without
from qa.training.mine import KEEP
from qa.training.sets import Claim, Corpus, Question, Text, sentences
from qa.training.synonyms import reworded

LISTED = 0.2  # share of questions that bring mined negatives, for the relevance loss
NEGATIVES = 2  # mined negatives of such a question
REMOVED = 0.28  # share with the answering sentence taken out
PERTURBED = 0.3  # share with a changed question beside them
REWORDED = 0.4  # share asked in other words, where synonyms are known
SLOPPY = 0.25  # share asked as people type, or as a follow-up is completed
TITLED = 0.5  # share with the title in front, where titles are known
LENGTHENED = 0.08  # share joined with another passage of the article, as news pages are long
MISSED = 8.0  # times as often as others of its set a question is drawn that the reader to start from gets wrong
MINED_WEIGHT = 0.4  # of a mined negative in the span and answerable losses: most are easy
NEAR = 3  # texts of its story that a question brings
NEAR_WEIGHT = 0.5  # of each of them in the losses but that of relevance
ECHOED = 0.4  # share of the questions several texts of a story answer asked with another's sentence, as in qa/echo.py
ALONE = 0.2  # share of those one text answers whose sentence is asked of the others, which do not

Tokenise = Callable[[str], Tokens]


@dataclass(frozen=True, slots=True)
class Row:
    """One window with its labels."""

    window: Window
    start: int  # index into window.ids of the answer's first and last token; 0, 0 for no answer; -1 unknown
    end: int
    answerable: bool
    sentences: NDArray[np.int16]  # per token its sentence's number in this window, -1 outside the passage
    answering: tuple[int, ...]  # numbers of the answering sentences
    group: int  # rows of one group compete for relevance; -1 for none
    relevant: bool
    weight: float
    supported: int = -1  # for a claim in the question's place: 1 when the passage supports it, else 0; -1: a question
    contradicted: int = -1  # for a claim: 1 when the passage contradicts it, else 0; -1: unknown, or a question


def labels(window: Window, tokens: Tokens, span: tuple[int, int] | None) -> tuple[int, int]:
    """First and last token of a span in a window; (0, 0) when it is not wholly inside."""
    if span is None:
        return 0, 0
    inside = tokens.offsets[window.start : window.start + window.count]
    hits = [n for n, (low, high) in enumerate(inside) if low < span[1] and high > span[0]]
    whole = hits and inside[hits[0]][0] <= span[0] and inside[hits[-1]][1] >= span[1]
    return (window.first + hits[0], window.first + hits[-1]) if whole else (0, 0)


def sentence_numbers(window: Window, tokens: Tokens, text: Text) -> NDArray[np.int16]:
    """Per token of the window the number of its sentence, -1 for question, title and marks."""
    starts = [start for start, _ in text.sentences]
    numbers = np.full(len(window.ids), -1, dtype=np.int16)
    for n in range(window.count):
        numbers[window.first + n] = sentence_of(starts, tokens.offsets[window.start + n][0])
    return numbers


class Groups:
    """Draws groups of rows from a corpus; the same seed draws the same groups."""

    def __init__(
        self,
        corpus: Corpus,
        mined: NDArray[np.int32],
        tokenise: Tokenise,
        alike: Mapping[str, Sequence[str]],
        synonyms: Mapping[str, Sequence[str]] | None = None,
        missed: Iterable[int] = (),
    ) -> None:
        """Indexes the texts by article and the questions by text; what means the same is not merely alike.

        `missed`: the rows of questions to be drawn more often.
        """
        self.corpus, self.mined, self.synonyms, self.missed = corpus, mined, synonyms or {}, frozenset(missed)
        self.alike = {
            word: [one for one in others if one not in self.synonyms.get(word, ())] for word, others in alike.items()
        }
        self.tokens = lru_cache(maxsize=60_000)(tokenise)
        self.articles: dict[str, list[int]] = defaultdict(list)
        for at, text in enumerate(corpus.texts):
            if text.article:
                self.articles[text.article].append(at)

    def row(self, asked: str, text: Text, question: Question | None, titled: bool, rng: Random) -> Row:
        """A row of one text; `question` None means that the text does not answer."""
        tokens = self.tokens(text.body)
        title = self.tokens(text.title).ids if titled and text.title else ()
        spans = question.spans if question else ()
        span = rng.choice(spans) if spans else None
        found = list(windows(self.tokens(asked).ids, title, tokens.ids))
        placed = [(window, *labels(window, tokens, span)) for window in found]
        window, start, end = rng.choice([one for one in placed if one[1]] or placed)
        answerable = bool(question and question.answerable and (start or not spans))
        if answerable and not spans:
            start = end = -1
        numbers = sentence_numbers(window, tokens, text)
        proof = tuple(n for n in holding(text, question) if n in numbers) if question and answerable else ()
        return Row(window, start, end, answerable, numbers, proof, -1, False, 1.0)

    def look_alike(self, question: Question, row: int, rng: Random) -> str:
        """Text near the question's passage: others of its article, and what retrieval confuses it with."""
        article = self.articles.get(self.corpus.texts[question.at].article, [])
        others = rng.sample(article, min(3, len(article))) + self.negatives(row, 2, rng)
        return "\n".join(self.corpus.texts[at].body for at in others if at != question.at)

    def negatives(self, row: int, count: int, rng: Random) -> list[int]:
        """Mined texts, half by words and half by meaning, the best of each ranking most often."""
        picked: list[int] = []
        for _ in range(count):
            side = rng.randrange(2) * KEEP
            at = int(self.mined[row, side + min(int(rng.expovariate(0.5)), KEEP - 1)])
            if at >= 0 and at not in picked:
                picked.append(at)
        return picked

    def lengthened(self, question: Question, rng: Random) -> tuple[Text, Question]:
        """The passage with another one of its article before or after it."""
        text = self.corpus.texts[question.at]
        others = [at for at in question.near or self.articles.get(text.article, []) if at != question.at]
        other = self.corpus.texts[rng.choice(others)] if others else None
        if other is None or len(other.body) + len(text.body) > 1500 or any(a in other.body for a in question.answers):
            return text, question
        first, second = (other, text) if rng.random() < 0.5 else (text, other)
        move = len(first.body) + 1
        shift = move if first is other else 0
        bounds = first.sentences + tuple((a + move, b + move) for a, b in second.sentences)
        spans = tuple((a + shift, b + shift) for a, b in question.spans)
        evidence = tuple((a + shift, b + shift) for a, b in question.evidence)
        joined = Text(f"{first.body}\n{second.body}", text.title, text.article, bounds)
        return joined, replace(question, spans=spans, evidence=evidence)

    def claim(self, claim: Claim, rng: Random) -> list[Row]:
        """The one row of a claim."""
        text = Text(claim.premise, claim.title, "", sentences(claim.premise))
        made = self.row(claim.text, text, None, rng.random() < TITLED, rng)
        return [replace(made, start=-1, end=-1, supported=int(claim.supported), contradicted=claim.contradicted)]

    def draw(self, row: int, group: int, rng: Random) -> list[Row]:
        """The rows of one question: its passage, and what must be declined."""
        question = self.corpus.questions[row]
        text = self.corpus.texts[question.at]
        titled = rng.random() < TITLED
        reword = rng.random() < REWORDED if self.synonyms else False
        asked = reworded(question.text, self.synonyms, rng) if reword else question.text
        slip = rng.random() < SLOPPY
        asked = sloppy(asked, rng) if slip else asked
        echoed = question.echo and rng.random() < (ECHOED if question.echoes else ALONE)
        asked = f"{asked} {rng.choice(question.echoes or (question.echo,))}" if echoed else asked
        near = [self.corpus.texts[at] for at in rng.sample(question.near, min(NEAR, len(question.near)))]
        beside = [replace(self.row(asked, one, None, titled, rng), group=group, weight=NEAR_WEIGHT) for one in near]
        if echoed and not question.echoes:  # no other text answers, and its own would be too easy
            return beside
        if not question.answerable:
            return [self.row(asked, text, None, titled, rng), *beside]
        shown, marked = self.lengthened(question, rng) if rng.random() < LENGTHENED else (text, question)
        rows = [replace(self.row(asked, shown, marked, titled, rng), group=group, relevant=True), *beside]
        if rng.random() < REMOVED and (rest := without(text, question)):
            bare = Text(rest, text.title, text.article, sentences(rest))
            rows.append(replace(self.row(asked, bare, None, titled, rng), group=group))
        if rng.random() < LISTED:
            for at in self.negatives(row, NEGATIVES, rng):
                other = self.row(asked, self.corpus.texts[at], None, titled, rng)
                rows.append(replace(other, group=group, weight=MINED_WEIGHT))
        if question.spans and not question.near and rng.random() < PERTURBED:
            scene = Scene(text.body, self.look_alike(question, row, rng), self.alike)
            if made := perturbed(question.text, scene, rng):
                changed = reworded(made, self.synonyms, rng) if reword else made
                changed = sloppy(changed, rng) if slip else changed
                rows.append(self.row(changed, text, None, titled, rng))
        return rows


def bound(rows: Sequence[Row], most: int) -> list[list[Row]]:
    """The rows of a step cut into pieces of `most` tokens, sorted by length so that little is padded."""
    pieces: list[list[Row]] = [[]]
    for row in sorted(rows, key=lambda row: len(row.window.ids)):
        if pieces[-1] and len(row.window.ids) * (len(pieces[-1]) + 1) > most:
            pieces.append([])
        pieces[-1].append(row)
    return pieces


def bundles(draws: Sequence[Sequence[Row]], count: int) -> list[list[Row]]:
    """The draws of a step shared out into bundles of like size; a draw's rows stay together, they share a loss."""
    made: list[list[Row]] = [[] for _ in range(count)]
    sizes = [0] * count
    for draw in sorted(draws, key=lambda draw: -sum(len(row.window.ids) for row in draw)):
        least = sizes.index(min(sizes))
        made[least] += draw
        sizes[least] += sum(len(row.window.ids) for row in draw)
    return [bundle for bundle in made if bundle]


def order(corpus: Corpus, weights: Mapping[str, float], seed: int, missed: Set[int] = frozenset()) -> list[int]:
    """The questions of one epoch, shuffled, each as often as its set's weight says (of 0.55, 55 in 100 once) and those
    that are missed MISSED times as often.
    """
    rng = Random(seed)
    often = (
        (weights.get(one.source, 1) * (MISSED if row in missed else 1)) for row, one in enumerate(corpus.questions)
    )
    rows = [row for row, times in enumerate(often) for _ in range(int(times + rng.random()))]
    rng.shuffle(rows)
    return rows
