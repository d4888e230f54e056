"""Slides into a PowerPoint file: in our own look, or on an organisation's own master."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markdown_it.tree import SyntaxTreeNode

from publisher.kit.zips import steadied
from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem
from publisher.render.documents import powerpoint_xml as xml
from publisher.render.documents.body import chart_of, plain, tree
from publisher.render.documents.letters import runs
from publisher.render.documents.powerpoint_look import fresh
from publisher.render.documents.setting import Setting, master_of, region
from publisher.render.documents.slides import Slide, picture_of, slides
from publisher.render.documents.word_file import alts, by_any_name

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide as Made
    from pptx.slide import SlideLayout

#: the layouts that slides ask for, by the names that PowerPoint gives them
TITLE, WORDS, THING, BOTH = "Title Slide", "Title and Content", "Title Only", "Two Content"
_DEEPEST = 4


def powerpoint(content: Content, parts: Mapping[str, str]) -> bytes:
    """Make a PowerPoint file of frozen content; the same bytes for the same content.

    Args:
        content: with its `files`.
        parts: its parts, filled.

    Raises:
        PlanError: the organisation's own master does not do, with why.
    """
    said = Setting.of(parts["set"])
    master = master_of(content, said)
    shown = fresh(said) if master is None else _opened(master, said)
    writer = _Writer(shown, content, said)
    try:
        for number, slide in enumerate(slides(tree(parts["body"])), 1):
            writer.write(slide, number)
    except ValueError as error:
        raise PlanError([Problem(path=f"calendar/{said.entry}.md", sentence=str(error))]) from error
    return steadied(_saved(shown, content, said))


def _opened(master: bytes, said: Setting) -> Presentation:
    import pptx

    try:
        made = pptx.Presentation(io.BytesIO(master))
        xml.without_slides(made)
    except Exception as error:
        # What a damaged presentation makes python-pptx and lxml raise is of every kind.
        sentence = f"PowerPoint's file cannot be read: {error}"
        raise PlanError([Problem(path=said.master, sentence=sentence)]) from error
    return made


class _Writer:
    """Adds slides to a presentation."""

    def __init__(self, shown: Presentation, content: Content, said: Setting) -> None:
        self._shown = shown
        self._said = said
        self._language = region(content.language)
        self._right_to_left = content.direction == "rtl"
        self._pictures = by_any_name(content)
        self._alts = alts(content)

    def write(self, slide: Slide, number: int) -> None:
        """Add a slide: its title first, then its words, then what it shows; so they are read."""
        layout = self._layout(_layout_name(slide, number))
        made = self._shown.slides.add_slide(layout)
        if self._shown.slides.index(made) == 0:
            self._title_slide(made, slide)
        else:
            self._ordinary(made, slide)
        xml.page_number(made, layout, self._language)
        if slide.notes:
            self._notes(made, slide.notes)

    def _layout(self, name: str) -> SlideLayout:
        layouts = list(self._shown.slide_layouts)
        for layout in layouts:
            if layout.name.strip().casefold() == name.casefold():
                return layout
        there = ", ".join(f"“{layout.name}”" for layout in layouts) or "none"
        sentence = f"it has no layout “{name}”, which these slides need; it has {there}"
        raise PlanError([Problem(path=self._said.master or "templates", sentence=sentence)])

    def _title_slide(self, made: Made, slide: Slide) -> None:
        self._fill(self._title(made), [[(self._said.title, {})]])
        room = self._room(made, 1, TITLE)[0]
        if slide.words:
            self._write(room, slide.words)
        elif self._said.summary:
            self._fill(room, [[(self._said.summary, {})]])
        paragraph = room.text_frame.add_paragraph()
        xml.bulleted(paragraph._p, "", 0, right_to_left=self._right_to_left)
        self._pieces(paragraph, [(self._said.organisation, {"bold": True})])

    def _ordinary(self, made: Made, slide: Slide) -> None:
        self._fill(self._title(made), [[(slide.title, {})]])
        if slide.thing is None:
            self._write(self._room(made, 1, WORDS)[0], slide.words)
        elif not slide.words:
            area = xml.below_the_title(self._shown, made)
            self._show(made, slide.thing, area)
        else:
            words, thing = self._room(made, 2, BOTH)
            if self._right_to_left:
                xml.exchanged(words, thing)
            area = (thing.left, thing.top, thing.width, thing.height)
            thing.element.getparent().remove(thing.element)
            self._write(words, slide.words)
            self._show(made, slide.thing, area)

    def _title(self, made: Made) -> Any:  # noqa: ANN401  # python-pptx's shapes
        if made.shapes.title is None:
            name = made.slide_layout.name
            sentence = f"its layout “{name}” has no title, which every slide needs"
            raise PlanError([Problem(path=self._said.master or "templates", sentence=sentence)])
        return made.shapes.title

    def _room(self, made: Made, count: int, layout: str) -> list[Any]:
        """Give the placeholders for words and things, in the order of the layout."""
        found = [
            one
            for one in made.placeholders
            if one.placeholder_format.idx and xml.takes_words(one) and one.has_text_frame
        ]
        if len(found) < count:
            sentence = f"its layout “{layout}” has no room for words; it needs {count} placeholders"
            raise PlanError([Problem(path=self._said.master or "templates", sentence=sentence)])
        for one in found[count:]:
            one.element.getparent().remove(one.element)
        return found[:count]

    def _write(self, shape: Any, nodes: Sequence[SyntaxTreeNode]) -> None:  # noqa: ANN401  # likewise
        lines: list[tuple[list[_Piece], int, str]] = []
        for node in nodes:
            _lines(node, lines, level=0, bullet="")
        frame = shape.text_frame
        for at, (pieces, level, bullet) in enumerate(lines):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            paragraph.level = level
            xml.bulleted(paragraph._p, bullet, level, right_to_left=self._right_to_left)
            self._pieces(paragraph, pieces)

    def _fill(self, shape: Any, paragraphs: Sequence[list[_Piece]]) -> None:  # noqa: ANN401  # likewise
        frame = shape.text_frame
        for at, pieces in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            self._pieces(paragraph, pieces)

    def _pieces(self, paragraph: Any, pieces: Sequence[_Piece]) -> None:  # noqa: ANN401  # likewise
        if self._right_to_left:
            xml.right_to_left(paragraph._p)
        for words, marks in pieces:
            for piece, _ in runs(words, right_to_left=self._right_to_left):
                run = paragraph.add_run()
                run.text = piece
                run.font.bold = marks.get("bold")
                run.font.italic = marks.get("italic")
                if address := marks.get("link"):
                    run.hyperlink.address = address
                xml.in_language(run._r, self._language)

    def _show(self, made: Made, node: SyntaxTreeNode, area: xml.Area) -> None:
        """Draw a chart, a table or a picture within an area.

        Raises:
            ValueError: it cannot be drawn.
        """
        picture = picture_of(node)
        chart = chart_of(node)
        if chart is not None:
            colours = self._said.brand
            xml.chart(made, chart, area, colours, self._language, rtl=self._right_to_left)
        elif picture is not None:
            file = str(picture.attrs.get("src", ""))
            if file not in self._pictures:
                raise ValueError(f"the picture “{file}” is not at hand")
            alt = plain(picture) or self._alts.get(file, "")
            xml.picture(made, self._pictures[file], area, alt)
        else:
            rows = [row for part in node.children for row in part.children]
            self._table(made, [list(row.children) for row in rows], area)

    def _table(self, made: Made, rows: Sequence[list[SyntaxTreeNode]], area: xml.Area) -> None:
        table = xml.table(made, len(rows), len(rows[0]), area, self._said.brand)
        if self._right_to_left:
            xml.right_to_left_table(table)
        for at, row in enumerate(rows):
            for column, node in enumerate(row):
                cell = table.cell(at, column)
                pieces: list[_Piece] = []
                _inline(node, pieces, {"bold": True} if at == 0 else {})
                paragraph = cell.text_frame.paragraphs[0]
                xml.table_words(paragraph, self._said.brand["ink"] if at == 0 else "#1d2025")
                self._pieces(paragraph, pieces)
                if "right" in str(node.attrs.get("style", "")):
                    xml.at_the_end(paragraph._p, right_to_left=self._right_to_left)

    def _notes(self, made: Made, notes: Sequence[str]) -> None:
        frame = made.notes_slide.notes_text_frame
        assert frame is not None
        text = [line.strip() for note in notes for line in note.split("\n\n")]
        for at, line in enumerate(text):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            self._pieces(paragraph, [(" ".join(line.split()), {})])


_Piece = tuple[str, Mapping[str, Any]]  #: letters, and how they look


def _layout_name(slide: Slide, number: int) -> str:
    if number == 1:
        return TITLE
    if slide.thing is None:
        return WORDS
    return BOTH if slide.words else THING


def _lines(
    node: SyntaxTreeNode, lines: list[tuple[list[_Piece], int, str]], *, level: int, bullet: str
) -> None:
    """Flatten blocks into lines with a level and a bullet: `-`, a number's start, or none."""
    if node.type in ("bullet_list", "ordered_list"):
        start = int(node.attrs.get("start", 1))
        mark = "-" if node.type == "bullet_list" else str(start)
        for item in node.children:
            for at, child in enumerate(item.children):
                inner = min(level + (child.type.endswith("_list")), _DEEPEST)
                _lines(child, lines, level=inner, bullet=mark if at == 0 else "")
        return
    if node.type in ("paragraph", "heading", "dt"):
        pieces: list[_Piece] = []
        _inline(node, pieces, {"bold": True} if node.type != "paragraph" else {})
        lines.append((pieces, level, bullet))
        return
    for child in node.children:
        _lines(child, lines, level=level, bullet=bullet)


def _inline(node: SyntaxTreeNode, pieces: list[_Piece], marks: Mapping[str, Any]) -> None:
    for child in node.children:
        changed = {"strong": "bold", "em": "italic"}.get(child.type)
        if changed:
            _inline(child, pieces, {**marks, changed: True})
        elif child.type == "link":
            _inline(child, pieces, {**marks, "link": str(child.attrs.get("href", ""))})
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append((" ", marks))
        elif child.children:
            _inline(child, pieces, marks)
        else:
            pieces.append((child.content, marks))


def _saved(shown: Presentation, content: Content, said: Setting) -> bytes:
    known = shown.core_properties
    known.title, known.author = said.title[:255], said.organisation[:255]
    known.language, known.last_modified_by, known.revision = region(content.language), "", 1
    known.subject = known.comments = known.keywords = ""
    made = io.BytesIO()
    shown.save(made)
    return made.getvalue()
