"""A social post or a thread of them, cut to its network's own unit, never in mid-word.

Words written for this form or channel go out as they were typed; a line of three hyphens begins
the thread's next post. An entry without such words is posted as its title and summary. The
entry's link is added to the last post with room for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from publisher.kit.text import without_controls
from publisher.models.cell import Cell
from publisher.models.content import Content
from publisher.models.errors import Problem
from publisher.render import checks
from publisher.render.bench import Bench
from publisher.render.counting import fits
from publisher.render.limits import Limits, networks
from publisher.render.look import Look

#: what a template prints between the posts of a thread
_BETWEEN = re.compile(r"^-{3,}$", re.MULTILINE)


class Post(Look):
    """See the module."""

    name: ClassVar[str] = "post"
    addressed_to: ClassVar[Literal["readers", "endpoint"]] = "endpoint"
    templates: ClassVar[tuple[str, ...]] = ("text.txt.j2",)

    def compose(self, bench: Bench) -> dict[str, str]:
        """Give 1, 2, … and link; where the network shows a card of the page, its words too."""
        text = without_controls(bench.part("text.txt.j2"))
        posts = [part.strip() for part in _BETWEEN.split(text) if part.strip()] or [""]
        entry, limits = bench.context.entry, networks()[bench.context.network]
        linked = with_link(posts, entry.link, limits)
        thread = {str(at): post for at, post in enumerate(linked, 1)}
        card = {"title": entry.title, "summary": entry.summary}
        return {**thread, "link": entry.link, **(card if limits.card and entry.link else {})}

    def check(self, cell: Cell, content: Content) -> Sequence[Problem]:
        """Say what the network would refuse."""
        return checks.posts(cell, content)


def with_link(posts: Sequence[str], link: str, limits: Limits) -> list[str]:
    """Add the link to the last post that has room for it, else as a post of its own."""
    if not link or any(link in post for post in posts):
        return list(posts)
    for at in range(len(posts) - 1, -1, -1):
        longer = f"{posts[at]}\n\n{link}"
        if fits(longer, limits):
            return [*posts[:at], longer, *posts[at + 1 :]]
    return [*posts, link]


form = Post()
