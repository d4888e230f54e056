"""A document's body: Markdown with every word in it, read once, written for each medium."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from html import escape
from typing import NoReturn

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from publisher.kit import markup
from publisher.kit.markup import attribute
from publisher.kit.pictures import ending
from publisher.models.content import PictureRef
from publisher.models.errors import PlanError, Problem
from publisher.render import typeset
from publisher.render.context import PictureWords
from publisher.render.documents.charts import Chart, chart, is_chart

#: what Word, PowerPoint and Typst can all show
SHOWN = ("image/png", "image/jpeg", "image/gif")


class Body:
    """What templates see as `body`."""

    def __init__(self, markdown: str, pictures: Sequence[PictureWords], path: str) -> None:
        self.markdown = markdown
        self._pictures = pictures
        self._path = path

    @cached_property
    def _tokens(self) -> list[Token]:
        try:
            return markup.tokens(self.markdown)
        except RecursionError as error:
            raise self._wrong("these words are nested too deeply to be read") from error

    @cached_property
    def html(self) -> Markup:
        """HTML whose charts are tables."""
        return self.html_of(self._tokens)

    def html_of(self, tokens: Sequence[Token]) -> Markup:
        """Write some of its tokens as HTML."""
        ready = [_as_html(token) for token in tokens]
        return Markup(markup.html(ready, picture=self._shown))  # noqa: S704  # written by markup

    @cached_property
    def typst(self) -> Markup:
        """Typst markup whose words are all in strings."""
        return Markup(typeset.blocks(self.tree.children))  # noqa: S704  # Typst, not HTML

    @cached_property
    def tree(self) -> SyntaxTreeNode:
        """Its blocks, each picture under the name of the file that will lie beside them."""
        return SyntaxTreeNode(self._named())

    def _named(self) -> list[Token]:
        """Give the tokens with each picture under the name of the file that will be there."""
        return named(self._tokens, {one.file: one for one in self._pictures}, self._missing)

    def _shown(self, token: Token) -> str:
        found = _found(token, {one.file: one for one in self._pictures}) or self._missing(token)
        alt = markup.inner_text(token) or found.alt
        return f'<img src="{attribute(found.url)}" alt="{attribute(alt)}" />'

    def _missing(self, token: Token) -> NoReturn:
        file = token.attrs.get("src", "")
        raise self._wrong(
            f"the picture “{file}” is not among the entry's pictures; name it there, with alt"
        )

    def _wrong(self, sentence: str) -> PlanError:
        return PlanError([Problem(path=self._path, sentence=sentence)])


def file_of(picture: PictureRef | PictureWords) -> str:
    """Give the name under which a picture lies beside a document while it is set."""
    return picture.sha256 + ending(picture.media_type)


def tree(markdown: str) -> SyntaxTreeNode:
    """Read a body that was frozen."""
    return SyntaxTreeNode(markup.tokens(markdown))


def chart_of(node: SyntaxTreeNode) -> Chart | None:
    """Give the chart that a block is, if it is one; ValueError if it cannot be drawn."""
    if node.type != "fence" or not is_chart(node.info):
        return None
    return chart(node.info, node.content)


def plain(node: SyntaxTreeNode) -> str:
    """Give a node's words without marks."""
    if node.type in ("softbreak", "hardbreak"):
        return " "
    said = "".join(plain(child) for child in node.children) if node.children else node.content
    return re.sub(r"\s+", " ", said)


def charts(markdown: str) -> list[str]:
    """Say what is wrong with the charts of a body, a sentence each."""
    found = []
    for token in markup.tokens(markdown):
        if token.type == "fence" and is_chart(token.info):
            try:
                chart(token.info, token.content)
            except ValueError as error:
                found.append(str(error))
    return found


def named(
    tokens: Sequence[Token],
    pictures: Mapping[str, PictureWords],
    missing: Callable[[Token], NoReturn],
) -> list[Token]:
    """Copy tokens with the picture's file and words in each image."""

    def each(token: Token) -> Token:
        if token.type == "image":
            found = _found(token, pictures) or missing(token)
            alt = markup.inner_text(token) or found.alt
            return token.copy(attrs={"src": file_of(found), "alt": alt})
        if token.children:
            return token.copy(children=[each(child) for child in token.children])
        return token

    return [each(token) for token in tokens]


def _found(token: Token, pictures: Mapping[str, PictureWords]) -> PictureWords | None:
    file = str(token.attrs.get("src", ""))
    for name, picture in pictures.items():
        if file in (name, name.rpartition("/")[2], file_of(picture)):
            return picture
    return None


def _as_html(token: Token) -> Token:
    """Turn a chart's block into a table that a browser shows."""
    if token.type != "fence" or not is_chart(token.info):
        return token
    try:
        made = chart(token.info, token.content)
    except ValueError:
        return token  # the form's check names it
    head, *rows = made.cells
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    table = (
        f"<table><caption>{escape(made.title)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{lines}</tbody></table>\n"
    )
    return Token("html_block", "", 0, content=table)
