"""Which address shows which page."""

from django.urls import URLPattern, URLResolver, path, re_path
from django.views.generic import RedirectView

from publisher.web.desk.urls import routes as desk
from publisher.web.later import Later
from publisher.web.public import (
    archive,
    circulars,
    errors,
    events,
    files,
    front,
    health,
    hooks,
    intake,
    leave,
    mailbox,
    occasions,
    pictures,
    preferences,
    propose,
    subscribe,
    timeline,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.front),
    path("archive/", archive.archive),
    re_path(r"^archive/(?P<key>[0-9a-f]{20})/$", archive.issue),
    path("circulars/", circulars.register),
    path("circulars/<path:path>", files.circulars),
    path("lists/<path:path>", files.lists),
    path("calendar.ics", events.calendar),
    path("events/", occasions.occasions),
    path("events/<slug:slug>/", occasions.occasion),
    path("events/confirm/<str:token>", occasions.confirm),
    path("events/seat/<str:token>", occasions.seat_of_mail),
    path("events/<slug:slug>/seat/<str:token>", occasions.seat),
    path("events/<slug:slug>/join/<str:token>/<str:sitting>", occasions.join),
    path("site/", files.site, {"path": ""}),
    path("site/<path:path>", files.site),
    path("feeds/<path:path>", files.feeds),
    re_path(r"^pictures/(?P<sha256>[0-9a-f]{64})\.(?P<ending>[a-z]{3,4})$", pictures.picture),
    path("propose/", propose.organisations),
    path("propose/confirm/<str:token>", propose.confirm),
    path("propose/<slug:slug>/", propose.propose),
    path("propose/<slug:slug>/alike", propose.alike),
    path("proposal/<str:token>", propose.status),
    re_path(r"^proposal/(?P<token>[^/]+)/proposal\.(?P<ending>docx|json)$", propose.paper),
    path("intake/", intake.intake),
    path("intake/alike", intake.alike),
    path("intake/confirm/<str:token>", intake.confirm),
    path("intake/status/<str:token>", intake.status),
    path("subscribe/", subscribe.subscribe),
    path("confirm/<str:token>", subscribe.confirm),
    path("preferences/", preferences.without_token),
    path("preferences/<str:token>", preferences.preferences),
    path("leave/", leave.without_token),
    path("leave/<str:token>", leave.leave),
    path("capture/mail/", mailbox.mails),
    path("capture/mail/<str:name>/", mailbox.mail),
    path("capture/mail/<str:name>/html", mailbox.html),
    path("capture/mail/<str:name>/part/<int:number>", mailbox.part),
    path("capture/timeline/", timeline.timeline),
    path("capture/timeline/pictures/<str:name>", timeline.picture),
    path("capture/timeline/<str:key>/", timeline.post),
    path("hooks/sendgrid/<slug:outlet>", hooks.sendgrid),
    path("healthz", health.healthz),
    path("metrics", health.metrics),
    path("robots.txt", files.robots),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg")),
    path("static/<path:path>", files.static),
    *desk,
    Later("api/v1/", "publisher.web.api.urls"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler429 = errors.too_many  # allauth's own name for it
handler404 = errors.not_found
handler500 = errors.broken
