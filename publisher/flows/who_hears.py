"""The matrix as it stands: who is to hear what, and what became of it, read set-wise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from publisher.flows.audit import Doer
from publisher.flows.edit import edit
from publisher.flows.standing import fingerprint, fingerprint_of
from publisher.flows.stored_plan import stored_matrix
from publisher.models import (
    Audience,
    Channel,
    Choice,
    KeyMessage,
    Organisation,
    Outlet,
    Placement,
)
from publisher.models.errors import Refused
from publisher.models.specs import AudienceSpec, HearsSpec
from publisher.schedule.heard import Square, Told, squares
from publisher.schedule.matrix import Matrix, wholes


@dataclass(frozen=True, kw_only=True)
class Standing:
    """One outlet of a square, and what its organisation chose."""

    organisation: str  #: slug
    outlet: str  #: slug
    channel: str  #: slug
    use: bool | None  #: None: it has not chosen
    reason: dict[str, str]


def the_matrix() -> Matrix:
    """Give the matrix in force; never to be changed."""
    global _kept  # noqa: PLW0603  # one matrix is in force, and checking it takes longer than a page may
    seen = fingerprint(_FINGERPRINT)
    if _kept is None or _kept[0] != seen:
        _kept = (seen, Matrix(stored_matrix()))
    return _kept[1]


_kept: tuple[str, Matrix] | None = None
_FINGERPRINT = fingerprint_of(Organisation, Channel, Outlet, Choice, Audience, KeyMessage)


def the_squares(*, organisation: str = "") -> list[Square]:
    """Give every square in which something is promised.

    Args:
        organisation: count only what goes through its outlets; empty: all.
    """
    matrix = the_matrix()
    return squares(matrix, _told(matrix, organisation), organisation=organisation or None)


def _told(matrix: Matrix, organisation: str) -> list[Told]:
    from publisher.render.rendition import forms

    readers = [
        slug
        for slug, channel in matrix.plan.channels.items()
        if channel.form in forms() and forms()[channel.form].addressed_to == "readers"
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"organisation": organisation, "readers": readers})
        return [
            Told(
                audience=audience,
                message=message,
                channel=channel,
                planned=planned,
                said=said,
                heard=heard,
            )
            for audience, message, channel, planned, said, heard in cursor.fetchall()
        ]


# Placements are counted before each is said of the messages that its entry serves: an entry's
# spec is long, and read once. What is said of an endpoint is published; readers hear mails.
_TOLD = """
WITH counted AS (
    SELECT o.entry_id, p.audience_id, u.channel_id,
        bool_or(p.state IN ('planned', 'missed', 'sending', 'paused')) AS planned,
        bool_or(p.state = 'finished' OR (p.state = 'cancelled' AND p.accepted > 0)) AS said,
        bool_or(p.accepted > 0) AS heard
    FROM publisher_placement p
    JOIN publisher_occurrence o ON o.id = p.occurrence_id
    JOIN publisher_outlet u ON u.id = p.outlet_id
    JOIN publisher_organisation g ON g.id = u.organisation_id
    WHERE %(organisation)s = '' OR g.slug = %(organisation)s
    GROUP BY o.entry_id, p.audience_id, u.channel_id
), saying AS (
    SELECT e.id, m.slug
    FROM publisher_entry e, jsonb_array_elements_text(e.spec->'messages') AS m (slug)
)
SELECT a.slug, s.slug, c.slug, bool_or(planned), bool_or(said),
    bool_or(heard AND c.slug = ANY(%(readers)s))
FROM counted n
JOIN saying s ON s.id = n.entry_id
JOIN publisher_audience a ON a.id = n.audience_id
JOIN publisher_channel c ON c.id = n.channel_id
GROUP BY a.slug, s.slug, c.slug
"""


def placements_of(audience: AudienceSpec, message: str) -> list[Placement]:
    """Give the placements that say a message to an audience or a wider one, the next first."""
    slugs = [one.slug for one in wholes(the_matrix().plan, audience)]
    rows = Placement.objects.filter(
        audience__slug__in=slugs, occurrence__entry__spec__messages__contains=[message]
    )
    names = ("occurrence__entry", "audience", "outlet__organisation", "outlet__channel")
    return list(rows.select_related(*names).order_by("-due_at", "id")[:200])


def chosen(audience: AudienceSpec, channels: Sequence[str]) -> list[Standing]:
    """Give each outlet on these channels with what its organisation chose for an audience."""
    plan = the_matrix().plan
    found = []
    for outlet in sorted(plan.outlets.values(), key=lambda one: (one.organisation, one.slug)):
        if outlet.channel not in channels:
            continue
        choice = plan.choices.get(f"{outlet.slug}/{audience.slug}")
        found.append(
            Standing(
                organisation=outlet.organisation,
                outlet=outlet.slug,
                channel=outlet.channel,
                use=choice.use if choice else None,
                reason=dict(choice.reason) if choice else {},
            )
        )
    return found


def hear(
    audience: str, message: str, channels: Sequence[str], *, seen: str, doer: Doer, now: datetime
) -> None:
    """Let an audience hear a message through these channels; through none: not at all.

    Raises:
        PlanError: it does not fit into the plan.
        Changed: somebody else changed the audience meanwhile.
        Refused: there is no such audience, or the doer may not.
    """
    with transaction.atomic():
        row = Audience.objects.filter(slug=audience, retired_at=None).first()
        if row is None:
            raise Refused(f"There is no audience “{audience}”.")
        said = _hearing(row.said, message, list(channels))
        edit("audience", said.model_dump(mode="json"), seen=seen, doer=doer, now=now)


def _hearing(said: AudienceSpec, message: str, channels: list[str]) -> AudienceSpec:
    """Give the audience with another row; what else the row says stays."""
    before = next((row for row in said.hears if row.message == message), None)
    others = [row for row in said.hears if row.message != message]
    if not channels:
        return said.model_copy(update={"hears": others})
    kept = before.model_dump() if before else {"message": message}
    row = HearsSpec.model_validate(kept | {"through": channels})
    hears = [row if one is before else one for one in said.hears] if before else [*others, row]
    return said.model_copy(update={"hears": hears})
