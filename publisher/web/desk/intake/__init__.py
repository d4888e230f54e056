"""Intake: what organisations from outside offer, and the answers that were promised them."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.intake.views import answer, assign, close, intakes, one, owners

area = Area(
    name="intake",
    act=Act.EDIT,
    routes=(
        desk("intake/", intakes, Act.EDIT, name="intake"),
        desk("intake/<int:pk>/", one, Act.EDIT, owners, name="intake-one"),
        desk("intake/<int:pk>/assign/", assign, Act.EDIT, owners, name="intake-assign"),
        desk("intake/<int:pk>/answer/", answer, Act.EDIT, owners, name="intake-answer"),
        desk("intake/<int:pk>/close/", close, Act.EDIT, owners, name="intake-close"),
    ),
)
