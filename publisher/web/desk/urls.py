"""The desk's parts in the order of the work, and all their pages."""

from __future__ import annotations

from publisher.web.desk import (
    approvals,
    calendar,
    entry,
    going_out,
    hooks,
    intake,
    matrix,
    menu,
    people,
    plan,
    proposals,
    readers,
    today,
)
from publisher.web.desk.area import Area
from publisher.web.desk.sign_in.routes import routes as sign_in

AREAS: tuple[Area, ...] = (
    today.area,
    calendar.area,
    matrix.area,
    menu.area,
    entry.area,
    approvals.area,
    going_out.area,
    proposals.area,
    intake.area,
    readers.area,
    plan.area,
    people.area,
    hooks.area,
)

routes = [*sign_in, *(route for area in AREAS for route in area.routes)]
