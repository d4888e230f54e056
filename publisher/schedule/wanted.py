"""What the calendar asks for: the occurrences and placements that a plan should have."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from publisher.kit.ids import placement_key
from publisher.models.specs import EntrySpec, OutletSpec, Plan, Spec
from publisher.schedule.matrix import Matrix, Place, pictures, speakers
from publisher.schedule.occasions import events, holder
from publisher.schedule.occurrences import Moment, occurrences, zone_of
from publisher.schedule.quiet import after_quiet


@dataclass(frozen=True, kw_only=True)
class WantedPlacement:
    """A placement as a value."""

    key: str
    audience: str
    outlet: str
    language: str
    due_at: datetime | None  #: out of the outlet's quiet hours
    form: str
    digest: str  #: of all that its words are made from


@dataclass(frozen=True, kw_only=True)
class WantedOccurrence:
    """An occurrence as a value, with its placements."""

    moment: Moment
    placements: tuple[WantedPlacement, ...]


class Calendar:
    """A plan, indexed for asking what each of its entries wants.

    Args:
        forms: the names of the forms that are there.
        launched_at: None until the launch.
    """

    def __init__(
        self, plan: Plan, *, forms: Collection[str], launched_at: datetime | None, now: datetime
    ) -> None:
        self.plan = plan
        self.forms = forms
        self.launched_at = launched_at
        self.now = now
        self._matrix = Matrix(plan)
        self._events = events(plan)
        masters = [
            path + file.sha256
            for path, file in plan.pictures.items()
            if path.startswith("templates/")
        ]
        sources = [one.slug + one.source for one in plan.templates.values()]
        self._looks = _digest(*sources, *masters)
        self._said = {
            id(one): _spec_digest(one) for nouns in _nouns(plan) for one in nouns.values()
        }

    def wanted(self, entry: EntrySpec, *, known: Collection[str]) -> list[WantedOccurrence]:
        """Give an entry's occurrences; see `occurrences` for what `known` is."""
        moments = occurrences(
            entry,
            zone=zone_of(entry, self.plan.organisations),
            now=self.now,
            launched_at=self.launched_at,
            events=self._events,
            known=known,
        )
        places = [(place, self._place_digest(entry, place)) for place in self._matrix.places(entry)]
        return [
            WantedOccurrence(
                moment=moment,
                placements=tuple(
                    self._placement(entry, moment, place, digest) for place, digest in places
                ),
            )
            for moment in moments
        ]

    def _placement(
        self, entry: EntrySpec, moment: Moment, place: Place, digest: str
    ) -> WantedPlacement:
        outlet = self.plan.outlets[place.outlet]
        return WantedPlacement(
            key=placement_key(
                entry=entry.slug,
                occurrence=moment.key,
                audience=place.audience,
                outlet=place.outlet,
                language=place.language,
            ),
            audience=place.audience,
            outlet=place.outlet,
            language=place.language,
            due_at=self._due_at(entry, moment, outlet),
            form=self.plan.channels[outlet.channel].form,
            digest=_digest(digest, str(moment.at_local)),
        )

    def _due_at(self, entry: EntrySpec, moment: Moment, outlet: OutletSpec) -> datetime | None:
        if moment.due_at is None:
            return None
        # A launch is a person's act: what goes out with it does not wait for quiet hours.
        if str(entry.when) == "launch" and moment.key == "launch":
            return moment.due_at
        zone = self.plan.organisations[outlet.organisation].time_zone
        return after_quiet(moment.due_at, outlet.quiet, zone)

    def _place_digest(self, entry: EntrySpec, place: Place) -> str:
        plan = self.plan
        outlet = plan.outlets[place.outlet]
        voices = [
            plan.organisations[slug]
            for slug in speakers(entry, outlet)
            if slug in plan.organisations
        ]
        messages = [plan.messages[slug] for slug in entry.messages if slug in plan.messages]
        shown = [picture.sha256 for picture in pictures(plan, entry).values()]
        held = holder(entry, plan.entries) or entry
        specs = (
            entry, held, plan.audiences[place.audience], outlet, plan.channels[outlet.channel],
            *voices, *messages,
        )  # fmt: skip
        return _digest(self._looks, *(self._said[id(spec)] for spec in specs), *shown)


def _nouns(plan: Plan) -> tuple[Mapping[str, Spec], ...]:
    return (
        plan.entries, plan.audiences, plan.outlets, plan.channels, plan.organisations, plan.messages
    )  # fmt: skip


def _spec_digest(spec: Spec) -> str:
    return _digest(spec.model_dump_json())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
