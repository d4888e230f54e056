"""The matrix: audience × key message → channels on offer → chosen outlets → cells."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from publisher.models.cell import Cell
from publisher.models.specs import AudienceSpec, EntrySpec, OutletSpec, PictureFile, Plan, Variant


def cells(plan: Plan, entry: EntrySpec, *, at_local: datetime | None = None) -> list[Cell]:
    """Give every cell an entry makes, whether its form is there yet or not.

    In the order of the entry's audiences, then of channels, organisations, outlets and the
    outlet's languages. For many entries, make one `Matrix` and ask it.
    """
    return Matrix(plan).cells(entry, at_local=at_local)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an entry goes, as slugs: what makes a cell this one."""

    audience: str
    outlet: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A channel on offer for a row, and who took it."""

    channel: str
    form: str
    form_is_there: bool
    outlets: tuple[str, ...]  #: the chosen ones, of all organisations


Gap = Literal["", "no form", "nobody"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one audience is to hear, through what, and through whose outlets."""

    audience: str
    message: str
    inherited_from: str = ""  #: the wider audience whose row it is; empty: its own
    offers: tuple[Offer, ...]
    #: Why nothing can reach the audience: nobody chose an outlet, or no form is there yet. What
    #: reaches a wider audience it is part of reaches it, too.
    gap: Gap


class Matrix:
    """A plan, indexed for asking who hears what through what."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._chosen: dict[tuple[str, str], list[OutletSpec]] = defaultdict(list)
        for choice in plan.choices.values():
            outlet = plan.outlets.get(choice.outlet)
            if choice.use and outlet and self._may_use(outlet, choice.audience):
                self._chosen[choice.audience, outlet.channel].append(outlet)
        for outlets in self._chosen.values():
            outlets.sort(key=lambda outlet: (outlet.organisation, outlet.slug))
        self._hears = {slug: self._heard(audience) for slug, audience in plan.audiences.items()}

    def chosen(self, audience: str, channel: str) -> list[OutletSpec]:
        """Give the outlets on a channel that their organisations switched on for an audience."""
        return self._chosen.get((audience, channel), [])

    def places(self, entry: EntrySpec) -> Iterator[Place]:
        """Give the cells of an entry by name only, which is quick."""
        for audience, outlet, language, _ in self._found(entry):
            yield Place(audience=audience.slug, outlet=outlet.slug, language=language)

    def cells(self, entry: EntrySpec, *, at_local: datetime | None = None) -> list[Cell]:
        """Give the cells of an entry; see the function of that name."""
        plan = self.plan
        found = pictures(plan, entry)
        return [
            Cell(
                entry=entry,
                audience=audience,
                outlet=outlet,
                channel=plan.channels[outlet.channel],
                organisation=plan.organisations[outlet.organisation],
                language=language,
                messages=tuple(plan.messages[slug] for slug in messages if slug in plan.messages),
                speaks_for=tuple(
                    plan.organisations[slug]
                    for slug in speakers(entry, outlet)
                    if slug in plan.organisations
                ),
                at_local=at_local,
                pictures=found,
            )
            for audience, outlet, language, messages in self._found(entry)
        ]

    def outlets(self, entry: EntrySpec) -> list[OutletSpec]:
        """Give the outlets an entry goes to, or would if it had words in their languages."""
        found = {
            outlet.slug: outlet
            for slug in entry.audiences
            if slug in self.plan.audiences
            for channel in self._channels(entry, slug)
            for outlet in self.chosen(slug, channel)
        }
        return list(found.values())

    def rows(self, forms: Collection[str], *, organisation: str | None = None) -> list[Row]:
        """Give the table: a row for each key message an audience is to hear.

        Args:
            forms: the names of the forms that are there.
            organisation: count only this one's outlets.
        """
        return [
            self._row(slug, message, forms, organisation)
            for slug, heard in self._hears.items()
            for message in heard
        ]

    def _row(
        self, audience: str, message: str, forms: Collection[str], organisation: str | None
    ) -> Row:
        whose, _ = self._hears[audience][message]
        offers = self._offers(audience, message, forms, organisation)
        all_offers = [
            self._offers(one.slug, message, forms, organisation)
            for one in wholes(self.plan, self.plan.audiences[audience])
        ]
        return Row(
            audience=audience,
            message=message,
            inherited_from="" if whose == audience else whose,
            offers=offers,
            gap=min((_gap(found) for found in all_offers), key=_GAPS.index),
        )

    def _offers(
        self, audience: str, message: str, forms: Collection[str], organisation: str | None
    ) -> tuple[Offer, ...]:
        _, channels = self._hears[audience].get(message, ("", []))
        return tuple(
            self._offer(audience, channel, forms, organisation)
            for channel in channels
            if channel in self.plan.channels
        )

    def _offer(
        self, audience: str, channel: str, forms: Collection[str], organisation: str | None
    ) -> Offer:
        form = self.plan.channels[channel].form
        outlets = tuple(
            outlet.slug
            for outlet in self.chosen(audience, channel)
            if organisation in {None, outlet.organisation}
        )
        return Offer(channel=channel, form=form, form_is_there=form in forms, outlets=outlets)

    def _found(
        self, entry: EntrySpec
    ) -> Iterator[tuple[AudienceSpec, OutletSpec, str, tuple[str, ...]]]:
        languages = set(entry.languages)
        for slug in dict.fromkeys(entry.audiences):
            if not (audience := self.plan.audiences.get(slug)):
                continue
            for channel, messages in self._channels(entry, slug).items():
                for outlet in self.chosen(slug, channel):
                    for language in dict.fromkeys(outlet.languages):
                        if language in languages and self._has_words(entry, slug, outlet, language):
                            yield audience, outlet, language, messages

    def _channels(self, entry: EntrySpec, audience: str) -> dict[str, tuple[str, ...]]:
        """Give the channels that carry the entry to an audience, with the messages each serves."""
        through: dict[str, list[str]] = defaultdict(list)
        for message in dict.fromkeys(entry.messages):
            _, channels = self._hears[audience].get(message, ("", []))
            for channel in channels:
                if channel in self.plan.channels and channel in (entry.channels or [channel]):
                    through[channel].append(message)
        return {channel: tuple(messages) for channel, messages in through.items()}

    def _has_words(
        self, entry: EntrySpec, audience: str, outlet: OutletSpec, language: str
    ) -> bool:
        form = self.plan.channels[outlet.channel].form
        return any(
            variant.language == language and fits(variant, audience, outlet, form)
            for variant in entry.words
        )

    def _heard(self, audience: AudienceSpec) -> dict[str, tuple[str, list[str]]]:
        """Give an audience's rows by message: whose row it is, and its channels.

        A part hears all that the whole hears, and its own rows besides.
        """
        rows: dict[str, tuple[str, list[str]]] = {}
        for one in wholes(self.plan, audience):
            for row in one.hears:
                _, channels = rows.setdefault(row.message, (one.slug, []))
                channels.extend(channel for channel in row.through if channel not in channels)
        return rows

    def _may_use(self, outlet: OutletSpec, audience: str) -> bool:
        found = self.plan.audiences.get(audience)
        return not (found and found.organisations) or outlet.organisation in found.organisations


_GAPS: tuple[Gap, ...] = ("", "no form", "nobody")  #: from the best to the worst


def _gap(offers: Collection[Offer]) -> Gap:
    taken = [offer for offer in offers if offer.outlets]
    if not taken:
        return "nobody"
    return "" if any(offer.form_is_there for offer in taken) else "no form"


def wholes(plan: Plan, audience: AudienceSpec) -> Iterator[AudienceSpec]:
    """Give an audience and the wider ones it is part of, the narrowest first."""
    seen: set[str] = set()
    one: AudienceSpec | None = audience
    while one and one.slug not in seen:
        yield one
        seen.add(one.slug)
        one = plan.audiences.get(one.part_of) if one.part_of else None


def speakers(entry: EntrySpec, outlet: OutletSpec) -> list[str]:
    """Give the organisations a cell speaks for, whose yes it needs: the outlet's own first."""
    return list(dict.fromkeys([outlet.organisation, *entry.speaks_for]))


def fits(variant: Variant, audience: str, outlet: OutletSpec, form: str) -> bool:
    """Whether a variant's words are meant for a cell, whatever the language."""
    return (
        variant.audience in {None, audience}
        and variant.organisation in {None, outlet.organisation}
        and variant.channel in {None, outlet.channel}
        and variant.form in {None, form}
    )


def pictures(plan: Plan, entry: EntrySpec) -> dict[str, PictureFile]:
    """Give the entry's pictures and annexes that are there, by the name it has for each."""
    found = {}
    named = [*(one.file for one in entry.pictures), *(one.file for one in entry.annexes)]
    for file in named:
        path = posixpath.normpath(posixpath.join("calendar", file))
        if path in plan.pictures:
            found[file] = plan.pictures[path]
    return found
