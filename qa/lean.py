"""How the time asked about, and the day of asking, move articles in the fused ranking: softly, none is left out."""

import math
from collections.abc import Callable
from datetime import date

from ingest.article import Hit
from qa.when import Window

# Shares of a fused score, chosen on half of the news questions (hit@1 of `python -m eval.when`): for an article of the
# time asked about, falling with the days (NEAR) from it beyond SLACK; for the newest where "the latest" is asked.
IN_WINDOW, SLACK, NEAR = 0.25, 3, 30
LATEST, OLD = 0.25, 365
LATER = 0.3  # taken from an article published after the day the question is asked as of: nobody could know it then

Lean = Callable[[Hit], float]  # what a hit's fused score is multiplied by


def leaning(window: Window, today: date) -> Lean:
    """The lean of a question asked on a day; 1 for every article where it says nothing of time."""

    def lean(hit: Hit) -> float:
        day = hit.passage.article.published.day
        if day is None:
            return 1.0 + IN_WINDOW / 2 if window.bounded else 1.0
        share = 1.0 - LATER if day > today else 1.0
        if window.bounded:
            return share * (1.0 + IN_WINDOW * math.exp(-max(0, _apart(window, day) - SLACK) / NEAR))
        if window.latest:
            return share * (1.0 + LATEST * math.exp(-max(0, (today - day).days) / OLD))
        return share

    return lean


def _apart(window: Window, day: date) -> int:
    """Days between an article and the window; 0 inside it."""
    if window.first and day < window.first:
        return (window.first - day).days
    if window.last and day > window.last:
        return (day - window.last).days
    return 0
