"""The plan as the database has it: what the clock, the hands and the pages work from."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from publisher.models import (
    Audience,
    Channel,
    Choice,
    Entry,
    Event,
    KeyMessage,
    Organisation,
    Outlet,
    Picture,
    PlanObject,
    Template,
)
from publisher.models.specs import (
    AudienceSpec,
    ChannelSpec,
    ChoiceSpec,
    EntrySpec,
    EventSpec,
    KeyMessageSpec,
    OrganisationSpec,
    OutletSpec,
    PictureFile,
    Plan,
    Spec,
    TemplateSpec,
)

#: the nouns of the plan, each after those it names
NOUNS: tuple[type[PlanObject], ...] = (
    Organisation,
    Channel,
    Outlet,
    KeyMessage,
    Audience,
    Choice,
    Event,
    Entry,
    Template,
)

S = TypeVar("S", bound=Spec)


def stored_plan() -> Plan:
    """Give the plan in force; what is retired is left out."""
    matrix = stored_matrix()
    paths = dict(matrix.paths)
    return replace(
        matrix,
        entries=_said(Entry, EntrySpec, paths),
        events=_said(Event, EventSpec, paths),
        templates=_said(Template, TemplateSpec, paths),
        pictures=_pictures(),
        paths=paths,
    )


def stored_matrix() -> Plan:
    """Give who hears what through what, without the calendar, which may be long."""
    paths: dict[str, str] = {}
    return Plan(
        organisations=_said(Organisation, OrganisationSpec, paths),
        channels=_said(Channel, ChannelSpec, paths),
        outlets=_said(Outlet, OutletSpec, paths),
        choices=_said(Choice, ChoiceSpec, paths),
        audiences=_said(Audience, AudienceSpec, paths),
        messages=_said(KeyMessage, KeyMessageSpec, paths),
        paths=paths,
    )


def _said(noun: type[PlanObject], shape: type[S], paths: dict[str, str]) -> dict[str, S]:
    said = {}
    rows = noun._default_manager.filter(retired_at=None).order_by("slug")
    for slug, path, spec in rows.values_list("slug", "path", "spec"):
        said[slug] = shape.model_validate(spec)
        paths[f"{noun.kind}/{slug}"] = path
    return said


def _pictures() -> dict[str, PictureFile]:
    files = {}
    for picture in Picture.objects.exclude(paths=[]):
        file = PictureFile(
            sha256=picture.sha256, media_type=picture.media_type, content=bytes(picture.content)
        )
        files.update(dict.fromkeys(picture.paths, file))
    return dict(sorted(files.items()))
