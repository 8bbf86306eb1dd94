"""What a user can set: the bounds of a question, the model, and what would have been right."""

from collections.abc import Mapping, Sequence

from qa.chat.html import button, clipped, in_words, isolated, pane, text
from qa.chat.talk import Choices, Talk, Turn

TICKED = 8  # publishers to tick
OFFERED = 500  # publishers offered while one is typed
LONG = 60  # characters of a publisher's name that are shown
NAMED = 2  # publishers named above the question box; the others are counted


def render_bounds(
    choices: Choices, near: Sequence[str], known: Mapping[str, int], turn: int | None, told: str = ""
) -> str:
    """The fields for the days and publishers that the next question is limited to.

    `near`: publishers of the passages at hand; `known`: all, with their articles; `told`: what was wrong with the last.
    """
    since, until = choices.since or "", choices.until or ""
    place = {} if turn is None else {"turn": turn}
    trouble = f'<p class="problem" role="alert">{text(told)}</p>' if told else ""
    return (
        '<fieldset class="form" data-form="limit"><legend>Limit the next questions</legend>'
        f'{trouble}<div class="days">'
        f'<label>From <input type="date" name="since" value="{since}"></label>'
        f'<label>To <input type="date" name="until" value="{until}"></label></div>'
        "<p>Undated articles are always kept, and shown as undated.</p>"
        f"{_publishers(choices, near, known)}"
        f"<p>{button('Apply', 'limit', 'go', **place)}{button('No limits', 'limit', '', clear=1)}</p></fieldset>"
    )


def _publishers(choices: Choices, near: Sequence[str], known: Mapping[str, int]) -> str:
    """Publishers to tick: those chosen, those at hand, the largest; and a field for any other."""
    if not known:
        return ""
    largest = sorted(known, key=lambda name: (-known[name], name))
    shown = list(dict.fromkeys(one for one in (*choices.publishers, *near, *largest) if one in known))
    shown = shown[: max(TICKED, len(choices.publishers))]
    ticks = "".join(
        f'<label class="row"><input type="checkbox" name="publishers" value="{text(one)}"'
        f"{' checked' * (one in choices.publishers)}> {isolated(clipped(one, LONG))}<span>{known[one]:,}</span></label>"
        for one in shown
    )
    offered = "".join(f'<option value="{text(one)}"></option>' for one in largest[:OFFERED])
    other = (
        '<label>Another publisher <input type="text" name="publisher" list="publishers" maxlength="200" '
        f'autocomplete="off"></label><datalist id="publishers">{offered}</datalist>'
    )
    return (
        '<fieldset class="names"><legend>Publishers: any, unless some are ticked</legend>'
        f"{ticks}{other if len(known) > len(shown) else ''}</fieldset>"
    )


def render_limits(talk: Talk, notice: str = "") -> str:
    """The line above the question box: what applies to the next question, and what went wrong."""
    choices = talk.choices
    parts = (
        [f"by {' or '.join(isolated(clipped(one, LONG)) for one in choices.publishers[:NAMED])}"]
        if choices.publishers
        else []
    )
    parts += [f"or {len(choices.publishers) - NAMED} more"] if len(choices.publishers) > NAMED else []
    parts += [f"from {in_words(choices.since)}"] if choices.since else []
    parts += [f"to {in_words(choices.until)}"] if choices.until else []
    label = f"Articles {' '.join(parts)}" if parts else "All dates and publishers"
    shown = [button(label, "sources", "quiet set" if parts else "quiet")]
    shown += [button("No limits", "limit", "quiet", clear=1)] if parts else []
    shown += [f"<span>as of {in_words(choices.as_of)}</span>"] if choices.as_of else []
    shown += [f"<span>answered by {isolated(choices.model)}</span>"] if choices.model != "reader" else []
    if talk.editing is not None:
        how = "Correcting" if talk.alone else "Editing"
        leave = button("Leave it", "leave", "quiet")
        shown.append(f'<span class="set">{how} question {talk.editing + 1}</span>{leave}')
    return f'<div class="line">{"".join(shown)}<span class="problem" role="alert">{text(notice)}</span></div>'


def render_settings(choices: Choices, free: bool, told: str = "", wrong: bool = False) -> str:
    """The settings of one session; `free`: may it choose the model? `told` is what came of the last change."""
    as_of = choices.as_of or ""
    reader = choices.model == "reader"
    if free:
        model = (
            "<fieldset><legend>Who answers</legend>"
            f'<label class="row"><input type="radio" name="kind" value="reader"{" checked" * reader}> '
            "The bundled reader: offline, and it can only quote</label>"
            f'<label class="row"><input type="radio" name="kind" value="chat"{" checked" * (not reader)}> '
            "A chat model: its sentences are checked against the passages they cite</label>"
            '<label>Name of the chat model <input type="text" name="model" placeholder="ollama:llama3.2, openai:NAME" '
            f'value="{"" if reader else text(choices.model)}" maxlength="200" autocomplete="off"></label>'
            '<label>Address of its server, if it has one <input type="text" name="url" inputmode="url" '
            f'placeholder="http://localhost:8080/v1" value="{text(choices.url)}" maxlength="300" autocomplete="off">'
            "</label><p>With a server that is not on this machine, your questions and the passages leave it.</p>"
            "</fieldset>"
        )
    else:
        model = (
            f"<p>Answers come from {isolated(choices.model)}. Others can reach this page, so the model is chosen where "
            "Byline is started: python app.py --model NAME.</p>"
        )
    status = f'<p role="{"alert" if wrong else "status"}" class="{"problem" if wrong else "saved"}">{text(told)}</p>'
    return (
        '<section class="sheet"><h2>Settings</h2><p class="lead">They hold for this conversation, in this browser tab, '
        f'and apply to the next question.</p><div class="form" data-form="set">{model}<fieldset><legend>Dates</legend>'
        f'<label>Answer as of <input type="date" name="as_of" value="{as_of}"></label>'
        "<p>The day that words like “last June” are counted from. Empty: today.</p></fieldset>"
        f"<p>{button('Save', 'set', 'go')}</p>{status if told else ''}</div></section>"
    )


def render_wrong(turn: Turn, place: int) -> str:
    """The form that asks what would have been right."""
    inner = (
        '<div class="list"><p>Your answer is kept on this machine, as a question to test Byline with.</p>'
        '<fieldset class="form" data-form="better"><legend>What would have been right?</legend>'
        '<label class="row"><input type="radio" name="right" value="words" checked> These words</label>'
        "<label>The right words, as they stand in a passage shown here "
        '<input type="text" name="words" maxlength="300" autocomplete="off"></label>'
        '<label class="row"><input type="radio" name="right" value="silent"> The articles do not say</label>'
        '<label class="row"><input type="radio" name="right" value="unknown"> I do not know</label>'
        f"<p>{button('Save', 'better', 'go', turn=place)}</p></fieldset></div>"
    )
    return pane("Wrong answer", f"<h2>{isolated(turn.question)}</h2>", inner)
