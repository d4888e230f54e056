"""Approvals: exactly the words that will go out, and a yes, a no or a not yet to them."""

from publisher.web.desk.approvals.views import listed, sheet, vote
from publisher.web.desk.approvals.words import attachment, frozen
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk

area = Area(
    name="approvals",
    routes=(
        desk("approvals/", listed, name="approvals"),
        desk("approvals/<slug:entry>/<str:occurrence>/", sheet, name="approval"),
        desk("approvals/<slug:entry>/<str:occurrence>/vote", vote, name="vote"),
        desk("words/<str:key>/", frozen, name="words"),
        desk("words/<str:key>/<int:number>", attachment, name="words-file"),
    ),
)
