"""What a line of the menu would reach, how often, and what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count

from publisher.dispatch.recipients import members
from publisher.models import Audience, Channel, Organisation, Placement, PlacementState
from publisher.models.specs import OutletSpec, Plan
from publisher.render.prices import price

AHEAD = timedelta(days=90)

_READERS = """
SELECT %s::bigint, c.channel_id, count(*)
FROM publisher_reader r JOIN publisher_consent c ON c.reader_id = r.id
WHERE c.organisation_id = %s AND c.confirmed_at IS NOT NULL AND c.withdrawn_at IS NULL
    AND {rule}
GROUP BY c.channel_id
"""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What an outlet's planned placements cost by its adapter's dated price; see `prices.toml`."""

    cents: float
    source: str


def readers(organisation: str) -> dict[tuple[str, str], int]:
    """Give how many readers agreed to hear from an organisation, by audience and channel.

    By slug; who is in several audiences counts in each. Suppressed addresses count: they are
    found out when a copy is addressed.
    """
    whose = Organisation.objects.get(slug=organisation)
    audiences = {row.pk: row for row in Audience.objects.filter(retired_at=None)}
    channels = dict(Channel.objects.values_list("pk", "slug"))
    parts, parameters = [], []
    for pk, audience in audiences.items():
        rule = members(audience.said.who)
        parts.append(_READERS.format(rule=rule.sql))
        parameters += [pk, whose.pk, *rule.parameters]
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return {
            (audiences[audience].slug, channels[channel]): number
            for audience, channel, number in cursor.fetchall()
        }


def planned(organisation: str, *, now: datetime) -> dict[tuple[str, str], int]:
    """Give how many placements are planned within `AHEAD`, by outlet and audience."""
    rows = Placement.objects.filter(
        outlet__organisation__slug=organisation,
        state=PlacementState.PLANNED,
        due_at__range=(now, now + AHEAD),
    )
    counted = rows.values("outlet__slug", "audience__slug").annotate(number=Count("id"))
    return {
        (row["outlet__slug"], row["audience__slug"]): row["number"] for row in counted.order_by()
    }


def costs(
    plan: Plan,
    outlets: Iterable[OutletSpec],
    counts: Mapping[tuple[str, str], int],
    reached: Mapping[tuple[str, str], int],
) -> dict[str, Cost]:
    """Give what is planned costs, by outlet; those that cost nothing, or nobody says, are left out.

    Args:
        plan: the plan in force.
        outlets: those asked about.
        counts: as `planned` gives them.
        reached: as `readers` gives them; each copy of what goes to readers is paid for.
    """
    found = {}
    for outlet in outlets:
        figure = price(outlet.carrier)
        if figure is None:
            continue
        asks = plan.channels[outlet.channel].asks_consent
        copies = sum(
            number * (reached.get((audience, outlet.channel), 0) if asks else 1)
            for (slug, audience), number in counts.items()
            if slug == outlet.slug
        )
        found[outlet.slug] = Cost(cents=copies * figure.value, source=figure.source)
    return found
