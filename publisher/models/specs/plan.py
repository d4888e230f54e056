"""The whole plan as one value, whether it was read from files or from the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from publisher.models.specs.audience import AudienceSpec
from publisher.models.specs.channel import ChannelSpec, OutletSpec
from publisher.models.specs.entry import EntrySpec
from publisher.models.specs.event import EventSpec
from publisher.models.specs.key_message import KeyMessageSpec
from publisher.models.specs.organisation import ChoiceSpec, OrganisationSpec
from publisher.models.specs.template import TemplateSpec


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """A picture's bytes, or a master's, checked to be what their media type says."""

    sha256: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Every noun of the plan by its slug."""

    organisations: Mapping[str, OrganisationSpec] = field(default_factory=dict)
    channels: Mapping[str, ChannelSpec] = field(default_factory=dict)
    outlets: Mapping[str, OutletSpec] = field(default_factory=dict)
    choices: Mapping[str, ChoiceSpec] = field(default_factory=dict)  #: by `<outlet>/<audience>`
    audiences: Mapping[str, AudienceSpec] = field(default_factory=dict)
    messages: Mapping[str, KeyMessageSpec] = field(default_factory=dict)
    entries: Mapping[str, EntrySpec] = field(default_factory=dict)
    events: Mapping[str, EventSpec] = field(default_factory=dict)
    templates: Mapping[str, TemplateSpec] = field(default_factory=dict)
    #: by path relative to the plan folder, such as `calendar/pictures/coordination.png`; among
    #: them the masters, such as `templates/report/organisations/iso/master.docx`
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
    #: where each is written, relative to the plan folder, by `<kind>/<slug>`: `entry/plenary`
    paths: Mapping[str, str] = field(default_factory=dict, compare=False)
