"""Markdown's tree into a Word document, in the document's own styles."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from markdown_it.tree import SyntaxTreeNode

from publisher.render.documents import word_xml as xml
from publisher.render.documents.body import chart_of, plain
from publisher.render.documents.letters import runs

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

_DEEPEST = 3  #: levels of lists and headings that office programs bring styles for


_Said = SyntaxTreeNode | str  #: what stands in a cell


class StyleMissing(Exception):
    """A style that the words need and the document has not."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How a run of letters looks."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of the body, for the table of contents."""

    level: int  #: from 1
    words: str
    mark: str  #: the bookmark's name


class Writer:
    """Writes to the end of a document.

    Args:
        document: with the styles that the words need.
        pictures: by file name.
        alts: words for who cannot see them, by file name.
        right_to_left: whether the language is written so.
        tint: the colour behind a table's head, as RRGGBB.
    """

    def __init__(
        self,
        document: Document,
        *,
        pictures: Mapping[str, bytes],
        alts: Mapping[str, str],
        right_to_left: bool,
        tint: str,
    ) -> None:
        self._document = document
        self._pictures = pictures
        self._alts = alts
        self._right_to_left = right_to_left
        self._tint = tint
        self._drawn = 0
        self._marks = 0

    def write(self, body: SyntaxTreeNode) -> None:
        """Write a body.

        Raises:
            StyleMissing: naming the style.
        """
        for node in body.children:
            self._block(node)

    def paragraph(self, words: str, style: str) -> Paragraph:
        """Write a paragraph of plain words."""
        made = self._paragraph(style)
        self.run(made._p, words, Marks())
        return made

    def rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Write a table of plain words, the first row its head."""
        self._table([list(row) for row in rows])

    def _block(self, node: SyntaxTreeNode, *, style: str = "Normal", depth: int = 0) -> None:
        if node.type == "heading":
            self._heading(node)
        elif node.type == "paragraph":
            self._inline(self._paragraph(style)._p, node, Marks())
        elif node.type in ("bullet_list", "ordered_list"):
            self._list(node, depth)
        elif node.type == "table":
            self._table([list(row.children) for row in _rows(node)])
        elif node.type == "dl":
            self._definitions(node)
        elif node.type in ("fence", "code_block"):
            self._code(node)
        elif node.type == "hr":
            xml.rule(self._paragraph("Normal")._p)
        else:
            inner = "Quote" if node.type == "blockquote" else style
            for child in node.children:
                self._block(child, style=inner, depth=depth)

    def _heading(self, node: SyntaxTreeNode) -> None:
        made = self._paragraph(f"Heading {heading_level(node)}")
        self._marks += 1
        with xml.bookmark(made._p, self._marks):
            self._inline(made._p, node, Marks())

    def _list(self, node: SyntaxTreeNode, depth: int) -> None:
        ordered = node.type == "ordered_list"
        level = min(depth, _DEEPEST - 1)
        name = "List Number" if ordered else "List Bullet"
        style = _styled(name, level)
        start = int(node.attrs.get("start", 1))
        number = xml.numbering(self._numbering(name), level, start) if ordered else None
        for item in node.children:
            first = True
            for child in item.children:
                if child.type == "paragraph" and first:
                    made = self._paragraph(style)
                    if number is not None:
                        xml.numbered(made._p, number, level)
                    self._inline(made._p, child, Marks())
                elif child.type == "paragraph":
                    made = self._paragraph(_styled("List Continue", level))
                    self._inline(made._p, child, Marks())
                else:
                    self._block(child, depth=depth + 1)
                first = False

    def _numbering(self, style: str) -> Any:  # noqa: ANN401  # lxml's element, which has no types
        try:
            return self._document.part.numbering_part.element
        except (KeyError, NotImplementedError) as error:
            raise StyleMissing(style) from error

    def _definitions(self, node: SyntaxTreeNode) -> None:
        for child in node.children:
            if child.type == "dt":
                self._inline(self._paragraph("Normal")._p, child, Marks(bold=True))
            else:
                for inner in child.children:
                    self._block(inner, style="List Continue")

    def _code(self, node: SyntaxTreeNode) -> None:
        made = chart_of(node)
        if made is None:
            for line in node.content.rstrip("\n").split("\n"):
                self.run(self._paragraph("Normal")._p, line, Marks(code=True))
            return
        self.run(self._paragraph("Caption")._p, made.title, Marks())
        rows: list[list[_Said]] = [list(row) for row in made.cells]
        self._table(rows, numbers=True)

    def _table(self, rows: Sequence[Sequence[_Said]], *, numbers: bool = False) -> None:
        table = self._document.add_table(len(rows), len(rows[0]), self._style("Table Grid"))
        if self._right_to_left:
            xml.right_to_left_table(table._tbl)
        xml.head_row(table.rows[0]._tr)
        self._widths(table, rows)
        for at, row in enumerate(rows):
            cells = table.rows[at].cells
            for column, said in enumerate(row):
                self._cell(cells[column], said, head=at == 0, number=numbers and column > 0)
        self._after(table)

    def _widths(self, table: Table, rows: Sequence[Sequence[_Said]]) -> None:
        """Give each column its share of the line: what its longest cell asks for, within bounds."""
        room = xml.room(self._document.sections[-1])[0]
        longest = [max(len(_words(row[at])) for row in rows) for at in range(len(rows[0]))]
        shares = [min(max(one, 9), 45) for one in longest]
        widths = [int(room * share / sum(shares)) for share in shares]
        # Word goes by the cells, LibreOffice by the grid.
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            xml.whole_row(row._tr)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width

    def _cell(self, cell: Any, said: _Said, *, head: bool, number: bool) -> None:  # noqa: ANN401  # python-docx has no name for it to import
        paragraph = cell.paragraphs[0]._p
        if head:
            xml.shaded(cell._tc, self._tint)
        if self._right_to_left:
            xml.right_to_left(paragraph)
        xml.tight(paragraph)
        if isinstance(said, str):
            self.run(paragraph, said, Marks(bold=head))
        else:
            number = "right" in str(said.attrs.get("style", ""))
            self._inline(paragraph, said, Marks(bold=head))
        if number:
            xml.at_the_end(paragraph)

    def _after(self, table: Table) -> None:
        del table
        xml.small(self._paragraph("Normal")._p)  # Word joins two tables with nothing between them

    def _inline(self, paragraph: Any, node: SyntaxTreeNode, marks: Marks) -> None:  # noqa: ANN401  # lxml
        for child in node.children:
            self._piece(paragraph, child, marks)

    def _piece(self, paragraph: Any, node: SyntaxTreeNode, marks: Marks) -> None:  # noqa: ANN401  # lxml
        changed = {"strong": "bold", "em": "italic", "s": "strike"}.get(node.type)
        if changed:
            self._inline(paragraph, node, replace(marks, **{changed: True}))
        elif node.type == "link" and node.attrs.get("href"):
            part, address = self._document.part, str(node.attrs["href"])
            self._inline(xml.link(paragraph, part, address), node, marks)
        elif node.type == "image":
            self._image(paragraph, node)
        elif node.type in ("softbreak", "hardbreak"):
            self.run(paragraph, " " if node.type == "softbreak" else "\n", marks)
        elif node.type == "code_inline":
            self.run(paragraph, node.content, replace(marks, code=True))
        elif node.children:
            self._inline(paragraph, node, marks)
        else:
            self.run(paragraph, node.content, marks)

    def _image(self, paragraph: Any, node: SyntaxTreeNode) -> None:  # noqa: ANN401  # lxml
        from docx.text.run import Run

        file = str(node.attrs.get("src", ""))
        content = self._pictures.get(file)
        if content is None:
            raise ValueError(f"the picture “{file}” is not at hand")
        run = Run(xml.run(paragraph), self._document._body)
        self._drawn += 1
        drawn = run.add_picture(io.BytesIO(content))
        xml.fitted(drawn, self._document.sections[-1])
        alt = str(node.attrs.get("alt", "")) or self._alts.get(file, "")
        xml.described(drawn._inline, self._drawn, alt)

    def run(self, paragraph: Any, words: str, marks: Marks = Marks()) -> None:  # noqa: ANN401  # lxml; it is frozen
        """Write letters into a paragraph or a link."""
        for piece, backwards in runs(words, right_to_left=self._right_to_left):
            xml.marked(xml.run(paragraph, piece), **vars(marks), right_to_left=backwards)

    def _paragraph(self, style: str) -> Paragraph:
        made = self._document.add_paragraph(style=self._style(style))
        if self._right_to_left:
            xml.right_to_left(made._p)
        return made

    def _style(self, name: str) -> Any:  # noqa: ANN401  # python-docx tells styles apart at run time
        styles = self._document.styles
        if name not in styles:
            raise StyleMissing(name)
        return styles[name]


def heading_level(node: SyntaxTreeNode) -> int:
    """Give a heading's level below the title, from 1."""
    return min(max(1, int(node.tag[1]) - 1), _DEEPEST)


def headings(body: SyntaxTreeNode) -> list[Heading]:
    """Give the headings of a body, with the bookmarks that `Writer` sets, in order."""
    found = [node for node in body.children if node.type == "heading"]
    return [
        Heading(level=heading_level(node), words=plain(node), mark=xml.bookmark_name(at))
        for at, node in enumerate(found, 1)
    ]


def _words(said: _Said) -> str:
    return said if isinstance(said, str) else plain(said)


def _styled(name: str, level: int) -> str:
    """Name a list's style as office programs do: `List Bullet`, `List Bullet 2`."""
    return f"{name} {level + 1}" if level else name


def _rows(table: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [row for part in table.children for row in part.children]
