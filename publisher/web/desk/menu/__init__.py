"""The menu: each organisation chooses its outlets, connects their accounts, and sets their ways."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.menu.outlet import connected, forgotten, outlet, tried
from publisher.web.desk.menu.views import chosen, menu
from publisher.web.desk.menu.whose import of_outlet

area = Area(
    name="menu",
    routes=(
        desk("menu/", menu, name="menu"),
        desk("menu/choose/<slug:slug>", chosen, Act.EDIT, of_outlet, name="choose"),
        desk("menu/outlets/<slug:slug>/", outlet, Act.VIEW, of_outlet, name="outlet"),
        desk(
            "menu/outlets/<slug:slug>/connect",
            connected,
            Act.ADMINISTER,
            of_outlet,
            name="outlet-connect",
        ),
        desk("menu/outlets/<slug:slug>/try", tried, Act.ADMINISTER, of_outlet, name="outlet-try"),
        desk(
            "menu/outlets/<slug:slug>/forget",
            forgotten,
            Act.ADMINISTER,
            of_outlet,
            name="outlet-forget",
        ),
    ),
)
