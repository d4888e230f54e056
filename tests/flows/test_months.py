"""The ledger is kept by months: each is written, looked at and taken out on its own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from publisher.flows import ledger, months
from publisher.flows.address import begin
from publisher.flows.settle import Answer, settling
from publisher.kit import clock
from publisher.models import (
    AuditRow,
    Delivery,
    DeliveryState,
    Feedback,
    FeedbackKind,
    Placement,
    PlacementState,
)
from publisher.models.errors import Refused
from tests.faults.sending import agreed, newsletter
from tests.rows import rows

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2021, 12, 31, 23, 30, tzinfo=UTC)


def partition(delivery: Delivery) -> str:
    """Give the table that a row is in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM publisher_delivery WHERE id = %s", [delivery.pk]
        )
        return cursor.fetchone()[0]


def addressed(now: datetime) -> Placement:
    made = rows()
    agreed(made, 3)
    placement = made.placement(state=PlacementState.SENDING)
    begin(placement.occurrence_id, now=now)
    placement.refresh_from_db()
    return placement


def names() -> list[date]:
    return [month.begins for month in months.months()]


def test_a_placements_rows_are_in_the_month_it_was_addressed_in():
    """By the calendar of UTC, and with room for the months that follow."""
    placement = addressed(LONG_AGO)

    assert placement.month == date(2021, 12, 1)
    assert {partition(row) for row in Delivery.objects.all()} == {"publisher_delivery_2021_12"}
    assert [date(2021, 12, 1), date(2022, 1, 1), date(2022, 2, 1)] == names()[:3]


def test_room_is_made_once():
    """However often it is asked for."""
    months.make_room(now=LONG_AGO)
    before = names()

    months.make_room(now=LONG_AGO)

    assert names() == before


@pytest.mark.parametrize("what", ["claim", "settle"])
def test_hand_over_looks_at_one_month_alone(what):
    """What sends a million mails does not ask each month of ten years for each of them."""
    placement = newsletter(1, readers=3)
    placement.refresh_from_db()
    months.make_room(now=LONG_AGO)
    number, month = placement.pk, placement.month
    rows = list(Delivery.objects.values_list("pk", flat=True))
    answers = [Answer(delivery=row, state=DeliveryState.QUEUED) for row in rows]
    sql, given = settling(number, month, answers, was=DeliveryState.QUEUED)
    if what == "claim":
        sql = ledger._CLAIM.decode()
        given = {"placement": number, "month": month, "reached": -1}
        given |= {"now": clock.now(), "count": 5, "journal": "here"}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) " + sql, given)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert set(re.findall(r"publisher_delivery_\d{4}_\d\d", plan)) == {
        f"publisher_delivery_{clock.now():%Y_%m}"
    }


def test_an_old_month_is_taken_out_as_a_whole():
    """Once all of it is finished; its figures stay with the placements."""
    placement = addressed(LONG_AGO)
    delivery = Delivery.objects.first()
    Feedback.objects.create(
        delivery=delivery,
        month=delivery.month,
        kind=FeedbackKind.BOUNCED,
        key="an event",
        at=LONG_AGO,
    )
    with pytest.raises(Refused, match="Of 2021-12 1 placements are not finished"):
        months.take_out(placement.month, now=clock.now())

    Delivery.objects.update(state=DeliveryState.ACCEPTED)
    Placement.objects.update(state=PlacementState.FINISHED, accepted=3)
    taken = months.take_out(placement.month, now=clock.now())

    assert taken == ["publisher_delivery_2021_12", "publisher_feedback_2021_12"]
    assert not Delivery.objects.exists()
    assert not Feedback.objects.exists()
    assert Placement.objects.get().accepted == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publisher_delivery_2021_12")
        assert cursor.fetchone() == (3,)
    assert AuditRow.objects.get(act="ledger.take_out").thing == "2021-12"


@pytest.mark.parametrize(
    ("begins", "sentence"), [(date(1999, 1, 1), "has no 1999-01"), (None, "is not over")]
)
def test_what_is_no_old_month_is_refused(begins, sentence):
    """With what it is."""
    now = clock.now()
    months.make_room(now=now)

    with pytest.raises(Refused, match=sentence):
        months.take_out(begins or months.month_of(now), now=now)
