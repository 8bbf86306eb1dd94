"""How the time asked about, and the day of asking, move articles: softly, none is left out."""

import math
from dataclasses import dataclass
from datetime import date

from ingest.article import Article, Hit
from qa.window import Window

SLACK, NEAR = 3, 30  # days beyond the time asked about that count as within, and in which closeness falls to a third
OLD = 365  # the same where "the latest" is asked, which may be old
UNDATED = 1 / 3  # closeness of an article without a date to a time that the question names
SHARE = 0.25  # of a fused score, that an article of the time asked about gains
LATER = 0.3  # taken from the fused score of an article published after the day of asking: nobody could know it then
RANKED, UNKNOWN = 6.0, 5.0  # what closeness adds to the reader's relevance, and what a later article loses there


@dataclass(frozen=True, slots=True)
class Lean:
    """The lean of a question asked on a day about a window of time; without one it asks about the days before.

    By how often a right article comes first, SLACK, NEAR, OLD, SHARE and LATER were chosen on half of the questions of
    `python -m eval when`, RANKED and UNKNOWN on 400 that neither it nor `python -m eval news` asks.
    """

    window: Window
    today: date

    def close(self, article: Article) -> float:
        """How near to the time asked about an article was published, 0 to 1, falling with the days."""
        day = article.published.day
        if self.window.bounded:
            return UNDATED if day is None else math.exp(-max(0, _apart(self.window, day) - SLACK) / NEAR)
        if day is None or day > self.today:
            return 0.0
        return math.exp(-(self.today - day).days / (OLD if self.window.latest else NEAR))

    def share(self, hit: Hit) -> float:
        """What a hit's fused score is multiplied by."""
        article = hit.passage.article
        return (1.0 - LATER * self._later(article)) * (1.0 + SHARE * self.close(article))

    def moved(self, article: Article) -> float:
        """What is added to the relevance of an article's passages."""
        return RANKED * self.close(article) - UNKNOWN * self._later(article)

    def _later(self, article: Article) -> bool:
        return article.published.day is not None and article.published.day > self.today


def _apart(window: Window, day: date) -> int:
    """Days between an article and the window; 0 inside it."""
    if window.first and day < window.first:
        return (window.first - day).days
    if window.last and day > window.last:
        return (day - window.last).days
    return 0
