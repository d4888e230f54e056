"""A part of the desk: a line of its menu, and the pages beneath it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import URLPattern

from publisher.models import Act


@dataclass(frozen=True, kw_only=True)
class Area:
    """One part; each package beside this file gives one as `area`."""

    name: str  #: of its first page's address, and of its sentence `desk.menu.<name>`
    act: Act = Act.VIEW  #: whoever may do it nowhere does not see the line
    routes: tuple[URLPattern, ...]  #: each made by `door.desk`
