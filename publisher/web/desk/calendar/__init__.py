"""Calendar: what comes on which day, and moving it to another, with what follows said first."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.calendar.feeds import feeds, make, revoke, subscription
from publisher.web.desk.calendar.moves import entry_owners, move
from publisher.web.desk.calendar.new import begin
from publisher.web.desk.calendar.views import calendar, spreadsheet
from publisher.web.desk.door import desk

area = Area(
    name="calendar",
    routes=(
        desk("calendar/", calendar, name="calendar"),
        desk("calendar/entries.csv", spreadsheet, name="calendar-csv"),
        desk("calendar/new/", begin, Act.EDIT, name="calendar-new"),
        desk(
            "calendar/move/<slug:entry>/<str:occurrence>/",
            move,
            Act.EDIT,
            entry_owners,
            name="calendar-move",
        ),
        desk("calendar/feeds/", feeds, name="calendar-feeds"),
        desk("calendar/feeds/make", make, name="calendar-feed-make"),
        desk("calendar/feeds/<int:number>/revoke", revoke, name="calendar-feed-revoke"),
        subscription,
    ),
)
