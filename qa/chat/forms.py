"""What a user can set: the days a question is limited to, the model, and what would have been right."""

from qa.chat.html import button, in_words, isolated, pane, text
from qa.chat.talk import Choices, Talk, Turn


def render_dates(choices: Choices) -> str:
    """The fields for the days that the next question is limited to."""
    since, until = choices.since or "", choices.until or ""
    return (
        '<fieldset class="form" data-form="limit"><legend>Limit the next questions by date of publication</legend>'
        f'<label>From <input type="date" name="since" value="{since}"></label>'
        f'<label>To <input type="date" name="until" value="{until}"></label>'
        f"<p>{button('Apply', 'limit', 'go')}{button('Any date', 'limit', '', clear=1)}</p>"
        "<p>Undated articles are always kept, and shown as undated.</p></fieldset>"
    )


def render_limits(talk: Talk, notice: str = "") -> str:
    """The line above the question box: what applies to the next question, and what went wrong."""
    choices = talk.choices
    parts = [f"from {in_words(choices.since)}"] if choices.since else []
    parts += [f"to {in_words(choices.until)}"] if choices.until else []
    label = f"Articles {' '.join(parts)}" if parts else "Articles of any date"
    shown = [button(label, "sources", "quiet set" if parts else "quiet")]
    shown += [button("Any date", "limit", "quiet", clear=1)] if parts else []
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
