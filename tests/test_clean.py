"""What goes and what stays; nothing inside a kept sentence changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ingest.boilerplate import is_boilerplate
from ingest.clean import clean, lines_of, repair, without_lines, without_site

LEAD = "The mayor opened the bridge on Tuesday, after two years of work."


@pytest.mark.parametrize(
    "line",
    [
        "You can share this story on social media:",
        "Source link",
        "Related Articles",
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Back to top button",
        "Published 1 hour ago, updated 1 hour ago",
        "” data-script=”https://static.lefigaro.fr/widget-video/short-ttl/video/index.js” >",
        "Sign up for our newsletter",
        "READ MORE: Mayor resigns",
        "ADVERTISEMENT",
        "Photo: Jane Roe",
        "Leon Neal/Getty Images",
        "* * *",
        "<div class=x>",
        "More:Mayor resigns after bridge report",
        "RELATED: A list of closed bridges",
        "Bridges of the county:Which ones are closed, and why",
        "Is the bridge safe?Here's what engineers say.",
        "WORLD OF BRIDGES: Where the longest ones stand",
        "Bridge of sighs: How the county came to pay for what nobody wanted",
        "Fact check: No, the bridge was not sold",
        "Contributing: Jane Roe, The Daily News; The Associated Press",
        "Contact Jane Roe at jroe@news.example or (302) 555-0100. Follow her on Twitter @jroe.",
        "Jane Roe is a reporter at The Daily News. Reach her at jroe@news.example.",
        "(This story has been updated with new information.)",
        "This article originally appeared on Daily News: Bridge opens",
        "Editor’s Note: Jane Roe is the author of “Bridges”. The opinions expressed in this commentary are her own.",
        "Subscribe to The Daily Escape your echo chamber. From our morning briefing to a weekly newsletter.",
        "Need a break? Play the Daily Crossword Puzzle.",
        "Support local journalism. Subscribe to news.example today.",
        "Follow us on Twitter @news",
        "Paris CNN —",
        "Associated Press",
        "Video Ad Feedback See the bridge open 02:46 - Source: CNN",
        "JUST WATCHED The bridge opens Replay More Videos ... MUST WATCH The bridge opens 02:46",
        "Make your spending smart: Sign up for the Daily Money newsletter.",
        "For more odd news stories, sign up to the weekly Tall Tales newsletter",
        "The experts know it all. Follow the Experts on Facebook, Twitter or TikTok for the latest deals.",
        "There is more to read. Sign up today for a digital subscription.",
        "Jane Roe covers bridges for the Daily News. Support her work by subscribing to news.example.",
        "Jane Roe: 302-555-0100; jroe@news.example; Twitter: @jroe",
        "— Jane Roe and John Doe contributed reporting.",
        "-— Jane Roe contributed reporting from Paris",
        "Learn more: Best travel insurance",
        "AP bridges: https://apnews.example/hub/bridges",
        "For the full story, click here.",
    ],
)
def test_boilerplate(line: str) -> None:
    assert is_boilerplate(line)
    assert clean(f"{LEAD}\n\n{line}").text == LEAD


@pytest.mark.parametrize(
    "line",
    [
        "Share prices fell by 3% on Monday.",
        "Print journalism is dying, said the editor.",
        "Related articles in the treaty forbid it.",
        "Source code was stolen, the company said.",
        "Read more than any other novel, it sold a million copies in its first year.",
        "Published in 1925, the book was forgotten long ago by nearly everyone who had praised it, and by its author.",
        "Save for two villages, the valley is empty.",
        "Comments by the minister angered Paris.",
        "If x < 3 and y > 4, the rule holds.",
        "More: it was always more that he wanted.",
        "Like many newspapers, it lost subscribers and closed its newsletter.",
        "Support for the subscription fell.",
        "Contact tracers reached 40 of them by noon.",
        "VOTER ID: Lawmakers approved a bill. It makes voters show a card that the government issued. Signed (HF 516)",
        "If you like long bridges and short speeches: this is the one to come and see",
        "Others to watch: Matthews, Jack Eichel, Kyle Connor, Jack Hughes, Adam Fox",
        "FINAL STATS: Delaware 35, Delaware State 9",
        "At 8:30 the gates opened.",
        "Correction: an earlier version gave the wrong age.",
        "“Sign up for the newsletter here,” he read aloud, “and subscribe today.”",
        "“It will cost us, said the mayor, and subscribers to the bridge newsletter will pay",  # the quote never ends
        "” Follow us to the bridge, ” she said.",
        "He asked them to sign up for the navy. Most of the readers of the newsletter did.",
        "More information: https://bridges.example/closures",
        "New Castle County: 800-555-0100",
        "She contributed reporting rules to the handbook.",
        "Shop workers were not hurt.",
        "The company may earn revenue from the toll, he said.",
        "This report contains 300 pages of evidence.",
        "Many contributed from their own savings.",
        "TAPPER: So what do you make of the bridge?",
        "The mayor opened the bridge.She then said “it is ours”",
        "It is a place where people live: a bridge of houses!",
    ],
)
def test_sentences_that_only_look_like_boilerplate_stay(line: str) -> None:
    assert clean(f"{LEAD}\n{line}").text == f"{LEAD}\n{line}"


def test_captions_stay_and_their_credits_go() -> None:
    for credit in ("JACQUES WITT / AFP", "(File)", "(File photo)", "Photo: Jane Roe", "Greg Baker/AFP/Getty Images"):
        assert clean(f"The two leaders walk in Paris, April 7, 2023. {credit}\n{LEAD}").text.startswith(
            f"The two leaders walk in Paris, April 7, 2023.\n{LEAD}"
        )


def test_source_byline_title_and_stamp_lines_are_learnt_and_dropped() -> None:
    found = clean(
        f"From Le Figaro with AFP\nBridge opens after two years\nBy Jane Roe and John Doe\n2023-05-02\n{LEAD}"
    )
    assert (found.publisher, found.title, found.authors, found.text) == (
        "Le Figaro",
        "Bridge opens after two years",
        ("Jane Roe", "John Doe"),
        LEAD,
    )


@pytest.mark.parametrize(
    ("line", "publisher", "authors"),
    [
        ("Reuters, 3 May 2025", "Reuters", ()),
        ("By Jane Roe, 3 May 2025", "", ("Jane Roe",)),
        ("Istanbul, 3 May 2025", "", ()),
    ],
)
def test_a_name_and_a_date_above_the_title_are_learnt(line: str, publisher: str, authors: tuple[str, ...]) -> None:
    found = clean(f"{line}\nBridge opens after two years\n{LEAD}")
    assert (found.publisher, found.title, found.authors, found.text) == (
        publisher,
        "Bridge opens after two years",
        authors,
        LEAD,
    )


def test_names_under_a_known_title_are_the_byline() -> None:
    found = clean(f"Jane Roe and John Doe\nThe Daily News\n{LEAD}\nSmall Town Talk\n{LEAD[:-1]}, she said.", "Bridge")
    assert found.authors == ("Jane Roe", "John Doe")
    assert found.text == f"{LEAD}\nSmall Town Talk\n{LEAD[:-1]}, she said."


def test_signatures_go_unless_they_say_whose_words_came_before() -> None:
    assert clean(f"{LEAD}\n– Jane Roe\n{LEAD[:-1]} again.").text == f"{LEAD}\n\n{LEAD[:-1]} again."
    quoted = f"{LEAD}\n“All bridges fall.”\n— Jane Roe"
    assert clean(quoted).text == quoted


def test_links_at_the_end_go_and_a_heading_with_a_story_under_it_stays() -> None:
    assert clean(f"{LEAD}\nMore in Sports\nHome team wins again\nRain expected").text == LEAD
    story = f"{LEAD}\nMore about the bridge\nIt is long.\nWho paid"
    assert clean(story).text == story


def test_the_author_is_described_at_the_end() -> None:
    about = "Jane Roe is a reporter for The Daily News."
    assert clean(f"{LEAD}\n{about}").text == LEAD
    assert about in clean(f"{LEAD}\n{about}" + f"\n{LEAD[:-1]}, again." * 5).text


def test_a_bracketed_agency_goes_and_a_dateline_stays() -> None:
    assert clean(f"(MENAFN) {LEAD}") == clean(LEAD).__class__(LEAD, publisher="MENAFN")
    dateline = clean(f"PARIS (Reuters) - {LEAD}")
    assert (dateline.publisher, dateline.text) == ("Reuters", f"PARIS (Reuters) - {LEAD}")


def test_the_title_given_is_not_repeated_in_the_text() -> None:
    assert clean(f"Bridge Opens\n\n{LEAD}", "Bridge opens | BBC News") == clean(LEAD).__class__(
        LEAD, "Bridge opens", "BBC News"
    )


@pytest.mark.parametrize(
    ("title", "bare", "site"),
    [
        (
            "No ‘regime change’ in Russia – Macron — RT World News",
            "No ‘regime change’ in Russia – Macron",
            "RT World News",
        ),
        ("23 of the biggest events | The Week", "23 of the biggest events", "The Week"),
        ("Bridge opens at last - The Guardian", "Bridge opens at last", "The Guardian"),
        ("It was wrong to wait | Opinion", "It was wrong to wait", ""),
        ("A very long title that | CNN ...", "A very long title that", ""),
        ("Macron to Xi - we must talk", "Macron to Xi - we must talk", ""),
        ("Spider-Man – the sequel", "Spider-Man – the sequel", ""),
    ],
)
def test_site_names_come_off_titles(title: str, bare: str, site: str) -> None:
    assert without_site(title) == (bare, site)


def test_repeated_paragraphs_stay_once_and_short_speech_stays() -> None:
    text = f"{LEAD}\n\n“Yes.”\n\n{LEAD}\n\n“Yes.”"
    assert clean(text).text == f"{LEAD}\n\n“Yes.”\n\n“Yes.”"


def test_a_single_line_is_the_story() -> None:
    assert clean("Macron met Xi in Beijing").text == "Macron met Xi in Beijing"


def test_lines_that_may_be_boilerplate_are_short_normalised_and_no_speech() -> None:
    text = f"{LEAD}\nMore:  From Us\n“Yes,” he said.\n\nmore: from us\n{'word ' * 121}"
    assert lines_of(text) == [LEAD.casefold(), "more: from us"]
    assert lines_of("") == []


def test_repeated_lines_are_cut_out_and_the_rest_stays_as_it_is() -> None:
    text = f"More: From Us\n\n{LEAD}\nMore:  from us\n\n“Yes,” he said.\nThe end."
    assert without_lines(text, {"more: from us"}) == f"{LEAD}\n\n“Yes,” he said.\nThe end."
    assert without_lines(text, set()) == text
    assert without_lines("More: From Us", {"more: from us"}) == without_lines("", {"x"}) == ""


@given(some.lists(some.sampled_from(["A b.", "C", "“D.”", "", "E  f g"])), some.sets(some.sampled_from(["a b.", "c"])))
def test_cutting_lines_leaves_the_other_lines_in_order(lines: list[str], repeated: set[str]) -> None:
    kept = [line for line in lines if line and line.casefold() not in repeated]
    assert [line for line in without_lines("\n".join(lines), repeated).split("\n") if line] == kept


def test_lines_of_a_wrapped_paragraph_are_not_judged_alone() -> None:
    text = (
        "The committee was asked by several members on Monday whether it would\n"
        "subscribe to the view that the bridge was never safe for such loads and\n"
        "share this view with the public at large before the autumn sitting of\n"
        "the council, which had been put off twice for want of any agreement on\n"
        "who should pay.\n\nThe vote is on Friday."
    )
    assert clean(text).text == text


def test_repair_mends_encodings_and_leaves_quotation_marks() -> None:
    assert repair("It’s “fine”, donâ€™t worry\r\nnow\x00\ufeff") == "It’s “fine”, don’t worry\nnow"
    assert repair("half \ud83d pair, whole \ud83d\ude00 pair") == "half \ufffd pair, whole 😀 pair"


@given(
    some.lists(some.sampled_from([LEAD, "Source link", "", "“Yes,” he said.", "Title Of It", "2023-05-02", "a <b> c."]))
)
def test_every_kept_paragraph_stands_in_the_raw_text(lines: list[str]) -> None:
    raw = "\n".join(lines)
    assert all(line in raw for line in clean(raw).text.split("\n"))


@given(some.text())
def test_any_text_is_survived_and_cleaning_again_changes_no_sentence(raw: str) -> None:
    assert "\x00" not in clean(raw).text
    clean(raw).text.encode("utf-8")
