"""Moving an entry across summer time in a real browser: dragged, by the keyboard, and in Arabic."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings

from publisher.kit import clock
from publisher.models import Occurrence
from tests.desk.people import desk_of, person
from tests.flows.stored import entry, joint_plan, store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.browser]


def last_sunday(year: int, month: int) -> datetime:
    """Give the day on which clocks in Zurich change: Directive 2000/84/EC."""
    day = datetime(year, month, 31)  # noqa: DTZ001  # a wall time
    return day - timedelta(days=(day.weekday() + 1) % 7)


def wall() -> tuple[str, int]:
    row = Occurrence.objects.get()
    return f"{row.at_local:%Y-%m-%d %H:%M}", row.due_at.hour


def test_an_entry_is_moved_by_hand_and_by_the_keyboard(chromium, server):
    """Ten o'clock stays ten o'clock on the wall, whichever way it gets there."""
    change = last_sunday(clock.now().year + 1, 3)
    before, after = change - timedelta(days=2), change + timedelta(days=1)
    store(joint_plan(entry(when=f"{before:%Y-%m-%d} 10:00", speaks_for=["iso"])), now=clock.now())
    client = desk_of(person("ana", "publisher", "iso"))
    context = chromium.new_context(viewport={"width": 1280, "height": 1100})
    context.set_default_timeout(10_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server}])
    page = context.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.on("console", lambda said: failed.append(said.text) if said.type == "error" else None)
    month = f"{server}/desk/calendar/?view=week&day={before:%Y-%m-%d}"
    if before.isocalendar()[1] != after.isocalendar()[1]:
        month = f"{server}/desk/calendar/?month={after:%Y-%m}"

    # Dragged from Friday to Monday.
    page.goto(month)
    page.drag_and_drop("li.item", f"td[data-day='{after:%Y-%m-%d}']")
    page.get_by_text("it stays 10:00 on the wall").wait_for()
    page.get_by_role("button", name="Move it").click()
    page.get_by_role("status").get_by_text("Moved").wait_for()
    assert wall() == (f"{after:%Y-%m-%d} 10:00", 8)

    # Back by the keyboard: along the days with arrows, then by the form.
    days = page.locator(f"td[data-day='{after:%Y-%m-%d}'] a.day")
    days.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.closest('td').dataset.day") == f"{change:%Y-%m-%d}"
    page.locator("li.item a.move").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Day").fill(f"{before:%Y-%m-%d}")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move it").wait_for()
    page.keyboard.press("Enter")  # the button has the focus
    page.get_by_role("status").get_by_text("Moved").wait_for()
    assert wall() == (f"{before:%Y-%m-%d} 10:00", 9)

    # Right to left, the left arrow goes on.
    page.goto(f"{month}&lang=ar")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator(f"td[data-day='{before:%Y-%m-%d}'] a.day").focus()
    page.keyboard.press("ArrowLeft")
    there = page.evaluate("document.activeElement.closest('td').dataset.day")
    assert there == f"{before + timedelta(days=1):%Y-%m-%d}"
    assert failed == []
    context.close()
