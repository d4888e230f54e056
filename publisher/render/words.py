"""An officer's words, from Markdown with merge fields to what each medium prints."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from markdown_it.token import Token
from markupsafe import Markup

from publisher.kit import markup
from publisher.kit.markup import attribute
from publisher.kit.typst import literal
from publisher.models.content import HOLE, hole
from publisher.models.errors import PlanError, Problem
from publisher.render import officers, plain, typeset
from publisher.render.context import Context

_BREAK = re.compile(r"^ {0,3}-{3,}[ \t]*$", re.MULTILINE)
_WEB = re.compile(r"https?://\S+\Z")
_Written = TypeVar("_Written")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Fields:
    """The values printed into words, each behind a mark until the Markdown has been read."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def mark(self, value: str) -> str:
        """Keep a value and give its mark; only a web address may stand in a link."""
        number, letters = len(self.values), ""
        while number or not letters:
            number, digit = divmod(number, 26)
            letters = _LETTERS[digit] + letters
        name = f"{'value' if _WEB.match(value) else 'words'}.{letters}"
        self.values[name] = value
        return hole(name)

    def put(self, text: str, escaped: Callable[[str], str] = str) -> str:
        """Put the values where their marks are; a reader's own holes stay."""
        if not self.values:
            return text

        def value(match: re.Match[str]) -> str:
            found = self.values.get(match[1])
            return match[0] if found is None else escaped(found)

        return HOLE.sub(value, text)


class Words:
    """The words of one cell; each property is one medium's."""

    def __init__(self, context: Context, names: Mapping[str, Any]) -> None:
        self._context = context
        self._fields = Fields()
        self._markdown = officers.merged(context.chosen, names, self._fields.mark)

    @cached_property
    def _tokens(self) -> list[Token]:
        return self._as(_tokens)

    def _as(self, medium: Callable[[str], _Written]) -> _Written:
        try:
            return medium(self._markdown)
        except RecursionError as error:
            sentence = "these words are nested too deeply to be read"
            raise PlanError([self._problem(sentence)]) from error

    @property
    def fits_form(self) -> bool:
        """Whether they were written for this form or channel."""
        return self._context.chosen.fits_form

    @cached_property
    def html(self) -> Markup:
        """HTML without pictures nobody hosts; links are absolute."""
        if self.pictures:
            written = markup.html(self._tokens, picture=self._picture)
        else:
            written = self._as(_html)
        return Markup(self._fields.put(written, attribute))  # noqa: S704  # written by markup.html

    @cached_property
    def text(self) -> str:
        """Plain text in lines of at most 76 columns, for the text part of a mail."""
        return self._fields.put(self._as(_text))

    @cached_property
    def opening(self) -> str:
        """The first paragraph, as one line of plain text."""
        return self._fields.put(self._as(_opening))

    @cached_property
    def posts(self) -> tuple[str, ...]:
        """The words as social posts, cut where a line of three hyphens stands."""
        return tuple(self._fields.put(post) for post in self._as(_posts))

    @cached_property
    def markdown(self) -> Markup:
        """Markdown whose printed values are read as plain words."""
        return Markup(self._fields.put(self._markdown, markup.escaped))  # noqa: S704  # no HTML

    @cached_property
    def typst(self) -> Markup:
        """Typst markup whose words are all in strings."""
        written = self._as(_typst)
        return Markup(self._fields.put(written, _inside))  # noqa: S704  # Typst, not HTML

    @cached_property
    def pictures(self) -> tuple[str, ...]:
        """The files of the pictures that stand among the words."""
        return tuple(str(token.attrs.get("src", "")) for token in markup.images(self._tokens))

    def _picture(self, token: Token) -> str:
        file = str(token.attrs.get("src", ""))
        for picture in self._context.pictures:
            if file in (picture.file, picture.file.rpartition("/")[2]):
                alt = markup.inner_text(token) or picture.alt
                return f'<img src="{attribute(picture.url)}" alt="{attribute(alt)}" />'
        sentence = (
            f"the picture “{file}” is not among the entry's pictures; name it there, with alt"
        )
        raise PlanError([self._problem(sentence)])

    def _problem(self, sentence: str) -> Problem:
        chosen = self._context.chosen
        return Problem(path=chosen.path, field=chosen.field, sentence=sentence)


def _inside(value: str) -> str:
    return literal(value)[1:-1]


# The same words go to many cells, so each medium's is kept for a while. Tokens are never changed.


@lru_cache(maxsize=256)
def _tokens(markdown: str) -> list[Token]:
    return markup.tokens(markdown)


@lru_cache(maxsize=256)
def _html(markdown: str) -> str:
    return markup.html(_tokens(markdown))


@lru_cache(maxsize=256)
def _text(markdown: str) -> str:
    return plain.text(_tokens(markdown))


@lru_cache(maxsize=256)
def _opening(markdown: str) -> str:
    return plain.opening(_tokens(markdown))


@lru_cache(maxsize=256)
def _typst(markdown: str) -> str:
    return typeset.typst(_tokens(markdown))


@lru_cache(maxsize=256)
def _posts(markdown: str) -> tuple[str, ...]:
    parts = [part for part in _BREAK.split(markdown) if part.strip()]
    return tuple(plain.social(markup.tokens(part)) for part in parts)
