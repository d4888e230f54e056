"""Today: what goes out next, what waits for whom, what went wrong, and which promises are late."""

from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.today.views import today

area = Area(name="today", routes=(desk("", today, name="today"),))
