"""The matrix as it stands: who is to hear what, and what became of it, read set-wise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from publisher.flows.audit import Doer
from publisher.flows.edit import edit
from publisher.flows.standing import fingerprint, fingerprint_of
from publisher.flows.stored_plan import stored_matrix
from publisher.models import (
    Audience,
    Channel,
    Choice,
    Entry,
    KeyMessage,
    Organisation,
    Outlet,
    Placement,
)
from publisher.models.errors import Refused
from publisher.models.specs import AudienceSpec
from publisher.schedule.heard import Heard, Square, Told, squares
from publisher.schedule.matrix import Matrix, Row, wholes

Json = dict[str, Any]


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
    return _in_force().matrix


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A matrix with what is made of it."""

    seen: str
    matrix: Matrix
    rows: dict[str, list[Row]]  #: by the organisation that they count only

    def of(self, organisation: str) -> list[Row]:
        """Give its rows."""
        if organisation not in self.rows and organisation not in {
            "",
            *self.matrix.plan.organisations,
        }:
            return self.matrix.rows((), organisation=organisation)  # anybody can ask for any word
        if organisation not in self.rows:
            self.rows[organisation] = self.matrix.rows((), organisation=organisation or None)
        return self.rows[organisation]


def _in_force() -> _Kept:
    global _kept  # noqa: PLW0603  # one matrix is in force, and checking it takes longer than a page may
    seen = fingerprint(_FINGERPRINT)
    if _kept is None or _kept.seen != seen:
        _kept = _Kept(seen=seen, matrix=Matrix(stored_matrix()), rows={})
    return _kept


_kept: _Kept | None = None
_FINGERPRINT = fingerprint_of(Organisation, Channel, Outlet, Choice, Audience, KeyMessage)


def the_squares(*, organisation: str = "") -> list[Square]:
    """Give every square in which something is promised.

    Args:
        organisation: count only what goes through its outlets; empty: all.
    """
    kept = _in_force()
    told = _told(kept.matrix, organisation)
    return squares(kept.of(organisation), told, parts=kept.matrix.plan)


def _told(matrix: Matrix, organisation: str) -> dict[Told, Heard]:
    from publisher.render.rendition import forms

    readers = [
        slug
        for slug, channel in matrix.plan.channels.items()
        if channel.form in forms() and forms()[channel.form].addressed_to == "readers"
    ]
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"organisation": organisation, "readers": readers})
        rows = cursor.fetchall()
    return _by_message(rows)


def _by_message(rows: Iterable[tuple[int, int, int, int]]) -> dict[Told, Heard]:
    """Say of each message of an entry what was counted of the entry."""
    audiences = dict(Audience.objects.values_list("id", "slug"))
    channels = dict(Channel.objects.values_list("id", "slug"))
    messages = _messages()
    far: dict[Told, int] = {}
    for entry, audience, channel, came in rows:
        for message in messages.get(entry, ()):
            told = (audiences[audience], message, channels[channel])
            if came > far.get(told, 0):
                far[told] = came
    return {told: _HEARD[came] for told, came in far.items()}


def _messages() -> dict[int, tuple[str, ...]]:
    """Give each entry's messages, by its id: read once while none is written."""
    global _said  # noqa: PLW0603  # an entry's spec is long, and thousands take longer than a page may
    seen = fingerprint(_ENTRIES)
    if _said is None or _said[0] != seen:
        rows = Entry.objects.values_list("id", "spec__messages")
        _said = (seen, {pk: tuple(slugs) for pk, slugs in rows})
    return _said[1]


_said: tuple[str, dict[int, tuple[str, ...]]] | None = None
_ENTRIES = fingerprint_of(Entry)
_HEARD = {int(one): one for one in Heard}

# How far each came, as the numbers of `Heard`. What is said of an endpoint is published; readers
# hear mails.
_TOLD = """
WITH through AS MATERIALIZED (
    SELECT u.id, u.channel_id, c.slug = ANY(%(readers)s) AS to_readers
    FROM publisher_outlet u
    JOIN publisher_channel c ON c.id = u.channel_id
    JOIN publisher_organisation g ON g.id = u.organisation_id
    WHERE %(organisation)s = '' OR g.slug = %(organisation)s
)
SELECT o.entry_id, p.audience_id, t.channel_id, max(CASE
    WHEN p.accepted > 0 AND t.to_readers THEN 4
    WHEN p.state = 'finished' OR p.state = 'cancelled' AND p.accepted > 0 THEN 3
    WHEN p.state IN ('planned', 'missed', 'sending', 'paused') THEN 2
    ELSE 1 END)
FROM publisher_placement p
JOIN publisher_occurrence o ON o.id = p.occurrence_id
JOIN through t ON t.id = p.outlet_id
GROUP BY o.entry_id, p.audience_id, t.channel_id
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
        said = row.said.model_dump(mode="json")
        said["hears"] = _hearing(said["hears"], message, list(channels))
        edit("audience", said, seen=seen, doer=doer, now=now)


def _hearing(hears: list[Json], message: str, channels: list[str]) -> list[Json]:
    """Give an audience's rows with another one; what else the row says stays."""
    before = next((row for row in hears if row["message"] == message), None)
    others = [row for row in hears if row["message"] != message]
    if not channels:
        return others
    row = {**(before or {"message": message}), "through": channels}
    return [row if one is before else one for one in hears] if before else [*others, row]
