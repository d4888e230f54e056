"""A plan as files: each as it is, but for what the plan says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from icalendar import Calendar

from publisher.models.specs import ChoiceSpec, EntrySpec, EventSpec, Plan, Spec
from publisher.plan.entry_text import entry_rewritten, entry_text
from publisher.plan.neat import neat, neat_channel, neat_organisation
from publisher.plan.rewrite import rewritten, written


def changed_files(folder: Path, old: Plan, new: Plan) -> dict[str, bytes]:
    """Give the files to be written so that a folder says `new`, by path.

    Args:
        folder: where the texts of files are, to keep what they say besides.
        old: what was read from it.
        new: what it is to say.
    """
    files: dict[str, bytes] = {}
    for path, before, after in _yaml_files(old, new):
        if before != after:
            files[path] = (
                _text(folder, path, _yaml_change(before, after)) or written(after).encode()
            )
    for slug, entry in new.entries.items():
        was = old.entries.get(slug)
        if was != entry:
            path = f"calendar/{slug}.md"
            files[path] = _text(folder, path, _entry_change(was, entry)) or (
                entry_text(entry).encode()
            )
    files.update(_event_files(old, new))
    for slug, template in new.templates.items():
        if old.templates.get(slug) != template:
            files[f"templates/{slug}"] = f"{template.source}\n".encode()
    for path, picture in new.pictures.items():
        if old.pictures.get(path) != picture:
            files[path] = picture.content
    return files


def anew(new: Plan, path: str) -> bytes | None:
    """Write a file without looking at what it was; None if it is not one of words."""
    for other, _, after in _yaml_files(Plan(), new):
        if other == path:
            return written(after).encode()
    entry = new.entries.get(Path(path).stem) if path.endswith(".md") else None
    return entry_text(entry).encode() if entry else None


Fields = dict[str, Any]


def _yaml_files(old: Plan, new: Plan) -> Iterator[tuple[str, Fields, Fields]]:
    """Give the path of each YAML file of the new plan, what it says and what it is to say."""
    yield from _organisations(old, new)
    for slug, channel in new.channels.items():
        before = old.channels.get(slug)
        outlets = [
            sorted(
                (one for one in plan.outlets.values() if one.channel == slug),
                key=lambda one: _rank(list(old.outlets), one.slug),
            )
            for plan in (old, new)
        ]
        said = neat_channel(before, outlets[0]) if before else {}
        yield f"channels/{slug}.yaml", said, neat_channel(channel, outlets[1])
    yield from _single("audiences", old.audiences, new.audiences)
    yield from _single("audiences/messages", old.messages, new.messages)


def _single(
    folder: str, old: Mapping[str, Spec], new: Mapping[str, Spec]
) -> Iterator[tuple[str, Fields, Fields]]:
    for slug, spec in new.items():
        yield f"{folder}/{slug}.yaml", neat(old[slug]) if slug in old else {}, neat(spec)


def _organisations(old: Plan, new: Plan) -> Iterator[tuple[str, Fields, Fields]]:
    for slug, organisation in new.organisations.items():
        before = old.organisations.get(slug)
        said = neat_organisation(before, _choices(old, slug, old)) if before else {}
        yield (
            f"channels/organisations/{slug}.yaml",
            said,
            neat_organisation(organisation, _choices(new, slug, old)),
        )


def _choices(plan: Plan, organisation: str, files: Plan) -> list[ChoiceSpec]:
    """Give an organisation's choices in the order of its file."""
    order = [f"{one.outlet}/{one.audience}" for one in files.choices.values()]
    found = [
        choice
        for choice in plan.choices.values()
        if choice.outlet in plan.outlets
        and plan.outlets[choice.outlet].organisation == organisation
    ]
    return sorted(found, key=lambda one: _rank(order, f"{one.outlet}/{one.audience}"))


def _rank(order: Sequence[str], name: str) -> tuple[int, str]:
    return (order.index(name) if name in order else len(order), name)


def _event_files(old: Plan, new: Plan) -> Iterator[tuple[str, bytes]]:
    """Give the calendars of which an event is new or changed, whole."""
    by_path: dict[str, list[EventSpec]] = {}
    for slug, event in new.events.items():
        path = new.paths.get(f"event/{slug}") or f"calendar/{slug}.ics"
        by_path.setdefault(path, []).append(event)
    for path, events in by_path.items():
        if any(old.events.get(event.slug) != event for event in events):
            yield path, f"{_together(events)}\n".encode()


def _together(events: Sequence[EventSpec]) -> str:
    if len(events) == 1:
        return events[0].ics
    whole = Calendar.from_ical(events[0].ics)
    for event in events[1:]:
        for component in Calendar.from_ical(event.ics).walk("VEVENT"):
            whole.add_component(component)
    text: bytes = whole.to_ical()
    return text.decode().replace("\r\n", "\n").rstrip("\n")


Change = Callable[[str], str | None]


def _yaml_change(before: Fields, after: Fields) -> Change:
    return lambda text: rewritten(text, before, after)


def _entry_change(before: EntrySpec | None, after: EntrySpec) -> Change:
    return lambda text: entry_rewritten(text, before, after) if before else None


def _text(folder: Path, path: str, change: Change) -> bytes | None:
    """Change a file's text, keeping its byte order mark and line ends; None if it has none."""
    try:
        raw = (folder / path).read_bytes()
    except OSError:
        return None
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    changed = change(text)
    if changed is None:
        return None
    return (mark + (changed.replace("\n", "\r\n") if b"\r\n" in raw else changed)).encode()
