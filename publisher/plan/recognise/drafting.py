"""Rows that were recognised as the files of a draft, with questions where they are unclear."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from publisher.models.specs import ChannelSpec
from publisher.plan.recognise import headings, organisations
from publisher.plan.recognise.audiences import audience
from publisher.plan.recognise.channels import Found, found
from publisher.plan.recognise.dates import Day, days
from publisher.plan.recognise.document import one_line
from publisher.plan.recognise.draft import Draft, Drafted, slug_at, slug_of
from publisher.plan.recognise.menu import channel
from publisher.plan.recognise.people import owners, ways
from publisher.plan.recognise.rows import Reading, Row

_NAME = 80  #: letters of a message's name
_POINT = re.compile(r"(?:[-–—•*·▪◦]|\d{1,2}[.)])\s+")
#: what would be read as more than words where an entry's words stand
_MEANT = re.compile(r"\{[{%#]|^\s*:::|^---", re.MULTILINE)

_OCCASION = "an occasion: when it begins and how long it lasts (docs/howto/hold-a-webinar.md)"
#: what entries need besides words for some forms, which no plan says
_NEEDS = {
    "webinar": _OCCASION,
    "workshop": _OCCASION,
    "agenda-item": "sections such as “## Decision sought” (docs/channels/agenda-item.md)",
    "presentation": "slides, each beginning with “## ” (docs/channels/presentation.md)",
}


def draft(
    source: str,
    readings: Sequence[Reading],
    menu: Mapping[str, ChannelSpec],
    listed: Mapping[str, str],
    *,
    speaker: str = "",
) -> Draft:
    """Make a draft; what the rows do not say is asked, never made up.

    Args:
        source: the name of the plan's file.
        readings: the places of it that are the plan.
        menu: the channels there are.
        listed: of which kind audiences are by lists elsewhere in the plan.
        speaker: the organisation that speaks throughout; empty: the owners that the plan names.
    """
    made = Draft(source=source, language=readings[0].language, speaker=speaker)
    named = any(owners(row.owner) for one in readings for row in one.rows)
    for reading in readings:
        kind = headings.kind(reading.above)
        for one in reading.rows:
            row = replace(one, kind=one.kind or headings.kind(one.section) or kind)
            _row(made, row, menu, listed, named=named)
        for doubt in reading.doubts:
            made.ask(next(iter(made.files)), (), doubt)
    return made


def _row(
    made: Draft,
    row: Row,
    menu: Mapping[str, ChannelSpec],
    listed: Mapping[str, str],
    *,
    named: bool,
) -> None:
    paths = [audience(made, row, way, listed) for way in ways(row.audience, row.part)]
    said = found(row.channel, menu)
    messages = [_message(made, words) for words in message_lines(row.message)]
    speakers = organisations.speakers(made, row, paths[0], named=named)
    through = [channel(made, one, menu) for one in said.named]
    outlets = organisations.outlets(made, speakers, through, menu)
    for path in paths:
        at = _hears(made, path, row, messages, through)
        _doubts(made, path, at, row, said)
        organisations.choose(made, outlets, slug_at(path), row.place)
        slugs = [slug_at(one) for one in messages]
        made.rows.append(Drafted(audience=slug_at(path), messages=slugs, channels=through))
    for day in days(row.when, made.language):
        _entry(made, day, paths, messages, through if outlets else [])


def message_lines(cell: str) -> list[str]:
    """Give the key messages of a cell: one a line; what begins with a small letter goes on."""
    made: list[str] = []
    for line in (one.strip() for one in cell.split("\n")):
        words = _POINT.sub("", line, count=1) if _POINT.match(line) else line
        if made and words and words == line and words[0].islower():
            made[-1] += f" {words}"
        elif words:
            made.append(words)
    return made


def _message(made: Draft, text: str) -> str:
    path = made.free("audiences/messages", text, "message")
    made.files.setdefault(path, {"name": made.said(shortened(text)), "text": made.said(text)})
    if len(re.findall(r"[.!?؟。]\s*(?=\S)", text)) > 1:
        made.ask(path, ("text",), "it has several sentences; are they several key messages?")
    return path


def shortened(text: str) -> str:
    """Give words as a name, cut between words if they are long."""
    if len(text) <= _NAME:
        return text
    cut = text[: _NAME - 1]
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut else cut}…"


def _hears(
    made: Draft, path: str, row: Row, messages: Sequence[str], through: Sequence[str]
) -> int:
    """Add what an audience hears; give the number of the first of it."""
    heard = made.files[path]["hears"]
    first = len(heard)
    if not messages:
        said = f"the plan says no key message beside “{one_line(row.channel)}”; which is it?"
        made.ask(path, ("hears",), said)
    for message in messages:
        slug = slug_at(message)
        there = next((at for at, one in enumerate(heard) if one["message"] == slug), None)
        if not through:
            said = f"the plan names no channel for “{made.called(message)}”; through what?"
            made.ask(path, ("hears",), said)
        elif there is None:
            heard.append({"message": slug, "through": list(through)})
        else:
            first = min(first, there)
            known = heard[there]["through"]
            known += [one for one in through if one not in known]
    return first


def _doubts(made: Draft, path: str, at: int, row: Row, said: Found) -> None:
    place = ("hears", at, "through")
    for one in said.named:
        if one.slug and one.score < 100:
            made.ask(
                path,
                place,
                f"“{one.words}” was taken for {one.slug}: it is {one.score} of 100 like a name of "
                "it; is that right?",
            )
    for line, known in said.unclear:
        was = f"was read as {', '.join(known)}" if known else "names no channel that is known"
        made.ask(path, place, f"“{line}” {was}; what else does it say?")
    if row.others:
        made.ask(path, ("hears", at), f"the plan also says “{row.others}”; has it a place here?")


def _entry(
    made: Draft,
    day: Day,
    paths: Sequence[str],
    messages: Sequence[str],
    through: Sequence[str],
) -> None:
    """Make an entry of a day; or ask, if the plan does not say all that one needs."""
    needs = {one: _NEEDS[form] for one in through if (form := _form(made, one)) in _NEEDS}
    ready = [one for one in through if one not in needs]
    if why := _no_entry(made, day, messages, through) or _needs(needs if not ready else {}):
        said = f"the plan says when: “{day.words}”; {why}"
        made.ask(paths[0], ("hears", max(0, len(made.files[paths[0]]["hears"]) - 1)), said)
        return
    texts = [_text(made, one) for one in messages]
    path = _entry_path(made, messages[0], day)
    made.files[path] = {
        **({} if made.language == "en" else {"language": made.language}),
        "title": made.said(shortened(texts[0])),
        "when": f"{day.at:%Y-%m-%d} {f'{day.at:%H:%M}' if day.timed else '09:00'}",
        "audiences": [slug_at(one) for one in paths],
        "messages": [slug_at(one) for one in messages],
        "channels": ready,
    }
    made.words[path] = "\n\n".join(texts)
    _entry_doubts(made, path, day, needs)


def _entry_doubts(made: Draft, path: str, day: Day, needs: Mapping[str, str]) -> None:
    said = "title and words are the key message as the plan has it; write what shall be said."
    made.ask(path, ("title",), said)
    hour = "" if day.timed else " and no hour; 09:00 stands for it"
    made.ask(path, ("when",), f"the plan says “{day.words}”{hour}; is it due then?")
    if needs:
        made.ask(path, ("channels",), f"the plan has more channels here; {_needs(needs)}")


def _form(made: Draft, channel: str) -> str:
    return str(made.files[f"channels/{channel}.yaml"]["form"])


def _needs(needs: Mapping[str, str]) -> str:
    return "; ".join(f"{channel} needs {what}" for channel, what in needs.items())


def _no_entry(made: Draft, day: Day, messages: Sequence[str], through: Sequence[str]) -> str:
    if day.at is None:
        because = day.why or "that is no one day"
        return f"{because}. Write an entry in calendar/ that is due then."
    if not messages or not through:
        lacks = "key message" if not messages else "channel and speaker"
        return f"but there is no {lacks} to make an entry of."
    if any(_MEANT.search(_text(made, one)) for one in messages):
        return "the key message holds signs that mean something in an entry; write it by hand."
    return ""


def _text(made: Draft, path: str) -> str:
    text = made.files[path]["text"]
    return text if isinstance(text, str) else next(iter(text.values()))


def _entry_path(made: Draft, message: str, day: Day) -> str:
    stem = f"{slug_of(made.called(message), 'entry', longest=40)}-{day.at:%Y-%m-%d}"
    path, number = f"calendar/{stem}.md", 1
    while path in made.files:
        number += 1
        path = f"calendar/{stem}-{number}.md"
    return path
