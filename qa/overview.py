"""Questions about a topic and no one fact of it, "What is the latest on the strike?"; what articles about it say."""

import math
import re
from collections.abc import Iterator, Sequence

from ingest.article import Article, Hit
from qa.confidence import years_told
from qa.evidence import Candidate
from qa.question import QUESTION_WORD, WHETHER, Asked
from qa.reader import logistic
from qa.words import content, vocabulary

ON = r"(?:on|about|with|of|from|regarding|concerning|for)"
AT = r"(?:at|in|on|with|to|during|around|about)"
NEWS = r"(?:news|updates?|developments?|headlines|info(?:rmation)?|stories|reports|coverage)"
LATEST = r"(?:(?:latest|newest|recent|new) )"
WHAT_IS = r"what(?:['’]?s| is| are| was| has been| have been)"
ANY = r"(?:(?:any|some|the|me|us|a|an|give|show|get|write|i want|brief|short|quick|is there|are there) )*"
OVERVIEWS = (
    rf"(?:{WHAT_IS} )?{ANY}{LATEST}(?:{NEWS} )?(?:{ON}|in|at)",
    rf"(?:{WHAT_IS} )?{ANY}{LATEST}?{NEWS} {ON}",
    rf"{WHAT_IS} (?:happening|going on|up|new)(?: {AT})?",
    rf"what (?:(?:has|have|had) )?(?:happen(?:ed|s)|been happening) {AT}",
    rf"{ANY}(?:summary|overview|rundown|recap|briefing|round-?up) {ON}",
    rf"(?:summari[sz]e|sum up|recap|outline|(?:catch|fill|bring) me (?:up|in|up to date) on|(?:brief|update) me on)"
    rf"(?: (?:the )?{NEWS} {ON}| what(?:['’]?s| is| was| has been)? (?:known|reported|said|happened) {AT})?",
    r"tell me (?:(?:more|something|all|everything) )?about",
    r"what (?:(?:should|must) \w+|do \w+ need to) know about",
)
OVERVIEW = re.compile(
    rf"\W*(?:(?:please|so|ok(?:ay)?|hi|hello)\W+)?(?:(?:can|could|would) you (?:please )?)?(?:{'|'.join(OVERVIEWS)})"
    r" (?P<topic>\S.*?)[\s?.!]*",
    re.IGNORECASE,
)
NEWS_BEHIND = re.compile(
    rf"\W*(?P<topic>\S.*?)(?:['’]s?)? (?:{LATEST}?{NEWS}|latest)[\s?.!]*", re.IGNORECASE
)  # "Red Lobster news"
BRIEF = 4  # words of content of a topic that is typed without a question

# How well an article's best passage suits a topic (its score after reranking) from which the articles found are about
# it; and at least this share of the best one's. How likely they are, by that score: SLOPE, MIDDLE.
ABOUT, SHARE = 18.0, 0.72
SLOPE, MIDDLE = 0.4, 17.0
# What a sentence is worth, beside its cosine to the topic: the topic's words in it, and standing first in its article.
SHARED, FIRST, FALLS = 0.3, 0.3, 400  # characters from the beginning in which FIRST falls to a third
NEAREST, LEAST = 0.3, 1 / 3  # least cosine, and least share of the topic's words in it
MOST, FURTHER = 4, 3  # articles' sentences in all; of one article


def topic(question: str) -> str:
    """What a question asks for an overview of; "" where it asks for anything else."""
    if match := OVERVIEW.fullmatch(question):
        return match["topic"]
    behind = NEWS_BEHIND.fullmatch(question)
    return bare_topic(behind["topic"]) if behind else ""


def bare_topic(question: str) -> str:
    """A topic typed without a question, "Texas abortion law"; "" for anything else."""
    asks = QUESTION_WORD.search(question) or WHETHER.match(question) or not 0 < len(content(question)) <= BRIEF
    return "" if asks else question.strip(" ?.!")


def about(asked: Asked, hits: Sequence[Hit]) -> dict[str, float]:
    """The articles that are about the topic, by id, best first, with how well their best passage suits it.

    An article that lacks a name of the topic, or tells of none of its years, is about another.
    """
    best: dict[str, float] = {}
    for hit in hits:
        article, score = hit.passage.article, hit.scores.get("rerank", 0.0)
        if vocabulary(f"{article.title}\n{article.text}").issuperset(asked.names) and _of_its_years(asked, article):
            best[article.id] = max(score, best.get(article.id, score))
    least = max(ABOUT, SHARE * max(best.values(), default=0.0))
    return {name: score for name, score in sorted(best.items(), key=lambda one: -one[1]) if score >= least}


def _of_its_years(asked: Asked, article: Article) -> bool:
    day = article.published.day
    return not asked.years or day is None or bool(asked.years & years_told(f"{article.title}\n{article.text}", day))


def likely(found: dict[str, float]) -> float:
    """How likely articles are about their topic; 0.0 for none."""
    return logistic(SLOPE * (max(found.values()) - MIDDLE)) if found else 0.0


def telling(asked: Asked, found: dict[str, float], ordered: Sequence[Candidate]) -> list[Candidate]:
    """The sentences that tell of the topic: of the best articles one each, further ones where they are few."""
    of = {name: sorted(_of(asked, name, ordered), key=lambda one: -_worth(asked, one)) for name in found}
    turns = [one[place] for place in range(FURTHER) for one in of.values() if place < len(one)]
    return turns[:MOST]


def _of(asked: Asked, name: str, ordered: Sequence[Candidate]) -> Iterator[Candidate]:
    of = (one for one in ordered if one.article.id == name)
    return (one for one in of if one.features.near >= NEAREST and _shared(asked, one.text) >= LEAST)


def _worth(asked: Asked, one: Candidate) -> float:
    first = FIRST * _shared(asked, one.article.title) * math.exp(-one.start / FALLS)
    return one.features.near + SHARED * _shared(asked, one.text) + first


def _shared(asked: Asked, text: str) -> float:
    return len(asked.stems & vocabulary(text)) / (len(asked.stems) or 1)
