"""The shipped models as the two functions that `eval.reader` measures."""

from collections.abc import Callable, Sequence
from datetime import date

from eval.reader import Decide, Decision, Score
from ingest.article import Article, Hit, Passage
from ingest.embed import Embed, load_embedder
from ingest.split import split
from qa.compose import fact, many
from qa.confidence import Calibration, load_calibration
from qa.config import DEFAULT, Config
from qa.evidence import Candidate, candidates
from qa.question import Asked, understand
from qa.reader import Reading, load_reader
from qa.rerank import Read, ReadHit, read_hits, rescore
from qa.words import content

# A sentence more likely than this to answer is cited: the best F2 on 800 questions over held-out training contexts.
# Missing a part of an answer is worse than a sentence too many.
ANSWERS = 0.1


def open_shipped(pipeline: bool, today: date) -> tuple[Decide, Score]:
    """Both functions over the bundled models: the reader alone, or with the pipeline's choice and threshold."""
    reader, embed = load_reader(), load_embedder()
    score = scorer(reader.read, embed)
    if pipeline:
        return pipeline_decider(reader.read, embed, load_calibration(), DEFAULT, today), score
    return reader_decider(reader.read, reader.probability, reader.calibration.threshold, DEFAULT), score


def reader_decider(read: Read, probability: Callable[[Reading], float], threshold: float, config: Config) -> Decide:
    """The reader by itself: its best span, its own calibrated refusal, and the sentences it finds answering."""

    def decide(question: str, article: Article) -> Decision:
        passages = split(article)
        readings = read(question, passages)
        surest = max((probability(one) for one in readings), default=0.0)
        refused = surest < threshold
        cited = () if refused else _answering(passages, readings, config.most_sentences)
        return Decision(_best_span(article, readings), refused, surest, cited)

    return decide


def pipeline_decider(read: Read, embed: Embed, calibration: Calibration, config: Config, today: date) -> Decide:
    """Reads one text as the pipeline reads what it retrieved, and refuses and cites as it does."""

    def decide(question: str, article: Article) -> Decision:
        asked = understand(question, today)
        found = _read(read, embed, question, split(article))
        best = rescore(found, asked.stems)[: config.spans_read]
        ordered = candidates(asked, best, embed, read, calibration, passages=len(found))
        probability = ordered[0].probability if ordered else 0.0
        refused = probability < calibration.threshold
        cited = () if refused else _cited(asked, ordered, calibration.threshold, config)
        return Decision(_best_span(article, [one.reading for one in found]), refused, probability, cited)

    return decide


def scorer(read: Read, embed: Embed) -> Score:
    """How relevant the reader finds each sentence, with the cosine kept in, as in the pipeline's reranking."""

    def score(question: str, texts: Sequence[str]) -> list[float]:
        passages = [_passage(number, text) for number, text in enumerate(texts)]
        found = rescore(_read(read, embed, question, passages), frozenset(content(question)))
        scored = {one.hit.passage.id: one.hit.score for one in found}
        return [scored[passage.id] for passage in passages]

    return score


def _passage(number: int, text: str) -> Passage:
    article = Article(id=str(number), source=str(number), text=text)
    return Passage(str(number), article, 0, len(text), ((0, len(text)),))


def _read(read: Read, embed: Embed, question: str, passages: list[Passage]) -> list[ReadHit]:
    if not passages:
        return []
    vectors = embed([question, *(passage.text for passage in passages)])
    cosines = [float(cosine) for cosine in vectors[1:] @ vectors[0]]
    hits = [Hit(passage, cosine, {"dense": cosine}) for passage, cosine in zip(passages, cosines, strict=True)]
    return read_hits(read, question, hits)


def _best_span(article: Article, readings: Sequence[Reading]) -> str:
    spans = [span for reading in readings for span in reading.spans]
    best = max(spans, key=lambda span: span.score, default=None)
    return article.text[best.start : best.end] if best else ""


def _answering(passages: Sequence[Passage], readings: Sequence[Reading], most: int) -> tuple[tuple[int, int], ...]:
    """The sentences that answer, surest first; the surest one where none is sure."""
    pairs = zip(passages, readings, strict=True)
    sentences = [pair for one, read in pairs for pair in zip(read.sentences, one.sentences, strict=True)]
    ranked = sorted(sentences, key=lambda pair: -pair[0])
    sure = [pair for pair in ranked if pair[0] > ANSWERS] or ranked[:1]
    return tuple(span for _, span in sure[:most])


def _cited(asked: Asked, ordered: list[Candidate], threshold: float, config: Config) -> tuple[tuple[int, int], ...]:
    draft = many(ordered, config) if asked.many else fact(asked, ordered, threshold, config)
    return tuple((one.start, one.end) for one in draft.citations) if draft else ()
