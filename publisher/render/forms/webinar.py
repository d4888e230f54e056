"""A webinar: an invitation to something held online, reminders of it, and what follows."""

from __future__ import annotations

from typing import ClassVar

from publisher.render.invitation import Invitation


class Webinar(Invitation):
    """See the module."""

    name: ClassVar[str] = "webinar"


form = Webinar()
