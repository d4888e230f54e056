"""Notice that the database was restored from a back-up, before anything is sent from it again.

A back-up knows nothing of what went out since it was made. Each machine that sends keeps, beside
its journals, the last *beat* it saw in the database; the database has the same number. Where the
database is behind, is another one than it was, or went back and on along another timeline, it has
been restored: a new *epoch* begins, and whatever may have gone out waits for a person.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import psycopg
from django.db import DatabaseError, connection, transaction

from publisher.flows.journals import journals
from publisher.flows.restored import hold_back
from publisher.kit.witness import Beat, Handed, Witness
from publisher.models import Epoch

#: after a silence longer than this, another timeline is a restored back-up; a standby that is
#: promoted takes over sooner
SILENCE = timedelta(minutes=10)
BREATH = timedelta(seconds=5)  #: how often hand-overs beat
_LOCK = 5075_1004  #: of the transaction that looks; any number of ours


def guard(*, now: datetime, by_hand: bool = False) -> int:
    """Hold back what may have gone out if the database was restored; give how much that is.

    To be called before anything is handed over, by each process that may do so, and by each run
    whose database was away.

    Args:
        now: aware.
        by_hand: a person says that it was restored, as after a disk was set back as a whole.
    """
    witness, held = _witness(), 0
    with transaction.atomic():
        _alone()
        server, timeline = _server()
        epoch = Epoch.objects.order_by("-id").first()
        if epoch is None:
            epoch = _begin(server, timeline, now)
        elif by_hand or _restored(epoch, witness.beat(), server, timeline, now):
            held = hold_back(witness.handed_over(), now=now)
            epoch = _begin(server, timeline, now)
        epoch.timeline = timeline
        _beat(epoch, now)
    witness.see(Beat(epoch=epoch.name, number=epoch.beat))
    return held


def beat(*, now: datetime) -> None:
    """Say, in the database and on this machine's disk, that this life goes on."""
    with transaction.atomic():
        epoch = Epoch.objects.select_for_update().order_by("-id").first()
        if epoch is None:
            return
        _beat(epoch, now)
    _witness().see(Beat(epoch=epoch.name, number=epoch.beat))


def handed_over(placement: str, answers: int, *, now: datetime) -> None:
    """Remember on this machine's disk that a run handed over something of a placement."""
    if not answers:
        return
    _witness().hand_over(Handed(at=now, placement=placement, answers=answers))
    # A thousand runs may end in the same second.
    if not Epoch.objects.filter(beaten_at__gt=now - BREATH).exists():
        beat(now=now)


def _restored(epoch: Epoch, seen: Beat | None, server: str, timeline: int, now: datetime) -> bool:
    if epoch.server != server:
        return True
    if epoch.timeline != timeline and now - epoch.beaten_at > SILENCE:
        return True
    if seen is None:
        return False  # a machine that is new
    if seen.epoch == epoch.name:
        return seen.number > epoch.beat
    # A machine that was away meanwhile knows an older life; one this database has never had is
    # that of what was restored over.
    return not Epoch.objects.filter(name=seen.epoch).exists()


def _begin(server: str, timeline: int, now: datetime) -> Epoch:
    return Epoch.objects.create(
        name=secrets.token_hex(16), began_at=now, beaten_at=now, server=server, timeline=timeline
    )


def _beat(epoch: Epoch, now: datetime) -> None:
    epoch.beat += 1
    epoch.beaten_at = now
    epoch.save()


def _server() -> tuple[str, int]:
    """Give which cluster and database this is, and on which timeline; 0 where that is a secret."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        (database,) = cursor.fetchone() or (0,)
        try:
            with transaction.atomic():
                cursor.execute(_CLUSTER)
                cluster, timeline = cursor.fetchone() or ("", 0)
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                raise
            cluster, timeline = "", 0
    return f"{cluster}/{database}", timeline


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _witness() -> Witness:
    return Witness(journals() / "witness")


_CLUSTER = """
SELECT s.system_identifier::text, c.timeline_id
FROM pg_control_system() s, pg_control_checkpoint() c
"""
