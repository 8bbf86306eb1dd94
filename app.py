"""The chat: python app.py. What the page shows is made in qa/chat; here it meets gradio, and the command line."""

import argparse
import base64
import importlib
import inspect
import ipaddress
import json
import logging
import os
import secrets
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ingest.errors import Parser, UserError
from ingest.read import LARGEST
from ingest.store import DEFAULT_STORE
from qa import chat
from qa.chat.answer import OPENING
from qa.chat.api import answered
from qa.chat.desk import SORRY, WAITING, Desk, opener
from qa.chat.forms import render_limits, render_settings
from qa.chat.library import render_drop
from qa.chat.room import LONGEST, House, Room
from qa.chat.talk import Choices, Talk, Talks
from qa.config import with_options

if TYPE_CHECKING:  # 4 s to import
    import gradio as gr

CONSIDERED = 20  # passages kept with an answer, for the pane of sources
MOST_JSON = 1024 * 1024  # bytes of a request to /api/ask
PAGE = Path(chat.__file__).parent

TALK = ("past", "live", "limits", "ask")
EVENTS: dict[str, tuple[str, ...]] = {  # what a user does, and the parts of the page that may change
    "hello": ("intro", "adding", "settings", *TALK),
    "example": TALK, "retry": TALK, "resume": TALK, "edit": TALK, "correct": TALK, "leave": TALK, "stop": TALK,
    "new": ("intro", "adding", "settings", *TALK, "source"),
    "copy": ("clip",), "export": ("clip", "limits"),
    "right": TALK, "wrong": ("source",), "better": (*TALK, "source"),
    "cite": ("source",), "article": ("source",), "sources": ("source",), "limit": ("limits", "source"),
    "set": ("settings", "limits"),
    "library": ("library",), "bring": ("adding", "library", "intro"), "follow": ("adding", "library", "intro"),
    "cancel": ("adding",),
}  # fmt: skip
GROWING = ("example", "retry", "bring")  # these go on changing the page while they last
ASKING = ("example", "retry")

TOP = (
    '<div class="bar"><h1>Byline</h1><nav aria-label="Views"><button type="button" data-view="ask">Ask</button>'
    '<button type="button" data-view="library">Library</button>'
    '<button type="button" data-view="settings">Settings</button></nav><div class="talks">'
    '<button type="button" data-event="export">Export</button>'
    '<button type="button" data-event="new">New conversation</button></div></div>'
)
FOLLOWING = "watch('value', () => window.bylineFollow?.(element));"
CLOSING = """const close = () => { if (props.value) { props.value = ''; const opener = window.bylineOpener;
  (opener?.isConnected ? opener : document.querySelector('#ask textarea'))?.focus(); } };
element.addEventListener('click', event => { if (event.target.closest('.close')) close(); });
document.addEventListener('keydown', event => { if (event.key === 'Escape') close(); });
watch('value', () => requestAnimationFrame(() => {
  const mark = element.querySelector('mark');
  if (mark) { mark.scrollIntoView({block: 'center'}); mark.focus({preventScroll: true}); }
  else element.querySelector('.close')?.focus({preventScroll: true});
  element.querySelector('.problem')?.scrollIntoView({block: 'center'});
}));"""
FOCUS = "() => requestAnimationFrame(() => document.querySelector('#ask textarea').focus())"
HEAD = """<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E
%3Crect width='32' height='32' rx='7' fill='%230a5c63'/%3E%3Ctext x='16' y='23' font-size='20' text-anchor='middle'
 font-family='serif' fill='white'%3EB%3C/text%3E%3C/svg%3E">"""


# ---- the page ----


class Later(ModuleType):
    """Stands for a module that is imported when something in it is first asked for."""

    def __getattr__(self, name: str) -> Any:
        """What the module itself has by that name."""
        if name.startswith("__") and name != "__path__":  # importing asks for these; `__path__` goes before a submodule
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def without_stubs() -> Iterator[None]:
    """Gradio imported in here writes no type stubs of its components: 1.1 s of the 2 that it takes, at every start.

    It leaves out a component whose file Python does not find.
    """
    getfile = inspect.getfile

    def found(of: Any) -> str:
        if isinstance(of, type) and of.__module__.startswith("gradio."):
            raise OSError(f"{of.__name__} needs no stub.")
        return getfile(of)

    inspect.getfile = found  # type: ignore[assignment]  # of fewer kinds, as it is asked for
    try:
        yield
    finally:
        inspect.getfile = getfile


def page(room: Room) -> "gr.Blocks":
    """The page, wired: each event is handed to the room with the talk it belongs to."""
    sys.modules.setdefault("pandas", Later("pandas"))  # for gradio's tables: none here, and a second
    with without_stubs():
        import gradio as gr

    talks = Talks(room.house.choices)

    def of(name: str, request: gr.Request) -> Talk:
        return talks.of(request.username or "", name)

    def parts(names: Sequence[str], shown: Mapping[str, Any], request: gr.Request) -> Any:
        # A part that stays as it is, gradio makes anew under another number, and keeps what comes under both for ever.
        held = demo.state_holder[request.session_hash or ""].blocks_config.blocks
        for part in html.values():
            held[part._id]._id = part._id
        found = [shown.get(one, gr.skip()) for one in names]
        return found if len(found) > 1 else found[0]  # gradio takes one output bare

    def one(event: str) -> Callable[..., Any]:
        def handle(name: str, request: gr.Request, data: gr.EventData) -> Any:
            return parts(EVENTS[event], getattr(room, event)(of(name, request), data._data or {}), request)

        return handle

    def many(event: str) -> Callable[..., Any]:
        def handle(name: str, request: gr.Request, data: gr.EventData) -> Iterator[Any]:
            for shown in getattr(room, event)(of(name, request), data._data or {}):
                yield parts(EVENTS[event], shown, request)

        return handle

    def hello(request: gr.Request, data: gr.EventData) -> list[Any]:
        name = str((data._data or {}).get("name"))
        # Only now may be asked: a question before its conversation has a name would be lost.
        ready: dict[str, Any] = {"ask": gr.Textbox(interactive=True)}
        return [name, *parts(EVENTS["hello"], {**ready, **room.hello(of(name, request), {})}, request)]

    def ask(question: str, name: str, request: gr.Request) -> Iterator[list[Any]]:
        for shown in room.ask(of(name, request), question):
            yield parts(TALK, shown, request)

    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    growing = {"trigger_mode": "always_last", "concurrency_limit": WAITING, **quiet}
    bare: dict[str, Any] = {"apply_default_css": False}
    demo: gr.Blocks = gr.Blocks(title="Byline", analytics_enabled=False, fill_width=True)
    with demo:
        name = gr.State("", time_to_live=24 * 3600)
        html: dict[str, Any] = {}
        hub = gr.HTML(TOP, elem_id="top", js_on_load=(PAGE / "page.js").read_text("utf-8"), **bare)
        with gr.Column(elem_id="talk"):
            html["intro"] = gr.HTML(OPENING, elem_id="intro", js_on_load=None, **bare)
            html["past"] = gr.HTML("", elem_id="past", js_on_load=None, **bare)
            spoken = '<div aria-live="polite">${value}</div>'  # a screen reader tells the answer as it comes
            html["live"] = gr.HTML("", html_template=spoken, elem_id="live", js_on_load=FOLLOWING, **bare)
            with gr.Column(elem_id="foot"):
                html["limits"] = gr.HTML(render_limits(Talk()), elem_id="limits", js_on_load=None, **bare)
                html["ask"] = gr.Textbox(
                    elem_id="ask", label="Your question", placeholder="Ask the articles a question", submit_btn="Ask",
                    show_label=False, container=False, autofocus=True, lines=1, max_lines=6, max_length=LONGEST,
                    interactive=False,
                )  # fmt: skip
        with gr.Column(elem_id="library"):
            gr.HTML("<h2>Library</h2>" + render_drop(room.adding is not None), elem_id="drop", js_on_load=None, **bare)
            html["adding"] = gr.HTML("", elem_id="adding", js_on_load=None, **bare)
            html["library"] = gr.HTML(
                '<p class="wait">Looking<span>…</span></p>', elem_id="shelf", js_on_load=None, **bare
            )
        with gr.Column(elem_id="settings"):
            shown = render_settings(room.house.choices, room.house.models)
            html["settings"] = gr.HTML(shown, elem_id="choices", js_on_load=None, **bare)
        html["source"] = gr.HTML("", elem_id="source", js_on_load=CLOSING, **bare)
        html["clip"] = gr.Textbox(visible="hidden", elem_id="clip")

        def outputs(event: str) -> list[Any]:
            return [html[part] for part in EVENTS[event]]

        resuming = (
            hub.hello(hello, None, [name, *outputs("hello")], queue=False, **quiet)
            .then(many("resume"), name, outputs("resume"), concurrency_limit=WAITING, **quiet)
        )  # fmt: skip
        resuming.then(many("follow"), name, outputs("follow"), **quiet)
        asking = [html["ask"].submit(ask, [html["ask"], name], [html[part] for part in TALK], **growing), resuming]
        for event in GROWING:
            made = getattr(hub, event)(many(event), name, outputs(event), **growing)
            asking += [made] if event in ASKING else []
        for event in EVENTS.keys() - {*GROWING, "hello", "resume", "follow", "stop"}:
            done = getattr(hub, event)(one(event), name, outputs(event), trigger_mode="multiple", queue=False, **quiet)
            if event in ("edit", "correct"):
                done.then(None, js=FOCUS)
            if event in ("copy", "export"):
                done.then(None, html["clip"], None, js="words => window.bylineTake(words)")
        hub.stop(one("stop"), name, outputs("stop"), cancels=asking, queue=False, **quiet)
    demo.queue(max_size=4 * WAITING)
    return demo


def launch(
    demo: "gr.Blocks",
    host: str,
    port: int,
    auth: tuple[str, str] | None = None,
    api: Callable[[object], Mapping[str, Any]] | None = None,
    largest: int = 1,
) -> None:
    """Serve the page, and the API if there is one, with nothing of gradio's that reaches out or tells what was asked.

    `largest`: bytes of a file that is taken; 1 for none.
    """
    import gradio as gr

    fonts = [gr.themes.Font("system-ui"), gr.themes.Font("sans-serif")]  # a named font would be fetched
    served, _, _ = demo.launch(
        server_name=host, server_port=port, auth=auth, theme=gr.themes.Base(font=fonts, font_mono=["monospace"]),
        css=(PAGE / "page.css").read_text("utf-8"), head=HEAD, quiet=True, prevent_thread_lock=True, share=False,
        inbrowser=False, ssr_mode=False, run_history=False, enable_monitoring=False, mcp_server=False, pwa=False,
        footer_links=[], max_file_size=largest,
        max_threads=2 * WAITING,  # a question that waits holds a thread
    )  # fmt: skip
    if api:
        serve_api(served, api, auth)


# ---- the API: POST /api/ask with what `python -m qa --batch` takes, for the JSON that it gives ----


def serve_api(served: Any, api: Callable[[object], Mapping[str, Any]], auth: tuple[str, str] | None) -> None:
    """Add the route to the served page; with `auth`, HTTP Basic is asked for."""
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse

    async def answer(request: Request) -> JSONResponse:
        if not may_enter(request.headers.get("authorization", ""), auth):
            return JSONResponse({"error": "A user and a password are needed."}, 401, {"WWW-Authenticate": "Basic"})
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"error": "Send JSON: Content-Type: application/json."}, 415)
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_JSON:
                return JSONResponse({"error": f"At most {MOST_JSON // 1024} kB are taken."}, 413)
        try:
            return JSONResponse(await run_in_threadpool(api, parsed(body)))
        except UserError as error:
            return JSONResponse({"error": str(error)}, 400)
        except Exception:
            logging.exception("asking failed")
            return JSONResponse({"error": SORRY}, 500)

    served.add_route("/api/ask", answer, methods=["POST"])


def may_enter(header: str, auth: tuple[str, str] | None) -> bool:
    """Whether an Authorization header lets its sender in."""
    if auth is None:
        return True
    kind, _, given = header.partition(" ")
    try:
        said = base64.b64decode(given, validate=True)
    except ValueError:
        return False
    return kind.lower() == "basic" and secrets.compare_digest(said, ":".join(auth).encode())


def parsed(body: bytes) -> object:
    """What a body of JSON holds; None for anything else."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


# ---- the command ----


def options() -> argparse.ArgumentParser:
    """The command line."""
    parser = Parser(
        prog="python app.py",
        description="Opens a chat about the articles in a store, in your browser, at an address on this machine.",
        epilog="First put articles in: python -m ingest seeds. To let others in: python app.py --host 0.0.0.0 "
        "--auth reader:secret. Ctrl-C stops it.",
    )
    parser.add_argument("--store", type=Path, default=DEFAULT_STORE, metavar="DIR", help="the store (%(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (%(default)s: this machine only)")
    parser.add_argument("--port", type=int, default=7860, help="port to listen at; 0 takes a free one (%(default)s)")
    parser.add_argument("--auth", metavar="USER:PASSWORD", help="who may come in; needed if others can reach the host")
    parser.add_argument("--no-auth", action="store_true", help="let everyone in who can reach the host")
    parser.add_argument("--read-only", action="store_true", help="take no articles from the page")
    parser.add_argument("--model", default="reader", metavar="NAME", help="who answers, as in python -m qa")
    parser.add_argument("--model-url", metavar="URL", help="a chat model's server, as http://localhost:8080/v1")
    return parser


def is_local(host: str) -> bool:
    """Can only this machine reach that address?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def login(args: argparse.Namespace) -> tuple[str, str] | None:
    """The user and password to ask for; a UserError where there must be one."""
    if args.auth is None:
        if is_local(args.host) or args.no_auth:
            return None
        raise UserError(f"Others can reach {args.host}: give --auth USER:PASSWORD, or --no-auth to let everyone in.")
    user, _, password = args.auth.partition(":")
    if not user or not password:
        raise UserError("--auth needs a user and a password with a colon between them, as in --auth reader:secret.")
    return user, password


def free_port(host: str, port: int) -> int:
    """The port to listen at, or a UserError when it cannot be had."""
    if not 0 <= port < 2**16:
        raise UserError(f"{port} is not a port: give --port a number from 0 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            return int(trial.getsockname()[1])
    except OSError as error:
        raise UserError(f"Byline cannot listen at {host}:{port} ({error.strerror}): choose another --port.") from None


def serve(args: argparse.Namespace) -> None:
    """Open the store and the page, and stay until Ctrl-C."""
    auth, port = login(args), free_port(args.host, args.port)
    if not args.store.is_dir():
        where = "" if args.store == DEFAULT_STORE else f" --store {args.store}"
        raise UserError(f"There is no store at {args.store}: make one with python -m ingest seeds{where}.")
    if args.model_url and args.model == "reader":
        raise UserError("--model-url goes with a chat model: add --model openai:NAME.")
    print(f"Opening {args.store} and the page ...", flush=True)  # noqa: T201 (a command)
    os.environ["NO_PROXY"] = ",".join(filter(None, [os.environ.get("NO_PROXY"), "localhost", args.host]))
    with tempfile.TemporaryDirectory(prefix="byline-") as arriving:
        os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_TEMP_DIR": arriving}  # read when it is imported
        serve_page(args, auth, port, Path(arriving))


def serve_page(args: argparse.Namespace, auth: tuple[str, str] | None, port: int, arriving: Path) -> None:
    """Serve what the arguments ask for; sent files arrive in that folder."""
    choices = Choices(model=args.model, url=args.model_url or "")
    local = is_local(args.host)
    house = House(args.store, None if args.read_only else arriving, models=local, choices=choices)
    desk = Desk(opener(args.store, with_options(nearest=CONSIDERED)))
    largest = 1 if args.read_only else LARGEST
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(desk.open, choices)
        pool.submit(desk.warm)
        demo = page(Room(desk, house))
        opening.result()
        launch(demo, args.host, port, auth, partial(answered, desk, choices), largest)
        print(f"Byline is open at {demo.local_url} (Ctrl-C stops it)", flush=True)  # noqa: T201 (a command)
    try:
        threading.Event().wait()
    finally:
        demo.close(verbose=False)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status."""
    try:
        serve(options().parse_args(argv))
    except UserError as error:
        print(error, file=sys.stderr)  # noqa: T201 (a command)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
