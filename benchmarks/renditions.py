"""Renditions a second, and personalised copies a second, against plain Jinja2 in the same run.

    .venv/bin/python -m benchmarks.renditions

Plain Jinja2 renders the templates that ship with no sandbox, no limits and no holes, and is given
the words ready-made; its MJML goes through the same mrml and css-inline.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.models.cell import Cell

os.environ.setdefault("DATABASE_URL", "postgresql:///unused")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "publisher.framework")

WORDS = """Dear {{ reader.name }},

this is the news of the month, number %d, from [the office](https://example.org/%d).

## What is new

""" + "\n\n".join(
    f"Paragraph {number} says *something* of interest to **everybody** who works on standards, "
    "in a few lines that are neither short nor long, and names [a page](https://example.org)."
    for number in range(12)
)
_FIELDS = 15
NAMES = ("subject.txt.j2", "preheader.txt.j2", "html.mjml.j2", "text.txt.j2")


def main(rounds: int) -> None:
    """Measure, and print a table."""
    import django

    django.setup()
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    from publisher.render import mjml, words
    from publisher.render.bench import Bench
    from publisher.render.cascade import templates
    from publisher.render.context import context
    from publisher.render.holes import SAMPLES
    from publisher.render.rendition import fill, render
    from publisher.render.sandbox import Html
    from tests.unit.render.cells import SHIPPED, SITE, cell

    cells = [cell(words=WORDS % (number, number), summary={"en": "x"}) for number in range(rounds)]
    made = [render(each, SHIPPED, site_url=SITE) for each in cells[:1]]

    def plain_environment(*, escape: bool) -> Environment:
        shipped = Html().filters
        kept = Environment(
            loader=FunctionLoader(
                lambda name: SHIPPED.source(name if "/" in name else f"newsletter/{name}")
            ),
            autoescape=escape,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        kept.filters |= {name: made for name, made in shipped.items() if name not in kept.filters}
        return kept

    html, text = plain_environment(escape=True), plain_environment(escape=False)
    loaded = {name: (html if ".mjml" in name else text).get_template(name) for name in NAMES}
    known = context(cells[0], SHIPPED, site_url=SITE)
    bench = Bench(known, templates(cells[0], SHIPPED))
    values = {**SAMPLES, "reader.name": "Anna Example"}
    names = {
        **known.names(),
        "words": bench.words,
        "reader": {"name": "Anna", "address": "anna@example.org"},
        "circular": {"number": "1", "date": "2000-01-01"},
        "unsubscribe_url": "https://example.org/leave",
        "preferences_url": "https://example.org/preferences",
        "view_url": "https://example.org/view",
    }

    def plain(_: int) -> None:
        parts = {name: template.render(names) for name, template in loaded.items()}
        mjml.html(parts["html.mjml.j2"], "")

    def plain_without_mjml(_: int) -> None:
        for template in loaded.values():
            template.render(names)

    branching = render(
        cell(words="{% if reader.name %}Good morning.{% endif %}\n\n" + WORDS % (1, 1)),
        SHIPPED,
        site_url=SITE,
    )
    circulated = render(_circulation(), SHIPPED, site_url=SITE)
    words_read = (words._tokens, words._html, words._text, words._opening)

    def new_words(at: int, caches) -> None:
        for cache in caches:
            cache.cache_clear()
        render(cells[at], SHIPPED, site_url=SITE)

    rows = [
        ("renditions: render(), new words each time", lambda at: new_words(at, words_read)),
        (
            "renditions: render(), the same words",
            lambda _: render(cells[0], SHIPPED, site_url=SITE),
        ),
        ("renditions: plain Jinja2 and the same MJML", plain),
        ("copies: fill(), only printed holes", lambda _: fill(made[0], values)),
        (
            "copies: fill(), a template that branches",
            lambda at: fill(branching, {**values, "reader.name": f"Reader {at}"}),
        ),
        (
            "copies: fill(), a circulation in 15 orders",
            lambda at: fill(circulated, {**values, "reader.committees": f"iso-tc-{at % _FIELDS}"}),
        ),
        ("copies: plain Jinja2, templates alone", plain_without_mjml),
        ("copies: plain Jinja2 and the same MJML", plain),
    ]
    print(f"{'':46}{'a second':>12}{'ms each':>10}")
    for title, work in rows:
        each = seconds(work, rounds)
        print(f"{title:46}{1 / each:>12,.0f}{1000 * each:>10.3f}")


def _circulation() -> Cell:
    """Give a circulation of 75 proposals, each field of which another committee follows."""
    from publisher.flows.materials import sample
    from tests.unit.render.cells import cell

    said = sample("circulation")
    line = said["sections"][0]["lines"][0]
    sections = [
        {
            "slug": f"field-{at}",
            "name": f"Field {at}",
            "followers": [f"iso-tc-{at}"],
            "lines": [{**line, "identifier": f"ISO/NP {at}{number}"} for number in range(5)],
        }
        for at in range(_FIELDS)
    ]
    material = {"circulation": {**said, "sections": sections}}
    return replace(cell("circulation"), material=material)


def seconds(work: Callable[[int], object], rounds: int) -> float:
    """Give how long one takes, the best of three runs."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        for at in range(rounds):
            work(at)
        best = min(best, (time.perf_counter() - began) / rounds)
    return best


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=300)
    main(parser.parse_args().rounds)
