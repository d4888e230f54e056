"""Channels of a draft: the menu's own, and those that it does not have."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.models.specs import ChannelSpec
from publisher.plan.neat import neat_channel
from publisher.plan.recognise.channels import Named, form
from publisher.plan.recognise.draft import Draft, slug_at

_NAME = 40  #: letters of what may be a channel's name

_WRITTEN = {"newsletter"}  #: forms that go to people, who must have agreed to it


def channel(made: Draft, named: Named, menu: Mapping[str, ChannelSpec]) -> str:
    """Give the slug of a channel of the draft; made if need be."""
    if not named.slug:
        return _new(made, named)
    fields = neat_channel(menu[named.slug], ())
    if named.score == 100 and len(named.words) <= _NAME:  # as the plan calls it
        fields["name"] = made.said(named.words)
    made.files.setdefault(f"channels/{named.slug}.yaml", {**fields, "outlets": {}})
    return named.slug


def _new(made: Draft, named: Named) -> str:
    path = made.free("channels", named.words, "channel")
    if path not in made.files:
        made.files[path] = {
            "name": made.said(named.words),
            "description": made.said(named.words),
            "form": form(named.words),
            "asks_consent": form(named.words) in _WRITTEN,
            "outlets": {},
        }
        near = f"; the nearest is {named.near}, {named.score} of 100 alike" if named.near else ""
        made.ask(path, ("name",), f"“{named.words}” is no channel of the menu{near}; is it one?")
        looks = made.files[path]["form"]
        made.ask(path, ("form",), f"what does it look like? {looks} stands for it so far.")
    return slug_at(path)
