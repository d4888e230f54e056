"""The desk's parts in the order of the work, and all their pages."""

from __future__ import annotations

from publisher.web.desk import approvals, going_out, plan, today
from publisher.web.desk.area import Area

AREAS: tuple[Area, ...] = (today.area, approvals.area, going_out.area, plan.area)

routes = [route for area in AREAS for route in area.routes]
