"""Put a small plan into the database, as apply does, and read what became of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from publisher.flows.expand import expand
from publisher.flows.plan_rows import stored, write
from publisher.models import Placement
from publisher.models.specs import ChoiceSpec, EventSpec, Plan, TemplateSpec
from publisher.plan.diff import compare
from publisher.plan.said import paths, said
from tests.unit.schedule.specs import audience, channel, choice, entry, message, organisation
from tests.unit.schedule.specs import outlet as any_outlet
from tests.unit.schedule.specs import plan as any_plan

NOW = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).parents[2] / "templates"


def joint_plan(*entries, choices=None, form="feed", events=(), quiet=None) -> Plan:
    """Give ISO's and IEC's news to members, chosen by both, with these entries."""
    hears = [{"message": "together", "through": ["news"]}]
    chosen = [choice("iso-news"), choice("iec-news")] if choices is None else choices
    made = any_plan(
        organisation("iso"),
        organisation("iec"),
        channel("news", form=form, asks_consent=False),
        any_outlet("iso", "news", adapter="feed", quiet=quiet or {}),
        any_outlet("iec", "news", adapter="feed"),
        audience(hears=hears),
        message(),
        *[one for one in chosen if isinstance(one, ChoiceSpec)],
        *entries,
    )
    events = {one.slug: one for one in events if isinstance(one, EventSpec)}
    kept = {} if not chosen else dict(made.choices)
    return Plan(**vars(made) | {"choices": kept, "events": events, "templates": _templates()})


def store(plan: Plan, *, now: datetime = NOW) -> int:
    """Write a plan and lay out its calendar; give how many placements were made."""
    write(compare(said(plan), stored(), paths=paths(plan), take={}), plan, now=now)
    return expand(now=now)


def states() -> dict[str, str]:
    """Give each placement's state, by outlet, language and occurrence."""
    rows = Placement.objects.select_related("outlet", "occurrence").order_by("id")
    return {f"{row.outlet.slug} {row.language} {row.occurrence.key}": row.state for row in rows}


def _templates() -> dict[str, TemplateSpec]:
    files = [path for path in TEMPLATES.rglob("*") if path.is_file() and path.suffix != ".md"]
    specs = [
        TemplateSpec(slug=path.relative_to(TEMPLATES).as_posix(), source=path.read_text())
        for path in files
    ]
    return {spec.slug: spec for spec in specs}


__all__ = ["NOW", "choice", "entry", "joint_plan", "states", "store"]
