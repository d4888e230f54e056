"""An invitation to external organisations: a page that leads to the form for their offers."""

from __future__ import annotations

from typing import ClassVar

from publisher.render.forms.page import Page


class Intake(Page):
    """See the module."""

    name: ClassVar[str] = "intake"


form = Intake()
