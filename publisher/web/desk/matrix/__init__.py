"""Matrix: who is to hear what through what, and what became of it; holes are filled from here."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk
from publisher.web.desk.matrix.square import audience_owners, hears, square
from publisher.web.desk.matrix.views import matrix, spreadsheet

area = Area(
    name="matrix",
    routes=(
        desk("matrix/", matrix, name="matrix"),
        desk("matrix/matrix.csv", spreadsheet, name="matrix-csv"),
        desk("matrix/<slug:audience>/<slug:message>/", square, name="matrix-square"),
        desk(
            "matrix/<slug:audience>/<slug:message>/hears",
            hears,
            Act.EDIT,
            audience_owners,
            name="matrix-hears",
        ),
    ),
)
