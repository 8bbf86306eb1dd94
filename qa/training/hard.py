"""Questions made unanswerable, and passages that lost their answer: what teaches the reader to decline."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from qa.training.sets import Question, Text, words_of

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "last")
NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve")

OPPOSITES = (
    "first last", "before after", "largest smallest", "biggest smallest", "highest lowest", "most least", "more less",
    "more fewer", "increase decrease", "increased decreased", "older younger", "oldest youngest", "oldest newest",
    "early late", "earlier later", "earliest latest", "north south", "northern southern", "east west",
    "eastern western", "win lose", "won lost", "begin end", "began ended", "start end", "started stopped",
    "start finish", "male female", "men women", "man woman", "father mother", "son daughter", "brother sister",
    "husband wife", "king queen", "high low", "higher lower", "long short", "longest shortest", "hot cold",
    "good bad", "best worst", "better worse", "positive negative", "support oppose", "supported opposed",
    "allow forbid", "allowed forbidden", "arrive leave", "arrived left", "buy sell", "bought sold", "build destroy",
    "built destroyed", "accept reject", "accepted rejected", "agree disagree", "agreed disagreed", "public private",
    "inside outside", "upper lower", "major minor", "majority minority", "minimum maximum", "rise fall", "rose fell",
    "open close", "opened closed", "strong weak", "rich poor", "urban rural", "new old", "modern ancient", "left right",
    "above below", "birth death", "born die", "always never", "success failure", "successful unsuccessful",
    "easy difficult", "easier harder", "fast slow", "fastest slowest", "large small", "larger smaller", "big little",
    "wide narrow", "advantage disadvantage", "gain lose", "gained lost", "friend enemy", "attack defend",
    "attacked defended", "import export", "imported exported", "join leave", "joined left", "love hate", "liked hated",
    "legal illegal", "common rare", "popular unpopular", "natural artificial", "internal external", "domestic foreign",
    "guilty innocent", "include exclude", "included excluded", "create abolish", "created abolished",
    "founded dissolved", "primary secondary", "summer winter", "spring autumn", "morning evening", "day night",
    "happy sad", "dark light", "full empty", "easiest hardest", "cheaper costlier", "cheap expensive", "safe dangerous",
    "appointed dismissed", "hired fired", "raised lowered", "expanded reduced", "gave took", "teacher student",
)  # fmt: skip
OPPOSITE: dict[str, str] = {}
for _pair in OPPOSITES:
    _one, _other = _pair.split()
    OPPOSITE.setdefault(_one, _other)
    OPPOSITE.setdefault(_other, _one)

YEAR = re.compile(r"\b(?:1[0-9]{3}|20[0-4][0-9])\b")
NUMBER = re.compile(r"\b[0-9]+(?:[.,][0-9]+)*\b")
NAME = re.compile(r"\b[A-Z][\w’'-]*\w(?:\s+(?:(?:of|the|de|van|von)\s+)?[A-Z][\w’'-]*\w)*")
AUXILIARY = re.compile(r"\b(did|does|do|is|are|was|were|can|could|will|would|has|have|had|should)\b", re.IGNORECASE)
NO_NAME = {"Who", "What", "When", "Where", "Why", "How", "Which", "Whose", "Whom", "The", "In", "On", "At", "A", "An",
           "Is", "Are", "Was", "Were", "Did", "Does", "Do", "It", "He", "She", "They", "This", "That", "These", "As",
           "After", "Before", "During", "For", "From", "By", "To", "Of", "With", "If", "Name", "There", "His", "Her",
           "According", "Many", "Some", "One", "Its", "Their", "We", "You", "And", "But", "Other", *MONTHS}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What a question is changed against."""

    passage: str
    elsewhere: str  # text of the same article or field: look-alike names and numbers come from it
    alike: Mapping[str, Sequence[str]] = field(default_factory=dict)  # words of a kind: "drummer" -> "guitarist", ...


def cased(word: str, model: str) -> str:
    """`word` with a capital when `model` has one."""
    return word[0].upper() + word[1:] if model[:1].isupper() else word


def put(text: str, found: re.Match[str], new: str) -> str:
    """The text with a match replaced."""
    return text[: found.start()] + new + text[found.end() :]


def names(text: str) -> list[str]:
    """Capitalised runs that look like names, without sentence openers and months."""
    found = []
    for match in NAME.finditer(text):
        words = match.group().split()
        while words and (words[0] in NO_NAME or words[0] in ("of", "the")):
            words = words[1:]
        if words:
            found.append(" ".join(words))
    return found


def other_number(number: str, near: str, elsewhere: str, rng: Random) -> str:
    """A number of the same kind that the passage (`near`) does not hold; one from `elsewhere` when there is one."""
    pattern = YEAR if YEAR.fullmatch(number) else NUMBER
    taken = set(NUMBER.findall(near)) | {number}
    found = {match.group() for match in pattern.finditer(elsewhere)}
    choices = sorted(one for one in found - taken if len(one) == len(number))
    if choices and rng.random() < 0.6:
        return rng.choice(choices)
    digits = number.replace(",", "")
    if not digits.isdigit():
        return ""
    steps = (-20, -10, -5, -3, -2, -1, 1, 2, 3, 5, 10, 20)
    made = [str(int(digits) + step) for step in steps if int(digits) + step > 1]
    made = [choice for choice in made if choice not in taken]
    return rng.choice(made) if made else ""


def swap_number(question: str, scene: Scene, rng: Random) -> str:
    """Another year or number in the question; "" when it has none that the passage holds."""
    found = [match for match in NUMBER.finditer(question) if match.group() in scene.passage]
    if not found:
        return ""
    match = rng.choice(found)
    new = other_number(match.group(), scene.passage, scene.elsewhere, rng)
    return put(question, match, new) if new else ""


def swap_listed(question: str, scene: Scene, rng: Random) -> str:
    """Another month, ordinal or number word that the passage does not hold."""
    held = set(words_of(scene.passage))
    for kind in (MONTHS, NUMBERS, ORDINALS):
        for word in kind:
            match = re.search(rf"\b{word}\b", question, re.IGNORECASE)
            if match and not (word == "May" and match.group() != "May"):
                choices = [other for other in kind if other != word and other.lower() not in held]
                return put(question, match, cased(rng.choice(choices), match.group())) if choices else ""
    return ""


def swap_opposite(question: str, scene: Scene, rng: Random) -> str:
    """One word turned into its opposite."""
    plain = re.finditer(r"(?<!how )\b[a-z]+", question, re.IGNORECASE)  # "How short" asks what "How long" asks
    found = [match for match in plain if match.group().lower() in OPPOSITE]
    if not found:
        return ""
    match = rng.choice(found)
    return put(question, match, cased(OPPOSITE[match.group().lower()], match.group()))


def swap_name(question: str, scene: Scene, rng: Random) -> str:
    """A name of the question that the passage holds, replaced by one from elsewhere that shares no word with it."""
    held = set(words_of(scene.passage))
    mine = [name for name in names(question) if set(words_of(name)) <= held]
    if not mine:
        return ""
    old = rng.choice(mine)
    avoid = set(words_of(question))
    low = scene.passage.lower()
    choices = [name for name in names(scene.elsewhere) if avoid.isdisjoint(words_of(name)) and name.lower() not in low]
    alike = [name for name in choices if len(name.split()) == len(old.split())]
    choices = alike or choices
    return question.replace(old, rng.choice(choices), 1) if choices else ""


def swap_name_inside(question: str, scene: Scene, rng: Random) -> str:
    """A name of the question replaced by another name of the same passage."""
    held = set(words_of(scene.passage))
    mine = [name for name in names(question) if set(words_of(name)) <= held]
    avoid = set(words_of(question))
    choices = [name for name in names(scene.passage) if avoid.isdisjoint(words_of(name))]
    if not mine or not choices:
        return ""
    return question.replace(rng.choice(mine), rng.choice(choices), 1)


def negate(question: str, scene: Scene, rng: Random) -> str:
    """A "not" put in, or taken out."""
    for mark in (" not ", " never ", "n't "):
        if mark in question:
            return question.replace(mark, " ", 1)
    match = AUXILIARY.search(question)
    if not match:
        return ""
    rest = question[match.end() :].split()
    gap = min(len(rest) - 1, 1 + len(names(" ".join(rest[:3]))))  # after the subject, roughly
    if gap < 1 or (match.group().lower() in ("is", "are", "was", "were") and len(rest) < 3):
        return ""
    if rng.random() < 0.4 and match.group().lower() in ("did", "does", "is", "are", "was", "were", "has", "had"):
        return put(question, match, match.group() + "n't")
    return question[: match.end()] + " " + " ".join([*rest[:gap], rng.choice(("not", "never")), *rest[gap:]])


def swap_word(question: str, scene: Scene, rng: Random) -> str:
    """A plain word that the passage holds too, replaced by one of the same kind that it does not hold."""
    held = set(words_of(scene.passage))
    found = [match for match in re.finditer(r"\b[a-z]{4,}\b", question) if match.group() in held & scene.alike.keys()]
    if not found:
        return ""
    match = rng.choice(found)
    choices = [word for word in scene.alike[match.group()] if word not in held]
    return put(question, match, rng.choice(choices)) if choices else ""


# what is tried, and how often it comes first; names and numbers leave the passage truly without an answer, negations
# and exchanged words are noisier, so rarer
SWAPS = (
    (swap_number, 0.22),
    (swap_name, 0.20),
    (swap_name_inside, 0.14),
    (swap_listed, 0.08),
    (swap_opposite, 0.22),
    (swap_word, 0.06),
    (negate, 0.08),
)


def perturbed(question: str, scene: Scene, rng: Random) -> str:
    """The question changed so that the passage no longer answers it; "" when no way was found."""
    left = list(SWAPS)
    while left:
        swap, _ = rng.choices(left, [weight for _, weight in left])[0]
        left = [pair for pair in left if pair[0] is not swap]
        made = swap(question, scene, rng)
        if made and words_of(made) != words_of(question):
            return made
    return ""


def holding(text: Text, question: Question) -> list[int]:
    """The sentences of the text that hold an answer or are named as evidence."""
    marks = [*question.spans, *question.evidence]
    if not marks and question.answerable:
        return list(range(len(text.sentences)))
    return [n for n, (low, high) in enumerate(text.sentences) if any(a < high and b > low for a, b in marks)]


def without(text: Text, question: Question) -> str:
    """The passage with its answering sentences left out; "" if the answer stands elsewhere too or little remains."""
    gone = set(holding(text, question))
    kept = [text.body[a:b] for n, (a, b) in enumerate(text.sentences) if n not in gone]
    rest = " ".join(kept)
    words = f" {' '.join(words_of(rest))} "
    if len(words) < 80 or not gone or any(f" {' '.join(words_of(answer))} " in words for answer in question.answers):
        return ""
    return rest


FUNCTION_WORDS = {"the", "a", "an", "is", "are", "was", "were", "did", "does", "do", "of", "to", "has", "have", "had"}
ASKING = re.compile(r"(?:(?:in|on|at|to|from|by|with|for) )?(?:who|whom|whose|what|which|when|where|why|how)\b", re.I)
OPENING = re.compile(
    r"(?P<word>who|what|when|where|why|how(?! (?:many|much|long|old|far|often)\b))"
    r"(?: did| does| do| was| were| is| are| has| have| had)?\b",
    re.I,
)
OBJECT = re.compile(r".*\b(?:about|after|against|before|by|during|for|from|in|of|on|to|with) (?=\w+ \w)", re.I)


def sloppy(question: str, rng: Random) -> str:
    """The question as people type it, telegraphic or with a slip of the finger, or as a follow-up is completed."""
    kind = rng.random()
    if kind < 0.15:
        return question.lower().rstrip("?")
    if kind < 0.45:
        return telegraphic(question, rng)
    return mistyped(question, rng) if kind < 0.7 else leaning(question, rng)


def telegraphic(question: str, rng: Random) -> str:
    """Without its function words, and now and then with the question word behind: "first edition published when"."""
    kept = " ".join(word for word in question.rstrip("?").split() if word.lower() not in FUNCTION_WORDS)
    asked = ASKING.match(kept)
    if asked is None or rng.random() < 0.5:
        return kept
    return f"{kept[asked.end() :].strip()} {asked.group().lower()}"


def leaning(question: str, rng: Random) -> str:
    """The question as `qa.followup` completes one: "When was that (the first edition published)?"."""
    bare = question.rstrip("? ")
    opened, named = OPENING.match(bare), OBJECT.match(bare)
    if named and rng.random() < 0.5:
        return f"{named.group()}that ({bare[named.end() :]})?"
    if opened is None:
        return question
    told = rng.choice(("was that", "was it", "exactly", "did that happen"))
    return f"{opened['word']} {told} ({bare[opened.end() :].strip()})?"


def mistyped(question: str, rng: Random) -> str:
    """One longer word with two letters exchanged, one dropped or one doubled."""
    words = question.split()
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return question
    n = rng.choice(long)
    word, at = words[n], rng.randrange(1, len(words[n]) - 2)
    exchanged = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    words[n] = rng.choice((exchanged, word[:at] + word[at + 1 :], word[: at + 1] + word[at:]))
    return " ".join(words)
