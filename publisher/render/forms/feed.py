"""An item of a feed: title, summary, and HTML that any feed reader may show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal
from urllib.parse import urljoin

import nh3

from publisher.kit.text import one_line, without_controls
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.look import Look

TAGS = {
    *("a", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h2", "h3", "h4", "h5", "h6"),
    *("hr", "img", "li", "ol", "p", "pre", "s", "strong", "table", "tbody", "td", "th", "thead"),
    *("tr", "ul"),
}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "p": {"dir", "lang"}}


class Feed(Look):
    """See the module."""

    name: ClassVar[str] = "feed"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "endpoint"
    templates: ClassVar[tuple[str, ...]] = ("title.txt.j2", "summary.txt.j2", "html.html.j2")

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give title, summary, html and link; the link is empty when the item is all there is."""
        return {
            "title": one_line(bench.part("title.txt.j2")),
            "summary": one_line(bench.part("summary.txt.j2")),
            "html": clean(bench.part("html.html.j2"), f"{bench.context.site_url}/"),
            "link": bench.context.entry.link,
        }

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what a feed reader would not show."""
        return checks.page(cell, content)


def clean(html: str, base: str) -> str:
    """Keep the elements that carry meaning, with absolute links and no control characters."""

    def absolute(_element: str, attribute: str, value: str) -> str:
        return urljoin(base, value) if attribute in ("href", "src") else value

    return nh3.clean(
        without_controls(html),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        attribute_filter=absolute,
        link_rel=None,
    ).strip()


form = Feed()
