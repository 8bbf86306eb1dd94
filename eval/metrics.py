"""Measures as pure functions: values per question, then means and intervals from them. Higher is better unless told."""

import math
import random
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Supports = Callable[[str, list[str]], bool]  # a sentence, the texts it cites -> do they support it together?

ARTICLES = re.compile(r"\b(a|an|the)\b")
PUNCTUATION = str.maketrans("", "", string.punctuation)
INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
MARKS = re.compile(r"\s*\[\d+\]")


def normalise(text: str) -> str:
    """SQuAD's rule (Rajpurkar et al. 2016): lower case, no punctuation, no a/an/the, single spaces."""
    return " ".join(ARTICLES.sub(" ", text.lower().translate(PUNCTUATION)).split())


def fold(text: str) -> str:
    """Letters and digits only, lower case, no accents, single spaces: "The U.S. sent 1,000" -> "the us sent 1000"."""
    joined = INITIALS.sub(lambda found: found[0].replace(".", "") + " ", re.sub(r"(?<=\d),(?=\d{3})", "", text))
    plain = unicodedata.normalize("NFKD", joined.casefold())
    kept = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def holds(folded: str, words: str) -> bool:
    """Whether a folded text holds the words as whole words in this order."""
    return f" {fold(words)} " in f" {folded} "


def without_marks(answer: str) -> str:
    """The answer without its [1] marks."""
    return MARKS.sub("", answer)


def exact(said: str, accepted: Sequence[str]) -> float:
    """1 if the answer is one of the accepted ones, by SQuAD's normalisation."""
    return float(any(normalise(said) == normalise(one) for one in accepted))


def f1(said: str, accepted: Sequence[str]) -> float:
    """SQuAD's F1 over normalised words, against the nearest accepted answer."""
    return max((_f1(normalise(said).split(), normalise(one).split()) for one in accepted), default=0.0)


def _f1(said: list[str], accepted: list[str]) -> float:
    if not said or not accepted:
        return float(said == accepted)
    shared = sum((Counter(said) & Counter(accepted)).values())
    return 2.0 * shared / (len(said) + len(accepted))


def words_right(said: str, wanted: Sequence[Sequence[str]], at_least: int) -> float:
    """1 if the text meets at least so many groups; a group is met when the text holds one of its alternatives."""
    folded = fold(said)
    met = sum(any(holds(folded, one) for one in group) for group in wanted)
    return float(met >= at_least)


def sources_right(cited: Sequence[str], gold: Sequence[str], at_least: int) -> float:
    """1 if at least so many of the gold articles are cited."""
    return float(len(set(cited) & set(gold)) >= at_least)


def sources_precision(cited: Sequence[str], gold: Sequence[str]) -> float:
    """The share of the citations that come from gold articles; 0 when nothing is cited."""
    return sum(source in gold for source in cited) / len(cited) if cited else 0.0


def evidence_cited(quotes: Sequence[tuple[str, str]], gold: Mapping[str, Sequence[str]]) -> float:
    """1 if some (source, quote) holds, or lies within, gold words of that source."""
    return float(any(_covers(fold(quote), fold(words)) for source, quote in quotes for words in gold.get(source, ())))


def citation_recall(cited: Sequence[tuple[str, Sequence[str]]], supports: Supports) -> float:
    """ALCE's (Gao et al. 2023): the share of (sentence, its quotes) whose quotes, together, support it."""
    return mean([float(bool(quotes) and supports(said, list(quotes))) for said, quotes in cited])


def citation_precision(cited: Sequence[tuple[str, Sequence[str]]], supports: Supports) -> float:
    """ALCE's: the share of citations that are of use. One is of no use where its sentence is not supported, or where
    it does not support the sentence by itself and the sentence's other quotes do without it.
    """
    return mean([_of_use(said, list(quotes), at, supports) for said, quotes in cited for at in range(len(quotes))])


def _of_use(said: str, quotes: list[str], at: int, supports: Supports) -> float:
    others = quotes[:at] + quotes[at + 1 :]
    idle = not supports(said, [quotes[at]]) and bool(others) and supports(said, others)
    return float(supports(said, quotes) and not idle)


def _covers(quote: str, words: str) -> bool:
    return bool(quote) and (f" {words} " in f" {quote} " or f" {quote} " in f" {words} ")


def risk_coverage(answered: Sequence[tuple[float, float]], crashed: int = 0) -> list[tuple[float, float]]:
    """(coverage, risk) after each answer, surest first, from (probability, 1 if right) pairs; ties count as one step.

    Coverage is the share of the answers taken, risk the share of those that are wrong; a crash comes last and wrong.
    """
    total = len(answered) + crashed
    ranked = [*sorted(answered, key=lambda pair: -pair[0]), *[(-1.0, 0.0)] * crashed]
    curve: list[tuple[float, float]] = []
    wrong = 0.0
    for taken, (probability, right) in enumerate(ranked, start=1):
        wrong += 1.0 - right
        if taken == total or ranked[taken][0] != probability:
            curve.append((taken / total, wrong / taken))
    return curve


def risk_coverage_area(curve: Sequence[tuple[float, float]]) -> float:
    """The mean risk over coverage, by steps: 0 is best, and without any answer it is 1 (lower is better)."""
    if not curve:
        return 1.0
    starts = [0.0, *(coverage for coverage, _ in curve[:-1])]
    return sum((coverage - start) * risk for start, (coverage, risk) in zip(starts, curve, strict=True))


def reliability(answered: Sequence[tuple[float, float]], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean probability, share right, how many) of each equal bin of probability that has any of the pairs."""
    held: dict[int, list[tuple[float, float]]] = {}
    for probability, right in answered:
        held.setdefault(min(bins - 1, int(probability * bins)), []).append((probability, right))
    return [(mean([p for p, _ in one]), mean([r for _, r in one]), len(one)) for _, one in sorted(held.items())]


def hit(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """1 if a relevant document is among the first k."""
    return float(any(relevant.get(one, 0.0) > 0 for one in ranked[:k]))


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """nDCG@k with linear gain, as trec_eval's ndcg_cut: sum of gain / log2(rank + 1), over the best order's."""
    best = _dcg(sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:k])
    return _dcg([max(0.0, relevant.get(one, 0.0)) for one in ranked[:k]]) / best if best else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def recall(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """The share of the relevant documents among the first k."""
    wanted = {one for one, gain in relevant.items() if gain > 0}
    return len(wanted & set(ranked[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """1 / rank of the first relevant document among the first k; 0 without one."""
    return next((1.0 / rank for rank, one in enumerate(ranked[:k], start=1) if relevant.get(one, 0) > 0), 0.0)


def average_precision(ranked: Sequence[str], relevant: Mapping[str, float]) -> float:
    """The mean, over the relevant documents, of the precision where each stands (0 where it does not)."""
    wanted = {one for one, gain in relevant.items() if gain > 0}
    found, total = 0, 0.0
    for rank, one in enumerate(ranked, start=1):
        if one in wanted:
            found += 1
            total += found / rank
    return total / len(wanted) if wanted else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean; 0 for no values."""
    return sum(values) / len(values) if values else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value with at least that share at or below it; 0 for no values."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0.0


def interval(values: Sequence[float], rounds: int = 1000, seed: int = 0) -> tuple[float, float]:
    """The 95% bootstrap interval of the mean (percentile method; the same seed gives the same interval)."""
    if not values:
        return 0.0, 0.0
    draw = random.Random(seed)
    means = [mean(draw.choices(values, k=len(values))) for _ in range(rounds)]
    return percentile(means, 0.025), percentile(means, 0.975)
