"""A plan as JSON values, object by object: what is stored and what is compared."""

from __future__ import annotations

from collections.abc import Mapping

from publisher.models.specs import Plan, Spec
from publisher.plan.diff import Said

PICTURE = "picture"

#: where a plan has the specs of each kind
SPECS = {
    "organisation": "organisations",
    "channel": "channels",
    "outlet": "outlets",
    "key message": "messages",
    "audience": "audiences",
    "choice": "choices",
    "event": "events",
    "entry": "entries",
    "template": "templates",
}


def said(plan: Plan) -> dict[str, Said]:
    """Give every object of a plan as JSON values, by `<kind>/<slug>`."""
    objects: dict[str, Said] = {
        f"{kind}/{slug}": spec.model_dump(mode="json")
        for kind in SPECS
        for slug, spec in specs(plan, kind).items()
    }
    for path, picture in plan.pictures.items():
        objects[f"{PICTURE}/{path}"] = {"sha256": picture.sha256}
    return objects


def specs(plan: Plan, kind: str) -> Mapping[str, Spec]:
    """Give a plan's specs of one kind, by slug."""
    found: Mapping[str, Spec] = getattr(plan, SPECS[kind])
    return found


def paths(plan: Plan) -> dict[str, str]:
    """Give where each object is written, by `<kind>/<slug>`."""
    return {**plan.paths, **{f"{PICTURE}/{path}": path for path in plan.pictures}}


def proper_path(plan: Plan, kind: str, slug: str) -> str:
    """Give where an object belongs, whether a file has it yet or not."""
    if kind == "outlet":
        kind, slug = "channel", plan.outlets[slug].channel
    elif kind == "choice":
        kind, slug = "organisation", plan.outlets[plan.choices[slug].outlet].organisation
    elif kind == "event" and f"event/{slug}" in plan.paths:
        return plan.paths[f"event/{slug}"]
    return _PLACES[kind].format(slug)


_PLACES = {
    "organisation": "channels/organisations/{}.yaml",
    "channel": "channels/{}.yaml",
    "audience": "audiences/{}.yaml",
    "key message": "audiences/messages/{}.yaml",
    "event": "calendar/{}.ics",
    "entry": "calendar/{}.md",
    "template": "templates/{}",
}
