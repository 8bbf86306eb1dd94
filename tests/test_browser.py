"""The chat in a real browser: headless Chromium, driven by Playwright, against the page as it is served."""

import base64
import gc
import os
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

import app
from ingest.article import Article, Published
from ingest.read import LARGEST
from ingest.store import Store
from qa.answer import Answer, Citation, Disagreement, Sentence
from qa.ask import Asker
from qa.chat import room as rooms
from qa.chat.api import answered as api_answer
from qa.chat.desk import SORRY, Desk
from qa.chat.room import EXAMPLES, LONGEST, SHOWN, House, Room
from qa.chat.talk import Choices

ROOT = Path(__file__).parent.parent
CHROMIUM = Path(os.environ.get("BYLINE_CHROMIUM", "/usr/bin/chromium"))
PICTURE = os.environ.get("BYLINE_PICTURE")  # BYLINE_PICTURE=docs/chat.png takes README's picture anew
HOSTILE = (
    '<img src="http://evil.example/a.png" onerror="window.hit=1"><script>window.hit=1</script> ![x](http://evil.example/b)'
    " http://evil.example/c ${window.hit=1} {{value}} \u202eesrever " + "w" * 400
)
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; BYLINE_CHROMIUM names another"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio.queueing"),  # gradio 6.31 uses pandas' older ways
]


def told(number: int, name: str, quote: str, title: str, publisher: str, day: str | None) -> tuple[Citation, Article]:
    """An article that holds a quote, and the citation of it."""
    text = f"{'Rain fell on the town. ' * 60}\n\n{quote}\n\n{'Nothing else happened. ' * 60}"
    published = Published(date.fromisoformat(day), "stamp", 1.0) if day else Published()
    article = Article(name, f"{name}.txt", text, title, publisher, published)
    start = text.index(quote)
    cited = Citation(number, article.source, title, publisher, day, start, start + len(quote), quote, name,
                     published.provenance)  # fmt: skip
    return cited, article


QUOTE = "The mayor of Oslo resigned on Monday, after 12 years."
FIRST, OSLO = told(1, "a1", QUOTE, "Mayor quits", "Oslo Times", "2024-01-02")
SECOND, BERGEN = told(2, "a2", "She had been mayor for 14 years.", "", "", None)
THIRD = replace(SECOND, number=1, start=0, end=22, quote="Rain fell on the town.")  # considered, not cited
NASTY, EVIL = told(1, "a3", HOSTILE, HOSTILE, HOSTILE, "2024-01-02")


class FakeStore:
    """A store of the articles that it is given."""

    held: tuple[Article, ...] = (OSLO, BERGEN, EVIL)

    def version(self) -> str:
        return "1"

    def counts(self) -> dict[str, int]:
        return {"articles": len(self.held)}

    def articles(self) -> Iterator[Article]:
        return iter(self.held)

    def article(self, article_id: str) -> Article:
        return {one.id: one for one in self.held}[article_id]


class FakeAsker:
    """Answers by the question's words; a "slow" one waits, half told, until `go` is set."""

    def __init__(self) -> None:
        self.store = FakeStore()
        self.go = threading.Event()
        self.limits: dict[str, Any] = {}

    def ask(self, question: str, history: Sequence[str] = (), **limits: Any) -> Answer:
        *_, last = self.stream(question, history, **limits)
        return last

    def stream(self, question: str, history: Sequence[str] = (), **limits: Any) -> Iterator[Answer]:
        self.limits = limits
        standalone = "When did the mayor of Oslo resign?" if history and "that" in question else question
        text = f"12 years — {QUOTE} [1]\n{SECOND.quote} [2]"
        answer = Answer(
            question=question, standalone=standalone, refused=False, answer=text, short="12 years",
            sentences=(Sentence(QUOTE, (1,)), Sentence(SECOND.quote, (2,))),
            citations=(FIRST, SECOND), nearest=(THIRD,), model="reader", seconds=0.1, probability=0.83,
            disagreements=(Disagreement("12", "Oslo Times", "2024-01-02", 1), Disagreement("14", "", None, 2)),
        )  # fmt: skip
        if "oil" in question:
            nothing = replace(answer, refused=True, answer="The articles do not say.", short=None, sentences=())
            yield replace(nothing, citations=(), disagreements=(), nearest=(SECOND,))
        elif "evil" in question:
            nasty = replace(answer, answer=HOSTILE, short=HOSTILE, sentences=(Sentence(HOSTILE, (1,)),))
            rows = (Disagreement(HOSTILE, HOSTILE, None, 1),)
            yield replace(nasty, citations=(NASTY,), disagreements=rows, window=HOSTILE, note=HOSTILE)
        elif "many" in question:
            cited = tuple(replace(FIRST, number=1 + place, article_id=f"b{place}") for place in range(200))
            told = tuple(Sentence(f"{place}: {QUOTE * 3}", (1 + place,)) for place in range(200))
            values = tuple(Disagreement(str(place), "Oslo Times", "2024-01-02", 1 + place) for place in range(60))
            text = "\n".join(one.text for one in told)
            yield replace(answer, answer=text, short=None, sentences=told, citations=cited, disagreements=values)
        elif "crash" in question:
            raise ZeroDivisionError
        else:
            if "slow" in question:
                yield replace(answer, answer="12 years")
                self.go.wait(120)
            yield answer


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        expect.set_options(timeout=60_000)  # a busy machine is no failure
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def asker() -> FakeAsker:
    return FakeAsker()


@pytest.fixture(scope="module")
def address(asker: FakeAsker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    demo = app.page(Room(Desk(lambda former: cast(Asker, asker)), House(tmp_path_factory.mktemp("kept"))))
    app.launch(demo, "127.0.0.1", app.free_port("127.0.0.1", 0))
    yield str(demo.local_url)
    demo.close(verbose=False)


def logged(said: ConsoleMessage) -> str:
    """What the browser wrote, and of which address."""
    return f"{said.text} {said.location.get('url', '')}"


class Watched:
    """What a page did that it must not do: requests to other hosts, errors of its own."""

    def __init__(self, context: BrowserContext) -> None:
        self.foreign: list[str] = []
        self.errors: list[str] = []
        local = re.compile(r"(https?|wss?)://(127\.0\.0\.1|localhost)[:/]|data:|blob:")
        context.on("request", lambda asked: None if local.match(asked.url) else self.foreign.append(asked.url))
        context.on("console", lambda said: self.errors.append(logged(said)) if said.type == "error" else None)
        context.on("weberror", lambda failed: self.errors.append(str(failed.error)))

    @property
    def faults(self) -> list[str]:
        """The errors, but for those of gradio's own client when a reload or Stop cuts its requests short."""
        cut = ("AbortError: signal is aborted", "Unexpected error Connection errored out")
        ended = ("/gradio_api/cancel", "/gradio_api/reset")  # refused for events that are over already
        return [error for error in self.errors if not error.startswith(cut) and not error.endswith(ended)]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 860})
    opened.set_default_timeout(60_000)
    watched = Watched(opened)
    yield opened
    opened.close()
    assert watched.foreign == []
    assert watched.faults == []


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    return visit(context, address)


def visit(context: BrowserContext, address: str) -> Page:
    """A page of its own, ready to be asked."""
    opened = context.new_page()
    opened.goto(address)
    expect(opened.get_by_role("heading", name="Ask")).to_be_visible()
    return opened


def ask(page: Page, question: str) -> None:
    """Type a question and press Enter."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def answered(page: Page, place: int) -> None:
    """Wait until the question in that place is answered."""
    expect(page.locator(f"#turn-{place}")).to_have_attribute("aria-busy", "false")


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def ingest(path: Path, store: Path) -> None:
    """Put articles into a store, as a user does."""
    command = [sys.executable, "-m", "ingest", str(path), "--store", str(store)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("chat") / "store"
    ingest(ROOT / "seeds", store)
    return store


@pytest.fixture(scope="module")
def served(seeds: Path) -> Iterator[str]:
    """The address of the real thing, started as a user starts it; Ctrl-C ends it cleanly."""
    command = [sys.executable, "app.py", "--store", str(seeds), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        assert started.stdout and started.stderr
        line = started.stdout.readline() + started.stdout.readline()
        found = re.search(r"Byline is open at (http://127\.0\.0\.1:\d+/)", line)
        assert found, line + started.stderr.read()
        try:
            yield found[1]
            started.send_signal(signal.SIGINT)
            rest, told = started.communicate(timeout=30)
        finally:
            started.kill()  # nothing, unless it did not stop
        assert (started.returncode, rest, told) == (0, "", "")


def test_the_answer_streams_and_its_citation_opens_the_article_at_the_quote(page: Page, asker: FakeAsker) -> None:
    asker.go.clear()
    ask(page, "How slow was it?")
    expect(page.locator("#turn-0 .short")).to_have_text("12 years")
    expect(page.locator("#turn-0")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#turn-0 .said")).to_have_count(0)
    asker.go.set()
    answered(page, 0)
    expect(page.get_by_text("Fairly sure")).to_be_visible()
    expect(page.locator(".differ tr")).to_have_count(3)
    page.locator(".said .cite").first.click()
    mark = page.locator("#source mark")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_in_viewport()
    words = page.locator("#source .words")
    assert words.inner_text() == OSLO.text
    assert words.evaluate("box => box.scrollTop") > 0
    expect(page.locator("#source .origin").first).to_have_text(
        "Oslo Times · 2 January 2024 (dated by the article's own stamp)"
    )


def test_the_keyboard_alone_opens_and_closes_a_source(page: Page) -> None:
    ask(page, "How long?")
    answered(page, 0)
    number = page.locator(".said .cite").nth(1)
    number.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#source mark")).to_be_focused()
    expect(page.locator("#source .origin")).to_have_text("publisher not named · undated")
    page.keyboard.press("Escape")
    expect(page.locator("#source mark")).to_have_count(0)
    expect(number).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#source mark")).to_have_text(SECOND.quote)


def test_a_follow_up_is_answered_in_the_light_of_the_conversation_and_a_new_one_forgets_it(page: Page) -> None:
    ask(page, "Who resigned?")
    answered(page, 0)
    ask(page, "When was that?")
    answered(page, 1)
    expect(page.locator("#turn-1 .understood bdi")).to_have_text("When did the mayor of Oslo resign?")
    page.locator("#turn-0 .said .cite").first.click()
    expect(page.locator("#source mark")).to_have_text(QUOTE)
    page.locator("#source .close").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.get_by_role("heading", name="Ask 3 articles a question")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "When was that?")
    answered(page, 0)
    expect(page.locator(".understood")).to_have_count(0)


def test_a_refusal_looks_calm_and_shows_the_nearest_passage(page: Page) -> None:
    ask(page, "What about oil?")
    answered(page, 0)
    expect(page.locator(".refused .said")).to_have_text("The articles do not say.")
    page.locator(".refused .cite").click()
    expect(page.locator("#source mark")).to_have_text(SECOND.quote)


def test_hostile_words_stay_words(page: Page) -> None:
    ask(page, f"evil {HOSTILE}")
    answered(page, 0)
    page.locator(".cite").first.click()
    expect(page.locator("#source mark")).to_have_text(HOSTILE)
    assert page.evaluate("window.hit") is None
    assert (
        page.locator(":is(#talk, #library, #settings, #source) :is(img, script, a, iframe, form, style)").count() == 0
    )
    assert sideways(page) <= 0


def test_what_goes_wrong_is_told_in_the_conversation(page: Page, caplog: pytest.LogCaptureFixture) -> None:
    ask(page, "Will it crash?")
    answered(page, 0)
    expect(page.locator("#turn-0").get_by_role("alert")).to_have_text(SORRY)
    expect(page.get_by_label("Your question")).to_have_value("Will it crash?")
    assert "ZeroDivisionError" in caplog.text
    page.get_by_label("Your question").fill("")
    page.get_by_label("Your question").focus()
    page.keyboard.insert_text("x" * 5_000_000)  # as a paste is
    page.keyboard.press("Enter")
    answered(page, 1)
    assert len(page.locator("#turn-1 h2").inner_text()) == LONGEST
    ask(page, "Who resigned?")
    answered(page, 2)
    ask(page, "   ")  # last: gradio reads the box a moment after Enter, when a quick test has typed on
    page.wait_for_timeout(500)
    expect(page.locator("#turn-3")).to_have_count(0)


def test_a_question_is_stopped_edited_and_asked_again(page: Page, asker: FakeAsker) -> None:
    asker.go.clear()
    ask(page, "How slow was it?")
    expect(page.locator("#turn-0 .short")).to_have_text("12 years")
    # Until gradio's own request to end the question is answered, it would end the next one too.
    with page.expect_response(lambda one: one.url.endswith("/cancel")):
        page.get_by_role("button", name="Stop").click()
        answered(page, 0)
        asker.go.set()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#turn-0 .said")).to_have_count(2)
    answered(page, 0)
    ask(page, "Who resigned?")
    answered(page, 1)
    page.locator("#turn-0").get_by_role("button", name="Edit").click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value("How slow was it?")
    expect(box).to_be_focused()
    expect(page.get_by_text("Editing question 1")).to_be_visible()
    ask(page, "How long?")
    expect(page.locator("#turn-0 h2")).to_have_text("How long?")
    answered(page, 0)
    expect(page.locator(".turn")).to_have_count(1)


def test_a_question_understood_wrongly_is_corrected(page: Page) -> None:
    ask(page, "Who resigned?")
    answered(page, 0)
    ask(page, "When was that?")
    answered(page, 1)
    page.get_by_role("button", name="Correct this").click()
    box = page.get_by_label("Your question")
    expect(box).to_have_value("When did the mayor of Oslo resign?")
    ask(page, "When was that mayor elected?")
    expect(page.locator("#turn-1 h2")).to_have_text("When was that mayor elected?")
    answered(page, 1)
    expect(page.locator(".understood")).to_have_count(0)


def test_a_reload_keeps_the_conversation_and_finishes_the_answer(page: Page, asker: FakeAsker) -> None:
    ask(page, "Who resigned?")
    answered(page, 0)
    asker.go.clear()
    ask(page, "How slow was it?")
    expect(page.locator("#turn-1 .short")).to_have_text("12 years")
    page.reload()
    expect(page.locator("#turn-1")).to_be_visible()
    asker.go.set()
    answered(page, 1)
    expect(page.locator("#turn-1 .said")).to_have_count(2)
    expect(page.locator("#turn-0 h2")).to_have_text("Who resigned?")


def test_an_answer_is_copied_and_the_conversation_exported(context: BrowserContext, page: Page) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Who resigned?")
    answered(page, 0)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("## Who resigned?\n\n**12 years**") and "1. *Mayor quits*, Oslo Times" in copied
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export").click()
    assert saving.value.suggested_filename.startswith("byline-")
    assert copied in Path(saving.value.path()).read_text("utf-8")


def test_a_verdict_is_kept(page: Page) -> None:
    ask(page, "Who resigned?")
    answered(page, 0)
    page.get_by_role("button", name="Right").click()
    expect(page.get_by_role("button", name="Right: saved")).to_be_disabled()
    ask(page, "Who came?")
    answered(page, 1)
    page.locator("#turn-1").get_by_role("button", name="Wrong").click()
    page.get_by_label("The right words").fill("14 years")
    page.get_by_label("The right words").press("Enter")
    expect(page.get_by_role("button", name="Wrong: saved")).to_be_disabled()
    expect(page.locator("#source .source")).to_have_count(0)


def test_sources_are_listed_by_story_and_limit_the_next_question(page: Page, asker: FakeAsker) -> None:
    ask(page, "Who resigned?")
    answered(page, 0)
    page.locator("#turn-0").get_by_role("button", name="Sources").click()
    expect(page.locator("#source .story")).to_have_count(2)
    expect(page.locator("#source")).to_contain_text("2 cited, 1 also considered, in 2 stories")
    page.locator("#source .near .cite").click()
    expect(page.locator("#source mark")).to_have_text("Rain fell on the town.")
    page.get_by_role("button", name="All sources").click()
    page.get_by_label("From").fill("2024-01-02")
    page.get_by_label("To", exact=True).fill("2024-03-04")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("button", name="Articles from 2 January 2024 to 4 March 2024")).to_be_visible()
    ask(page, "Who came?")
    answered(page, 1)
    assert (asker.limits["since"], asker.limits["until"]) == (date(2024, 1, 2), date(2024, 3, 4))
    page.get_by_role("button", name="Articles from 2 January 2024").click()
    page.get_by_role("checkbox", name="Oslo Times").check()
    page.get_by_role("button", name="Apply").click()
    expect(
        page.get_by_role("button", name="Articles by Oslo Times from 2 January 2024 to 4 March 2024")
    ).to_be_visible()
    ask(page, "Who went?")
    answered(page, 2)
    assert asker.limits["publishers"] == ("Oslo Times",)
    page.get_by_role("button", name="No limits", exact=True).click()
    expect(page.get_by_role("button", name="All dates and publishers")).to_be_visible()
    ask(page, "Who left?")
    answered(page, 3)
    assert (asker.limits["since"], asker.limits["publishers"]) == (None, ())


def test_settings_are_kept_through_a_reload(page: Page, asker: FakeAsker) -> None:
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Answer as of").fill("2024-05-01")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: they hold")).to_be_visible()
    page.get_by_label("A chat model").check()
    page.get_by_label("Name of the chat model").fill("nothing")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is no model called 'nothing'")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Answer as of")).to_have_value("2024-05-01")
    expect(page.get_by_label("The bundled reader")).to_be_checked()
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, "Who resigned?")
    answered(page, 0)
    assert asker.limits["as_of"] == date(2024, 5, 1)


AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
BARRIERS = """async () => (await axe.run()).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.impact} ${rule.id}: ${node.html.slice(0, 120)} ${node.failureSummary}`))"""


def barriers(page: Page) -> list[str]:
    """What axe-core finds on the page as it is now, by all of its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return list(page.evaluate(BARRIERS))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_everyone_can_use_it(browser: Browser, address: str, asker: FakeAsker, scheme: str, width: int) -> None:
    options: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with browser.new_context(**options) as context:
        asker.store.held = ()
        page = visit(context, address)
        expect(page.get_by_role("heading", name="There is nothing to ask yet")).to_be_visible()
        assert barriers(page) == []
        page.get_by_role("button", name="Settings").click()
        page.get_by_label("A chat model").check()
        page.get_by_label("Name of the chat model").fill("nothing")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("There is no model called 'nothing'")).to_be_visible()
        assert barriers(page) == []
        asker.store.held = (OSLO, BERGEN, EVIL)
        page.get_by_role("button", name="Ask", exact=True).first.click()
        page.get_by_role("button", name="New conversation").click()
        expect(page.get_by_role("heading", name="Ask 3 articles a question")).to_be_visible()
        assert barriers(page) == []
        asker.go.clear()
        ask(page, "How slow was it?")
        expect(page.locator("#turn-0 .short")).to_have_text("12 years")
        assert barriers(page) == []
        asker.go.set()
        answered(page, 0)
        for place, question in enumerate(("What about oil?", "Will it crash?", "evil", "How many?"), start=1):
            ask(page, question)
            answered(page, place)
        assert barriers(page) == []
        assert sideways(page) <= 0
        page.locator("#turn-4 .sources summary").click()
        page.locator("#turn-4").get_by_role("button", name="Sources").click()
        expect(page.locator("#source .story")).to_have_count(201)  # one was considered, not cited
        assert barriers(page) == []
        page.get_by_label("From").fill("2024-02-02")
        page.get_by_label("To", exact=True).fill("2024-01-01")
        page.get_by_role("button", name="Apply").click()
        expect(page.locator("#source .problem")).to_be_in_viewport()
        assert barriers(page) == []
        assert sideways(page) <= 0
        page.locator("#source .cite").first.click()
        expect(page.locator("#source mark")).to_be_focused()
        assert barriers(page) == []
        page.keyboard.press("Escape")
        page.locator("#turn-0").get_by_role("button", name="Wrong").click()
        expect(page.get_by_label("The right words")).to_be_visible()
        assert barriers(page) == []


def heap(page: Page) -> float:
    """Bytes that the page's scripts hold, once what nobody needs is collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    measured = session.send("Performance.getMetrics")["metrics"]
    session.detach()
    return float(next(one["value"] for one in measured if one["name"] == "JSHeapUsedSize"))


def resident(process: Path = Path("/proc/self")) -> float:
    """Bytes of memory that a process holds."""
    return float((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def parts() -> int:
    """Parts of pages that gradio holds in this process."""
    gc.collect()
    return sum(type(one).__name__ == "HTML" for one in gc.get_objects())


def test_two_hundred_questions_do_not_grow_the_page(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "SHOWN", 4)
    before, held = (0.0, 0.0), 0
    for place in range(210):
        ask(page, f"Who resigned on day {place}?")
        answered(page, place)
        if place == 10:  # by then as many turns are shown as ever will be
            before, held = (heap(page), resident()), parts()
    assert heap(page) < 1.1 * before[0] and resident() < 1.1 * before[1]
    assert parts() < held + 20


@pytest.mark.slow
def test_two_hundred_questions_do_not_grow_the_memory(context: BrowserContext, served: str, seeds: Path) -> None:
    commands = {path: path.read_bytes().split(b"\0") for path in Path("/proc").glob("[0-9]*/cmdline")}
    (process,) = (path.parent for path, words in commands.items() if {b"app.py", str(seeds).encode()} <= set(words))
    asked = [
        row["question"] for row in tomllib.loads((ROOT / "eval/questions/dev.toml").read_text("utf-8"))["question"]
    ]

    page, before = visit(context, served), (0.0, 0.0)
    for place in range(SHOWN + 10 + 200):
        ask(page, asked[place % len(asked)])
        answered(page, place)
        before = (resident(process), heap(page)) if place == SHOWN + 10 else before
    after = (resident(process), heap(page))
    server, scripts = ([f"{value / 1e6:.1f}" for value in pair] for pair in zip(before, after, strict=True))
    sys.stdout.write(f"MB of the server: {' to '.join(server)}; of the page: {' to '.join(scripts)}\n")  # pytest -s
    assert after[0] < 1.1 * before[0] and after[1] < 1.1 * before[1]


def test_a_password_keeps_others_out(context: BrowserContext, asker: FakeAsker) -> None:
    desk = Desk(lambda former: cast(Asker, asker))
    demo, api = app.page(Room(desk)), partial(api_answer, desk, Choices())
    app.launch(demo, "127.0.0.1", app.free_port("127.0.0.1", 0), ("reader", "secret"), api)
    try:
        page = context.new_page()
        page.goto(str(demo.local_url))
        page.get_by_label("username").fill("reader")
        page.get_by_label("password").fill("secret")
        page.get_by_role("button", name="Login").click()
        expect(page.get_by_role("heading", name="Ask 3 articles a question")).to_be_visible()
        where = f"{demo.local_url}api/ask"
        assert context.request.post(where, data={"question": "Who?"}).status == 401
        secret = {"Authorization": f"Basic {base64.b64encode(b'reader:secret').decode()}"}
        told = context.request.post(where, data={"question": "Who resigned?"}, headers=secret)
        assert told.ok and told.json()["short"] == "12 years"
        assert context.request.post(where, data={"question": "x" * 2_000_000}, headers=secret).status == 413
        assert context.request.post(where, data={}, headers=secret).status == 400
        assert context.request.post(where, form={"question": "Who?"}, headers=secret).status == 415
        page.close()  # first: a page whose server goes away says so
    finally:
        demo.close(verbose=False)


def test_two_people_do_not_see_each_other(browser: Browser, context: BrowserContext, address: str) -> None:
    one = visit(context, address)
    ask(one, "Who resigned?")
    answered(one, 0)
    with browser.new_context() as other:
        two = visit(other, address)
        expect(two.locator(".turn")).to_have_count(0)
        ask(two, "When was that?")
        answered(two, 0)
        expect(two.locator(".understood")).to_have_count(0)
    expect(one.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_has_nothing_to_scroll_sideways(browser: Browser, address: str, scheme: str) -> None:
    phone = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
    with phone:
        page = visit(phone, address)
        ask(page, "evil " + "w" * 500)
        answered(page, 0)
        assert sideways(page) <= 0
        page.locator(".cite").first.click()
        expect(page.locator("#source mark")).to_be_in_viewport()
        assert sideways(page) <= 0
        background = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", background)[:3])) > 384) is (scheme == "light")


def test_the_seeds_answer_with_their_own_words(context: BrowserContext, served: str, seeds: Path) -> None:
    page = visit(context, served)
    page.get_by_role("button", name=EXAMPLES[0]).click()
    answered(page, 0)
    expect(page.locator("#turn-0 .answer")).to_contain_text("April")
    page.locator(".said .cite").first.click()
    mark = page.locator("#source mark")
    expect(mark).to_contain_text("North Korea openly admitted")
    expect(mark).to_be_in_viewport()
    if PICTURE:
        page.set_viewport_size({"width": 1280, "height": 680})
        page.screenshot(path=PICTURE)
        page.set_viewport_size({"width": 390, "height": 760})
        page.evaluate("document.body.classList.add('dark')")
        page.screenshot(path=Path(PICTURE).with_name("chat-phone.png"))
        page.evaluate("document.body.classList.remove('dark')")
    with Store.open(seeds) as store:
        article = next(one for one in store.articles() if "North Korea openly admitted" in one.text)
    assert page.locator("#source .words").inner_text() == article.text
    ask(page, "Which region did they help to reclaim?")
    answered(page, 1)
    ask(page, "Who won the football World Cup?")
    answered(page, 2)
    expect(page.locator("#turn-2 .refused")).to_be_visible()


def test_articles_that_another_process_adds_are_answered_from_at_once(
    context: BrowserContext, served: str, seeds: Path, tmp_path: Path
) -> None:
    page = visit(context, served)
    ask(page, "Who was elected mayor of Ulvik?")
    answered(page, 0)
    expect(page.locator("#turn-0")).not_to_contain_text("Kari Nesse")
    (tmp_path / "ulvik.txt").write_text("Kari Nesse was elected mayor of Ulvik on Friday. She is a farmer.", "utf-8")
    ingest(tmp_path, seeds)
    ask(page, "Who was elected mayor of Ulvik?")
    answered(page, 1)
    expect(page.locator("#turn-1")).to_contain_text("Kari Nesse")


def test_the_library_takes_files_and_answers_from_them_at_once(
    context: BrowserContext, served: str, tmp_path: Path
) -> None:
    page = visit(context, served)
    page.get_by_role("button", name="Library").click()
    expect(page.locator("#shelf .totals")).to_contain_text("articles")
    held = int(page.locator("#shelf .totals b").first.inner_text())
    expect(page.get_by_role("img", name="Articles by month of publication")).to_be_visible()
    assert barriers(page) == []
    assert sideways(page) <= 0
    folder = tmp_path / "news"
    folder.mkdir()
    names = ("ulvik.txt", '<img src=x onerror="window.hit=1">.txt', "picture.png", "empty.txt")
    for name, words in zip(names, ("Kari Nesse was elected mayor of Voss on Friday. She is a farmer.",
                                   "Ola Berg was elected mayor of Odda on Sunday. He is a baker.", "x", ""),
                           strict=True):  # fmt: skip
        (folder / name).write_text(words, "utf-8")
    large = folder / "large.pdf"
    large.touch()
    os.truncate(large, LARGEST + 1)
    page.locator('.drop input[name="files"]').set_input_files([folder / name for name in (*names, large.name)])
    expect(page.locator(".sending")).to_contain_text("Larger than 64 MB, so not sent: large.pdf.")
    expect(page.locator("#adding")).to_contain_text("2 added, 2 failed")
    expect(page.locator("#adding table")).to_contain_text("picture.pnga format that Byline does not read")
    expect(page.locator("#shelf .totals")).to_contain_text(f"{held + 2} articles")
    assert page.evaluate("window.hit") is None
    page.get_by_role("button", name="Ola Berg was elected").click()
    expect(page.locator("#source .words")).to_contain_text("He is a baker.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    ask(page, "Who was elected mayor of Voss?")
    answered(page, 0)
    expect(page.locator("#turn-0")).to_contain_text("Kari Nesse")
