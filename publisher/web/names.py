"""What outlets and audiences are called, read once for a page that names hundreds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from publisher.adapters import registry
from publisher.models import Audience, Outlet
from publisher.models.errors import WillNeverWork
from publisher.models.specs import in_language


@dataclass(frozen=True, kw_only=True)
class OutletName:
    """An outlet, as pages name it."""

    form: str
    channel: str
    organisation: str  #: its short name
    organisation_id: int
    captures: bool  #: what goes here is captured, not sent to the world


class Names:
    """The names in one language, by id; of what is retired, too.

    Straight from the specs' JSON: making a typed value of each costs more than the page.
    """

    def __init__(self, language: str) -> None:
        audiences = Audience.objects.values_list("id", "spec__name")
        self.audiences = {row: in_language(name, language) for row, name in audiences}
        self.outlets = {row[0]: _outlet(row, language) for row in _rows()}


def _rows() -> Iterable[tuple[Any, ...]]:
    return Outlet.objects.values_list(
        "id",
        "organisation_id",
        "organisation__spec__short",
        "channel__spec__name",
        "channel__spec__form",
        "spec__adapter",
        "spec__settings__mail",
    )


def _outlet(row: tuple[Any, ...], language: str) -> OutletName:
    _, organisation, short, channel, form, adapter, mail = row
    return OutletName(
        form=form,
        channel=in_language(channel, language),
        organisation=short,
        organisation_id=organisation,
        captures=any(not _reaches_the_world(name) for name in (adapter, mail) if name),
    )


@cache
def _reaches_the_world(adapter: str) -> bool:
    try:
        return registry.adapter(adapter).capabilities.reaches_the_world
    except WillNeverWork:  # one whose package was taken away may have
        return True
