"""What programs may ask for and do, a part of the desk each."""

from publisher.web.api.areas import (
    approvals,
    calendar,
    entries,
    going_out,
    hooks,
    intake,
    matrix,
    me,
    menu,
    people,
    plan,
    proposals,
    readers,
    readers_files,
    today,
    writing,
)
from publisher.web.api.door import Area

#: in the order of the reference, which is that of the desk
AREAS: tuple[Area, ...] = (
    me.area,
    today.area,
    calendar.area,
    matrix.area,
    menu.area,
    entries.area,
    writing.area,
    approvals.area,
    going_out.area,
    going_out.deliveries_area,
    proposals.area,
    intake.area,
    readers.area,
    readers_files.area,
    plan.area,
    people.area,
    hooks.area,
)
