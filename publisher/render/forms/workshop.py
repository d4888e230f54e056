"""A workshop: an invitation to something held at a place, reminders of it, and what follows."""

from __future__ import annotations

from typing import ClassVar

from publisher.render.invitation import Invitation


class Workshop(Invitation):
    """See the module."""

    name: ClassVar[str] = "workshop"


form = Workshop()
