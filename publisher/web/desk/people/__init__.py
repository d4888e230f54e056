"""People: who may do what for which organisation, who was invited, and who did what."""

from publisher.models import Act
from publisher.web.desk.area import Area
from publisher.web.desk.door import desk, fresh
from publisher.web.desk.people import trail, views

_ADMINISTER = Act.ADMINISTER
area = Area(
    name="people",
    act=_ADMINISTER,
    routes=(
        desk("people/", views.people, _ADMINISTER, name="people"),
        desk("people/invite/", fresh(views.invite), _ADMINISTER, name="people-invite"),
        desk("people/invitations/<int:invitation>/take-back/", fresh(views.take_back),
             _ADMINISTER, views.invitations_owners, name="people-take-back"),
        desk("people/second-factor/<slug:organisation>/", fresh(views.second_factor), _ADMINISTER,
             views.organisations_owner, name="people-second-factor"),
        desk("people/<int:pk>/", views.one, _ADMINISTER, views.owners, name="person"),
        desk("people/<int:pk>/roles/", fresh(views.roles), _ADMINISTER, views.owners,
             name="person-roles"),
        desk("people/<int:pk>/switch/", fresh(views.switch), _ADMINISTER, views.owners,
             name="person-switch"),
        desk("people/<int:pk>/sessions/", fresh(views.sign_out), _ADMINISTER, views.owners,
             name="person-sessions"),
        desk("trail/", trail.trail, _ADMINISTER, name="trail"),
        desk("trail.csv", trail.table, _ADMINISTER, name="trail-table"),
    ),
)  # fmt: skip
