"""Hooks: programs that are told what happens in Publisher, and how telling them went."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.hooks.views import (
    add,
    again,
    changed,
    hook,
    hooks,
    owners,
    removed,
    rotated,
    switched,
    tested,
)

_ONE = "hooks/<int:hook>/"

area = Area(
    name="hooks",
    act=Act.ADMINISTER,
    routes=(
        desk("hooks/", hooks, Act.ADMINISTER, name="hooks"),
        desk("hooks/add", add, Act.ADMINISTER, name="hook-add"),
        desk(_ONE, hook, Act.ADMINISTER, owners, name="hook"),
        desk(f"{_ONE}change", changed, Act.ADMINISTER, owners, name="hook-change"),
        desk(f"{_ONE}test", tested, Act.ADMINISTER, owners, name="hook-test"),
        desk(f"{_ONE}rotate", rotated, Act.ADMINISTER, owners, name="hook-rotate"),
        desk(f"{_ONE}switch", switched, Act.ADMINISTER, owners, name="hook-switch"),
        desk(f"{_ONE}remove", removed, Act.ADMINISTER, owners, name="hook-remove"),
        desk(f"{_ONE}again/<int:call>", again, Act.ADMINISTER, owners, name="hook-again"),
    ),
)
