"""What is being sent, what is held up and what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.flows.rights import organisations
from publisher.flows.uncertain import uncertain
from publisher.kit import clock
from publisher.models import Act, Outlet
from publisher.web.desk.door import person
from publisher.web.desk.going_out.progress import UNDER_WAY, shown
from publisher.web.desk.screen import screen, spoken
from publisher.web.names import Names


@require_safe
def going_out(request: HttpRequest) -> HttpResponse:
    """Live progress, a placement a row."""
    return page(request)


def page(request: HttpRequest, *, problems: Sequence[str] = (), status: int = 200) -> HttpResponse:
    """Show the page, with what could not be done."""
    rows = list(shown(clock.now()))
    mine = organisations(person(request), Act.PUBLISH)
    return screen(
        request,
        "going_out/going_out",
        at="going-out",
        status=status,
        rows=rows,
        doubtful=uncertain(),
        under_way=any(row.state in UNDER_WAY for row in rows),
        mine=set(Outlet.objects.filter(organisation__slug__in=mine).values_list("id", flat=True)),
        may_hold=bool(mine),
        may_search=bool(organisations(person(request), Act.READERS)),
        names=Names(spoken(request).tag),
        problems=problems,
    )
