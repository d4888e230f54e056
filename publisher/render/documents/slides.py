"""Slides: words cut at `##` or `---`, held to what fits on one, never shrunk.

A slide that begins at `---` has the title of the one before it, with its number: `Cases (2)`.

The words before the first heading stand on the title slide. On a slide a block fenced as `notes`
is what its speaker says, one fenced as `chart` is drawn; beside its words a slide has at most one
chart, table or picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from publisher.kit.text import graphemes
from publisher.render import typeset
from publisher.render.documents.body import Body, plain

LONGEST_TITLE = 70  #: letters, which is two lines
MOST_LETTERS, MOST_LETTERS_BESIDE = 480, 240  #: beside a chart, table or picture
MOST_POINTS, MOST_POINTS_BESIDE = 8, 5
MOST_ROWS, MOST_COLUMNS = 9, 6  #: of a table, its head included
LONGEST_NOTES = 3_000
MOST_SLIDES = 60
_APART = ("image", "table", "fence", "code_block")
_COUNTED = re.compile(r" \(\d+\)\Z")


@dataclass
class Slide:
    """One slide, as it was read."""

    title: str
    words: list[SyntaxTreeNode] = field(default_factory=list)
    things: list[SyntaxTreeNode] = field(default_factory=list)  #: charts, tables, pictures
    notes: list[str] = field(default_factory=list)

    @property
    def thing(self) -> SyntaxTreeNode | None:
        """The chart, table or picture."""
        return self.things[0] if self.things else None


@dataclass(frozen=True, kw_only=True)
class SlideWords:
    """What templates see of a slide."""

    title: str
    typst: Markup  #: its words
    thing: Markup  #: its chart, table or picture, or empty
    html: Markup  #: both
    notes: str


def slides(tree: SyntaxTreeNode) -> list[Slide]:
    """Cut a body into slides; the first is the title slide, whose own title is empty."""
    made = [Slide(title="")]
    cut = False  # whether a line of hyphens came just before
    for node in tree.children:
        if node.type == "heading" and node.tag in ("h1", "h2"):
            made.append(Slide(title=plain(node)))
        elif node.type == "hr":
            cut = True
            continue
        else:
            if cut:
                made.append(Slide(title=_again(made)))
            _put(made[-1], node)
        cut = False
    return made


def _again(made: Sequence[Slide]) -> str:
    """Give the title of the last slide once more, numbered."""
    title = _COUNTED.sub("", made[-1].title)
    before = sum(1 for slide in made if _COUNTED.sub("", slide.title) == title)
    return f"{title} ({before + 1})" if title else ""


def _put(slide: Slide, node: SyntaxTreeNode) -> None:
    if node.type == "fence" and node.info.split()[:1] == ["notes"]:
        slide.notes += [node.content.strip()]
    elif node.type == "table" or chart_of_any(node) or picture_of(node) is not None:
        slide.things.append(node)
    else:
        slide.words.append(node)


def chart_of_any(node: SyntaxTreeNode) -> bool:
    """Say whether a block is a chart, even one that cannot be drawn."""
    return node.type == "fence" and node.info.split()[:1] == ["chart"]


def picture_of(node: SyntaxTreeNode) -> SyntaxTreeNode | None:
    """Give the picture that a paragraph is, if it is nothing else."""
    inline = node.children[0] if node.type == "paragraph" and node.children else None
    if inline is None or len(inline.children) != 1 or inline.children[0].type != "image":
        return None
    return inline.children[0]


def shown(body: Body) -> list[SlideWords]:
    """Give a body's slides as templates see them."""
    return [
        SlideWords(
            title=slide.title,
            typst=Markup(typeset.blocks(slide.words)),  # noqa: S704  # Typst, not HTML
            thing=Markup(typeset.blocks(slide.things)),  # noqa: S704  # likewise
            html=body.html_of(_tokens([*slide.words, *slide.things])),
            notes="\n\n".join(slide.notes),
        )
        for slide in slides(body.tree)
    ]


def _tokens(nodes: Sequence[SyntaxTreeNode]) -> list[Token]:
    return [token for node in nodes for token in node.to_tokens()]


def wrong(tree: SyntaxTreeNode) -> list[str]:
    """Say what does not fit on its slide, a sentence each."""
    made = slides(tree)
    found = [
        f"{_named(number, slide)} {sentence}"
        for number, slide in enumerate(made, 1)
        for sentence in _wrong(slide, first=number == 1)
    ]
    if len(made) < 2:
        found.append("there are no slides; each begins with a heading: ## Its title")
    if len(made) > MOST_SLIDES:
        found.append(f"there are {len(made)} slides; {MOST_SLIDES} are the most")
    return found


def _named(number: int, slide: Slide) -> str:
    return f"slide {number} “{slide.title}”" if slide.title else f"slide {number}"


def _wrong(slide: Slide, *, first: bool) -> Iterator[str]:
    yield from _wrong_title(slide, first=first)
    yield from _wrong_words(slide, first=first)
    if slide.things and first:
        yield "is the title's and holds no chart, table or picture; begin another with ##"
    elif len(slide.things) > 1:
        yield "has more than one chart, table or picture"
    for thing in slide.things:
        if thing.type == "table":
            yield from _wrong_table(thing)


def _wrong_title(slide: Slide, *, first: bool) -> Iterator[str]:
    letters = graphemes(slide.title)
    if not slide.title and not first:
        yield "has no title; begin it with ## and a title"
    if letters > LONGEST_TITLE:
        yield f"has a title of {letters} letters; {LONGEST_TITLE} fit"


def _wrong_words(slide: Slide, *, first: bool) -> Iterator[str]:
    beside = slide.thing is not None or first
    most, points = (
        (MOST_LETTERS_BESIDE, MOST_POINTS_BESIDE) if beside else (MOST_LETTERS, MOST_POINTS)
    )
    letters = sum(graphemes(plain(node)) for node in slide.words)
    if letters > most:
        yield f"has {letters} letters; {most} fit; split it with a line of ---"
    if (count := _points(slide.words)) > points:
        yield f"has {count} points; {points} fit; split it with a line of ---"
    if sum(map(graphemes, slide.notes)) > LONGEST_NOTES:
        yield f"has notes of more than {LONGEST_NOTES} letters"
    if any(one.type in _APART for node in slide.words for one in node.walk()):
        yield "holds a picture, table or code among its words; give it a paragraph of its own"


def _points(nodes: Sequence[SyntaxTreeNode]) -> int:
    return sum(1 for node in nodes for one in node.walk() if one.type in ("paragraph", "heading"))


def _wrong_table(node: SyntaxTreeNode) -> Iterator[str]:
    rows = [row for part in node.children for row in part.children]
    if len(rows) > MOST_ROWS or len(rows[0].children) > MOST_COLUMNS:
        yield (
            f"has a table of {len(rows)} rows and {len(rows[0].children)} columns; "
            f"{MOST_ROWS} and {MOST_COLUMNS} fit"
        )
