"""What does not fit between the parts of a plan, each of which can be read by itself."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from publisher.kit.nearest import meant
from publisher.models.errors import Problem
from publisher.models.specs import (
    AudienceSpec,
    BeforeEvent,
    ChoiceSpec,
    EntrySpec,
    OrganisationSpec,
    OutletSpec,
    Plan,
)

_URL = re.compile(r"https?://[^\s/?#]\S*\Z", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something wrong with one object of the plan."""

    kind: str
    slug: str
    field: str
    sentence: str
    missing: str = ""  #: `<kind>/<slug>` of what it names in vain
    needs_all: bool = False  #: it can only be said of a plan all of whose files were read


def check(plan: Plan, *, adapters: Iterable[str] | None = None) -> list[Problem]:
    """Say what does not fit, without lines; `plan.read.source` knows those.

    Args:
        plan: from files or from the database.
        adapters: the names of those installed; None: any name will do.
    """
    return [
        Problem(
            path=plan.paths.get(f"{finding.kind}/{finding.slug}", f"{finding.kind} {finding.slug}"),
            field=finding.field,
            sentence=finding.sentence,
        )
        for finding in findings(plan, adapters=adapters)
    ]


def findings(plan: Plan, *, adapters: Iterable[str] | None = None) -> Iterator[Finding]:
    """Give each thing that does not fit."""
    checks = _Checks(plan, None if adapters is None else set(adapters))
    for organisation in plan.organisations.values():
        yield from checks.organisation(organisation)
    for outlet in plan.outlets.values():
        yield from checks.outlet(outlet)
    for choice in plan.choices.values():
        yield from checks.choice(choice)
    for audience in plan.audiences.values():
        yield from checks.audience(audience)
    for entry in plan.entries.values():
        yield from checks.entry(entry)


class _Checks:
    """The checks of one plan, with what they look up again and again."""

    def __init__(self, plan: Plan, adapters: Collection[str] | None) -> None:
        self.plan = plan
        self.adapters = adapters
        held = [slug for slug, entry in plan.entries.items() if entry.occasion]
        self.known: Mapping[str, Collection[str]] = {
            "organisation": plan.organisations,
            "channel": plan.channels,
            "outlet": plan.outlets,
            "audience": plan.audiences,
            "key message": plan.messages,
            "event": [*plan.events, *held],
        }
        self.forms = {channel.form for channel in plan.channels.values()}
        self.accounts = {outlet.account for outlet in plan.outlets.values()} - {""}

    def _named(
        self, of: tuple[str, str], kind: str, named: Iterable[tuple[str, str | None]]
    ) -> Iterator[Finding]:
        """Check that what is named, by field, is there."""
        for field, slug in named:
            if slug is not None and slug not in self.known[kind]:
                yield Finding(
                    kind=of[0],
                    slug=of[1],
                    field=field,
                    sentence=f"{kind} “{slug}” is unknown{meant(slug, self.known[kind])}",
                    missing=f"{kind}/{slug}",
                )

    def organisation(self, one: OrganisationSpec) -> Iterator[Finding]:
        """Check an organisation."""
        if not _URL.match(one.website):
            yield _finding("organisation", one.slug, "website", _no_url(one.website))

    def outlet(self, one: OutletSpec) -> Iterator[Finding]:
        """Check an outlet."""
        of = ("outlet", one.slug)
        yield from self._named(of, "organisation", [("organisation", one.organisation)])
        yield from self._named(of, "channel", [("channel", one.channel)])
        if self.adapters is not None and one.adapter not in self.adapters:
            sentence = f"adapter “{one.adapter}” is unknown{meant(one.adapter, self.adapters)}"
            yield _finding(*of, "adapter", sentence)
        yield from _twice(*of, "languages", one.languages)

    def choice(self, one: ChoiceSpec) -> Iterator[Finding]:
        """Check a choice; whose file it stands in says whose it is."""
        of = ("choice", f"{one.outlet}/{one.audience}")
        yield from self._named(of, "outlet", [("outlet", one.outlet)])
        yield from self._named(of, "audience", [("audience", one.audience)])
        outlet = self.plan.outlets.get(one.outlet)
        path = self.plan.paths.get("/".join(of), "")
        whose = self.plan.paths.get(f"organisation/{outlet.organisation}", "") if outlet else ""
        if outlet and path and whose and path != whose:
            sentence = (
                f"“{one.outlet}” is {outlet.organisation}'s; only {outlet.organisation} "
                f"chooses for it, in {whose}"
            )
            yield _finding(*of, "outlet", sentence)

    def audience(self, one: AudienceSpec) -> Iterator[Finding]:
        """Check an audience."""
        of = ("audience", one.slug)
        yield from self._named(of, "audience", [("part_of", one.part_of)])
        yield from self._named(of, "organisation", _numbered("organisations", one.organisations))
        for number, row in enumerate(one.hears):
            here = f"hears.{number}"
            yield from self._named(of, "key message", [(f"{here}.message", row.message)])
            yield from self._named(of, "channel", _numbered(f"{here}.through", row.through))
        yield from _twice(*of, "hears", [row.message for row in one.hears])
        if circle := self._circle(one):
            yield _finding(*of, "part_of", f"goes round in a circle: {' → '.join(circle)}")

    def _circle(self, one: AudienceSpec) -> list[str]:
        way = [one.slug]
        wider: AudienceSpec | None = one
        while wider and wider.part_of:
            way.append(wider.part_of)
            if wider.part_of == one.slug:
                return way
            if wider.part_of in way[:-1]:
                return []  # a circle further up, which is reported there
            wider = self.plan.audiences.get(wider.part_of)
        return []

    def entry(self, one: EntrySpec) -> Iterator[Finding]:
        """Check an entry."""
        of = ("entry", one.slug)
        yield from self._named(of, "audience", _numbered("audiences", one.audiences))
        yield from self._named(of, "key message", _numbered("messages", one.messages))
        yield from self._named(of, "channel", _numbered("channels", one.channels))
        yield from self._named(of, "organisation", _numbered("speaks_for", one.speaks_for))
        if isinstance(one.when, BeforeEvent):
            yield from self._named(of, "event", [("when.event", one.when.event)])
        yield from self._occasion(one)
        for field in ("link", "partner_feed"):
            if (address := getattr(one, field)) and not _URL.match(address):
                yield _finding(*of, field, _no_url(address))
        yield from self._files(one)
        yield from self._variants(one)

    def _occasion(self, one: EntrySpec) -> Iterator[Finding]:
        """Check that what is said of an occasion fits, and that there is one where one is meant."""
        of, entries = ("entry", one.slug), self.plan.entries
        if one.occasion and one.slug in self.plan.events:
            yield _finding(*of, "occasion", f"an event of an .ics file is called “{one.slug}”, too")
        held = {slug for slug, entry in entries.items() if entry.occasion}
        if one.occasion and one.occasion.join in self.accounts:
            sentence = (
                f"“{one.occasion.join}” is an outlet's account, and whoever has a seat would be "
                "shown what is in it; keep the link under a name of its own"
            )
            yield _finding(*of, "occasion.join", sentence)
        if one.invites_to and one.invites_to not in held:
            sentence = f"no entry “{one.invites_to}” has an occasion{meant(one.invites_to, held)}"
            yield _finding(*of, "invites_to", sentence)
        about = {one.slug, one.invites_to, getattr(one.when, "event", None)} & held
        for number, slug in enumerate(one.audiences):
            audience = self.plan.audiences.get(slug)
            if audience and audience.who.seats and not about:
                sentence = (
                    f"“{slug}” are those of an occasion, and the entry is about none: let it hang "
                    "on one with when: {event: …}, or say invites_to:"
                )
                yield _finding(*of, f"audiences.{number}", sentence)

    def _files(self, one: EntrySpec) -> Iterator[Finding]:
        """Check that its pictures and annexes are there, each in its folder."""
        named = [
            (f"pictures.{at}.file", "picture", each.file) for at, each in enumerate(one.pictures)
        ]
        named += [(f"annexes.{at}.file", "annex", each.file) for at, each in enumerate(one.annexes)]
        for field, noun, file in named:
            path = posixpath.normpath(posixpath.join("calendar", file))
            if path not in self.plan.pictures:
                near = meant(file, [name[9:] for name in self.plan.pictures])
                yield Finding(
                    kind="entry",
                    slug=one.slug,
                    field=field,
                    sentence=f"there is no {noun} “{path}”{near}",
                    missing=f"picture/{path}",
                )
        for at, each in enumerate(one.annexes):
            here = posixpath.dirname(posixpath.normpath(each.file))
            if here != "annexes":
                sentence = f"“{each.file}” does not stand below annexes/"
                yield _finding("entry", one.slug, f"annexes.{at}.file", sentence)

    def _variants(self, one: EntrySpec) -> Iterator[Finding]:
        of = ("entry", one.slug)
        for number, words in enumerate(one.words):
            here = f"words.{number}"
            yield from self._named(of, "audience", [(f"{here}.audience", words.audience)])
            yield from self._named(of, "channel", [(f"{here}.channel", words.channel)])
            organisation = [(f"{here}.organisation", words.organisation)]
            yield from self._named(of, "organisation", organisation)
            if words.form is not None and words.form not in self.forms:
                near = meant(words.form, self.forms)
                sentence = f"form “{words.form}” is no channel's{near}"
                yield Finding(
                    kind="entry",
                    slug=one.slug,
                    field=f"{here}.form",
                    sentence=sentence,
                    needs_all=True,
                )
            elif words.audience in self.plan.audiences and words.audience not in one.audiences:
                sentence = f"these words are for “{words.audience}”, which is not among audiences"
                yield _finding(*of, f"{here}.audience", sentence)


def _finding(kind: str, slug: str, field: str, sentence: str) -> Finding:
    return Finding(kind=kind, slug=slug, field=field, sentence=sentence)


def _numbered(field: str, slugs: Iterable[str]) -> list[tuple[str, str]]:
    return [(f"{field}.{number}", slug) for number, slug in enumerate(slugs)]


def _twice(kind: str, slug: str, field: str, names: Iterable[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield _finding(kind, slug, f"{field}.{number}", f"“{name}” is said twice")
        seen.add(name)


def _no_url(address: str) -> str:
    return f"“{address}” is not a web address such as https://example.org/"
