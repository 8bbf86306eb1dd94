"""The held-out split: what the threshold, the calibration and every choice are made on."""

from random import Random

from ingest.article import Article, Passage
from qa.training.groups import Groups
from qa.training.hard import Scene, holding, perturbed, without
from qa.training.score import DECLINED, LONG, Case
from qa.training.sets import Text, sentences

REMOVED, PERTURBED, MINED = 0.3, 0.4, 0.2  # share of held-out questions that also bring such a case
NEAR = 2  # texts of its story, which do not answer, that a question brings


def whole(text: Text, title: bool) -> Passage:
    """A training text as a passage."""
    article = Article("case", "case", text.body, text.title if title else "")
    return Passage("case", article, 0, len(text.body), text.sentences)


def dev_cases(groups: Groups, held: set[int], seed: int = 5) -> list[Case]:
    """The questions over held-out texts, and the same kinds of unanswerable cases that training uses."""
    found: list[Case] = []
    for row, question in enumerate(groups.corpus.questions):
        if question.at not in held:
            continue
        rng = Random(f"{seed} {row}")
        text = groups.corpus.texts[question.at]
        titled = rng.random() < 0.5
        passage = whole(text, titled)
        near = [groups.corpus.texts[at] for at in rng.sample(question.near, min(NEAR, len(question.near)))]
        found += [Case(question.text, whole(one, titled), (), "near") for one in near]
        kind = "answerable" if question.answerable else DECLINED
        if question.answerable and not question.spans:
            if question.evidence and (told := tuple(holding(text, question))):
                found.append(Case(question.text, passage, (), LONG, told))
            continue
        found.append(Case(question.text, passage, question.answers, kind))
        if question.answerable:
            found += hard_cases(groups, row, passage, titled, rng)
    return found


def hard_cases(groups: Groups, row: int, passage: Passage, titled: bool, rng: Random) -> list[Case]:
    """Unanswerable cases made from one answerable question."""
    question = groups.corpus.questions[row]
    text = groups.corpus.texts[question.at]
    found = []
    if rng.random() < REMOVED and (rest := without(text, question)):
        bare = Text(rest, text.title, text.article, sentences(rest))
        found.append(Case(question.text, whole(bare, titled), (), "removed"))
    if rng.random() < MINED:
        others = [groups.corpus.texts[at] for at in groups.negatives(row, 1, rng)]
        found += [Case(question.text, whole(other, titled), (), "mined") for other in others]
    if not question.near and rng.random() < PERTURBED:
        scene = Scene(text.body, groups.look_alike(question, row, rng), groups.alike)
        if made := perturbed(question.text, scene, rng):
            found.append(Case(made, passage, (), "perturbed"))
    return found
