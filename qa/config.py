"""Every knob of answering: one named, commented line each. `digest()` goes into each result."""

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Any

from ingest.errors import UserError


@dataclass(frozen=True, slots=True)
class Config:
    """How a question is answered; frozen, so that a result can name what made it."""

    candidates: int = 100  # passages fetched from each index
    most_fetched: int = 6400  # passages fetched from each index where few may answer, as in a narrow window of days
    fused: int = 64  # passages kept after fusion
    read: int = 20  # of these read by the reader: those that would come first without it
    rrf_k: int = 60  # reciprocal rank fusion's constant (Cormack, Clarke and Buettcher 2009)
    nearest: int = 3  # passages shown with a refusal
    spans_read: int = 12  # best-ranked passages whose spans may answer
    threshold: float | None = None  # probability under which the answer is a refusal; None: the calibration's own
    most_sentences: int = 5  # sentences in an answer drawn from several articles
    most_support: int = 3  # citations under one fact: one per independent cluster
    rerank: bool = True  # False: fused order stands (for ablations)
    dense: bool = True  # False: BM25 alone
    bm25: bool = True  # False: dense alone
    question_chars: int = 2000  # a longer question is refused as input

    def digest(self) -> str:
        """Twelve hex digits that name this configuration."""
        return hashlib.sha256(repr(sorted(asdict(self).items())).encode()).hexdigest()[:12]


DEFAULT = Config()


def with_options(**options: Any) -> Config:
    """The default configuration with some knobs turned; an unknown knob is a UserError."""
    unknown = sorted(set(options) - set(asdict(DEFAULT)))
    if unknown:
        raise UserError(f"There is no setting called {', '.join(unknown)}.")
    return replace(DEFAULT, **options)
