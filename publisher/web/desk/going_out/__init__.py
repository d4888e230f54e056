"""Going out: what is being sent, held up or in doubt, and every delivery with its history."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.going_out.acts import act, decided, hold_all
from publisher.web.desk.going_out.deliveries import delivery, found
from publisher.web.desk.going_out.progress import stream
from publisher.web.desk.going_out.views import going_out
from publisher.web.desk.going_out.whose import of_delivery, of_entry, of_placement

area = Area(
    name="going-out",
    routes=(
        desk("going-out/", going_out, name="going-out"),
        desk("going-out/stream", stream, name="going-out-stream"),
        desk("going-out/hold-all", hold_all, Act.PUBLISH, name="hold-all"),
        desk("going-out/act/<str:key>", act, Act.PUBLISH, of_placement, name="going-out-act"),
        desk("going-out/decide/<slug:entry>", decided, Act.PUBLISH, of_entry, name="decide"),
        desk("deliveries/", found, Act.READERS, name="deliveries"),
        desk("deliveries/<int:number>/", delivery, Act.READERS, of_delivery, name="delivery"),
    ),
)
