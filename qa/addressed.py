"""What is said to Byline and asks nothing of the articles, "hi", "how many articles are there?": what they are."""

import re
from collections import Counter
from collections.abc import Iterable

from ingest.article import Article

LISTED = 4  # publishers named
HERE = (
    r"(?: (?:are|is) (?:there|here|these|those)| (?:do|can) you (?:have|know|hold|use|read)| have you(?: got| read)?)"
)
THINGS = r"(?:articles?|documents?|files?|stories|sources|publishers|newspapers|papers|outlets|publications)"
GREETINGS = (
    r"(?:hi|hello|hey|howdy|good (?:morning|day|afternoon|evening)|greetings)(?: (?:there|byline|everyone))?",
    r"(?:many )?(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|byline|for .{1,40}))?",
    r"(?:good)?bye|see you",
    r"(?:ok(?:ay)?|great|cool|nice|perfect|test|testing)",
)
OF_BYLINE = (
    r"help(?: me)?|(?:can|could) you help(?: me)?|how (?:do|does) (?:you|this|it|byline) work|what can you do",
    r"(?:who|what) are you|what(?: is|['’]?s) (?:your name|byline|this)|who (?:made|built|trained|created) you",
    r"are you (?:an? )?(?:ai|robot|bot|human|chatbot|chatgpt|llm|language model|real)",
    rf"how (?:many|much) {THINGS}{HERE}",
    rf"(?:what|which|who) (?:are (?:the|your) )?{THINGS}{HERE}?",
    rf"how (?:old|new|recent|up to date) are (?:the|these|your|those) {THINGS}",
    rf"(?:what|which) (?:dates?|time|days|period|years) do (?:the|these|your) {THINGS} cover",
    rf"who (?:wrote|published|publishes|writes) (?:the|these|all) {THINGS}",
)
ADDRESSED = re.compile(rf"\W*(?:{'|'.join((*GREETINGS, *OF_BYLINE))})\W*", re.IGNORECASE)


def addressed(question: str) -> bool:
    """Whether something is said to Byline itself."""
    return bool(ADDRESSED.fullmatch(question))


def outline(articles: Iterable[Article]) -> str:
    """What there is to ask about: how many articles, of which days, by whom."""
    count, publishers, days = 0, Counter[str](), []
    for one in articles:
        count += 1
        publishers.update([one.publisher] if one.publisher else [])
        days += [one.published.day] if one.published.day else []
    named = [name for name, _ in publishers.most_common(LISTED)]
    named += [f"{len(publishers) - LISTED} more"] if len(publishers) > LISTED else []
    by = f", by {' and '.join(filter(None, [', '.join(named[:-1]), named[-1]]))}" if named else ""
    first, last = (f"{day:%-d %B %Y}" for day in (min(days), max(days))) if days else ("", "")
    of = f" of {first}" if first and first == last else f" of {first} to {last}" if first else ""
    articles_here = "1 article" if count == 1 else f"{count:,} articles"
    return f"Byline answers from the {articles_here} here{of}{by}. Ask what they tell, or “What’s new?”."
