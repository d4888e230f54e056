"""Organisations of a draft, what they have of the menu and for whom they use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from publisher.models.specs import ChannelSpec
from publisher.plan.recognise.draft import Draft, slug_at
from publisher.plan.recognise.people import namesake, owners
from publisher.plan.recognise.rows import Row

_FOLDER = "channels/organisations"
_NOBODY = "Our organisation"
#: what carries each form without an account anywhere; what is written to readers is kept here
_CARRIERS = {
    "page": "webpage",
    "intake": "webpage",
    "feed": "feed",
    "report": "documents",
    "agenda-item": "documents",
    "presentation": "documents",
    "landscape": "documents",
    "work-item-form": "documents",
}
_KEPT = "capture"
_BY_HAND = "manual"


def speakers(made: Draft, row: Row, audience: str, *, named: bool) -> list[str]:
    """Give the slugs of the organisations that a row names, or of one that stands for all.

    Args:
        made: the draft.
        row: the plan's.
        audience: the path of its audience, for a question.
        named: whether the plan names an owner anywhere.
    """
    names = owners(row.owner)
    if made.speaker:
        if names:
            who = " and ".join(f"“{name}”" for name in names)
            made.ask(audience, ("hears",), f"the plan names {who} as owner here; who must know?")
        return [_organisation(made, made.speaker)]
    if not names and named:
        made.ask(audience, ("hears",), "the plan names nobody who speaks here; who does?")
        return []
    return [_organisation(made, name) for name in names] or [_organisation(made, "")]


def outlets(
    made: Draft,
    speakers: Sequence[str],
    through: Sequence[str],
    menu: Mapping[str, ChannelSpec],
) -> list[tuple[str, str]]:
    """Give each organisation with its outlet on each of these channels; made if need be."""
    found: list[tuple[str, str]] = []
    for organisation in speakers:
        for channel in through:
            slug = f"{organisation}-{channel}"[:80].strip("-")
            path = f"channels/{channel}.yaml"
            _outlet(made, path, slug, organisation, new=channel not in menu)
            found.append((organisation, slug))
    return found


def choose(made: Draft, found: Sequence[tuple[str, str]], audience: str, place: str) -> None:
    """Let each organisation use its outlets for an audience: so the plan says."""
    for organisation, outlet in found:
        choices = made.files[f"{_FOLDER}/{organisation}.yaml"].setdefault("choices", [])
        if not any(one["outlet"] == outlet and one["audience"] == audience for one in choices):
            reason = f"{made.source}, {place}"
            choices.append({"outlet": outlet, "audience": audience, "use": True, "reason": reason})


def _outlet(made: Draft, path: str, slug: str, organisation: str, *, new: bool) -> None:
    held = made.files[path].setdefault("outlets", {})
    if slug in held:
        return
    form = made.files[path]["form"]
    by_hand = new and form != "newsletter"  # nobody writes to readers by hand
    adapter = _BY_HAND if by_hand else _CARRIERS.get(form, _KEPT)
    held[slug] = {"organisation": organisation, "adapter": adapter, "languages": [made.language]}
    at = ("outlets", slug, "adapter")
    if adapter == _BY_HAND:
        made.ask(path, at, "what carries it? With manual, somebody posts the words by hand.")
    elif adapter == _KEPT:
        made.ask(path, at, "what carries it? capture keeps it on this machine, for trying.")


def _organisation(made: Draft, name: str) -> str:
    path = made.free(_FOLDER, name or _NOBODY, "organisation")
    if path in made.files:
        return slug_at(path)
    slug = slug_at(path)
    others = [made.called(one) for one in made.files if one.startswith(_FOLDER)]
    made.files[path] = {
        "name": made.said(name or _NOBODY),
        "short": name or _NOBODY,
        "languages": [made.language],
        "time_zone": "UTC",
        "website": f"https://{slug[:60].strip('-')}.example/",
        "postal_address": "?",
        "sender": {
            "name": name or _NOBODY,
            "address": f"news@{slug[:60].strip('-')}.example",
        },
    }
    _doubts(made, path, name, others)
    return slug


def _doubts(made: Draft, path: str, name: str, others: Sequence[str]) -> None:
    if not name:
        made.ask(path, ("name",), "who speaks? The plan names no owner.")
    elif name == made.speaker:
        pass  # somebody said so
    elif near := namesake(name, others):
        made.ask(path, ("name",), f"is this the same as “{near}”?")
    else:
        made.ask(
            path,
            ("name",),
            f"does “{name}” speak in its own name? If it is a person or a department, put the "
            "organisation here.",
        )
    made.ask(path, ("short",), "what do people call it for short?")
    made.ask(path, ("time_zone",), "where is it? The plan does not say; UTC stands for it.")
    made.ask(path, ("website",), "the plan does not say; addresses in .example lead nowhere.")
    made.ask(path, ("postal_address",), "the plan does not say; newsletters print it.")
    made.ask(path, ("sender",), "whose mails come from it? Nothing can come from .example.")
