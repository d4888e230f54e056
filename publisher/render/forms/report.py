"""A report of what really happened in a period, as HTML, PDF/UA and Word from one body."""

from __future__ import annotations

from typing import ClassVar

from publisher.render.documents.document import Document


class Report(Document):
    """See the module."""

    name: ClassVar[str] = "report"
    contents: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = ("period_figures",)


form = Report()
