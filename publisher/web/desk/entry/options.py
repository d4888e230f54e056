"""What an entry's form offers to choose from, as the plan stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from publisher.flows.standing import Standing
from publisher.kit.words import LANGUAGES
from publisher.models.errors import PlanError
from publisher.models.specs import EntrySpec, in_language
from publisher.render.rendition import forms
from publisher.schedule.occasions import events
from publisher.web.desk.entry.typed import Typed

#: from slugs to what people call it
Names = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Options:
    """Everything that a select or a list of ticks holds."""

    organisations: Names
    audiences: Names
    messages: Names
    channels: Names
    events: Names
    forms: tuple[str, ...]
    languages: tuple[str, ...]  #: to write in: those of the outlets it goes to, and its own
    zones: tuple[str, ...]


def options(stands: Standing, typed: Typed, entry: EntrySpec | None, language: str) -> Options:
    """Give what can be chosen, named in the interface's language."""
    plan = stands.plan
    try:
        hung_on = events(plan)
    except PlanError:
        hung_on = dict(plan.events)
    return Options(
        organisations={slug: one.short for slug, one in plan.organisations.items()},
        audiences=_named(plan.audiences, language),
        messages=_named(plan.messages, language),
        channels=_named(plan.channels, language),
        events={slug: f"{one.summary} ({slug})" for slug, one in hung_on.items()},
        forms=tuple(forms()),
        languages=_languages(stands, typed, entry),
        zones=tuple(sorted({"UTC", *(one.time_zone for one in plan.organisations.values())})),
    )


def _named(nouns: Mapping[str, object], language: str) -> Names:
    named = {slug: in_language(getattr(one, "name"), language) for slug, one in nouns.items()}  # noqa: B009  # any noun's
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _languages(stands: Standing, typed: Typed, entry: EntrySpec | None) -> tuple[str, ...]:
    written = [typed.one(f"words.{at}.language") for at in typed.numbers("words")]
    titled = [*typed.by_language("title"), *typed.by_language("summary")]
    goes_to = stands.matrix.outlets(entry) if entry else list(stands.plan.outlets.values())
    spoken = [language for outlet in goes_to for language in outlet.languages]
    found = dict.fromkeys(one for one in (*written, *titled, *spoken) if one)
    order = list(LANGUAGES)
    return tuple(sorted(found, key=lambda one: (order.index(one) if one in order else 99, one)))
