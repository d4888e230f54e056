"""Proposals: new work that was proposed on a form, with what is like it, until it is decided."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.proposals.filing import file
from publisher.web.desk.proposals.views import confirm, one, owners, paper, proposals, refuse
from publisher.web.desk.proposals.whose import taker

area = Area(
    name="proposals",
    act=Act.EDIT,
    routes=(
        desk("proposals/", proposals, Act.EDIT, name="proposals"),
        desk("proposals/<int:pk>/", one, Act.EDIT, owners, name="proposal"),
        desk("proposals/<int:pk>/confirm/", confirm, Act.EDIT, owners, name="proposal-confirm"),
        desk("proposals/<int:pk>/refuse/", refuse, Act.EDIT, owners, name="proposal-refuse"),
        desk("proposals/<int:pk>/form.<str:ending>", paper, Act.EDIT, owners, name="proposal-form"),
        desk("proposals/file/<slug:slug>/", file, Act.EDIT, taker, name="proposal-file"),
    ),
)
