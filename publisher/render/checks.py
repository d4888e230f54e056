"""What would be refused, cut or unreadable, as problems that name the entry's file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from publisher.kit import markup
from publisher.kit.markup import is_link
from publisher.kit.text import graphemes
from publisher.models.cell import Cell
from publisher.models.content import HOLE, Content
from publisher.models.errors import Problem
from publisher.render.counting import INVALID, length
from publisher.render.limits import network, networks
from publisher.render.variants import chosen
from publisher.render.widths import PAPER, too_wide

#: Gmail hides what follows 102 kB, https://support.google.com/mail/thread/5651406
LONGEST_MAIL = 102_000
#: longer subjects are cut by most mail programs, and marked by spam filters; in letters
LONGEST_SUBJECT = 120
LONGEST_HOLE = 100  #: bytes that a reader's own link is reckoned to take


def mail(cell: Cell, content: Content) -> list[Problem]:
    """Check a newsletter, or the mail that covers a circular."""
    parts = content.parts
    found = [*_common(cell, content, ("subject", "html", "text"))]
    unknown = "paper." if content.form == "circular" else ("circular.", "paper.")
    found += _holes(cell, content, lambda name: not name.startswith(unknown))
    letters = graphemes(HOLE.sub("x" * 20, parts["subject"]))
    if letters > LONGEST_SUBJECT:
        sentence = f"the subject has {letters} letters; mail programs cut it after 120"
        found.append(problem(cell, sentence, field="title"))
    size = len(HOLE.sub("x" * LONGEST_HOLE, parts["html"]).encode())
    if size > LONGEST_MAIL:
        sentence = f"the mail has {size:,} bytes of HTML; Gmail hides what follows 102,000"
        found.append(problem(cell, sentence))
    return found


def page(cell: Cell, content: Content) -> list[Problem]:
    """Check a page or a feed's item."""
    found = _common(cell, content, ("title", "html"))
    return [*found, *_holes(cell, content, lambda _: False)]


def paper(cell: Cell, content: Content, *, numbered: bool) -> list[Problem]:
    """Check a report, a board's paper or a presentation."""
    found = _common(cell, content, ("title", "html", "body", "document"))
    return [*found, *_holes(cell, content, lambda name: numbered and name.startswith("paper."))]


def document(cell: Cell) -> list[Problem]:
    """Check the words of a document that is set on paper."""
    words = chosen(cell)
    wrong = too_wide(words.markdown, PAPER)
    if markup.images(markup.tokens(words.markdown)):
        said = "a circular's document cannot hold pictures among its words yet; leave them out"
        wrong.append(said)
    return [problem(cell, sentence, field=words.field) for sentence in wrong]


def posts(cell: Cell, content: Content) -> list[Problem]:
    """Check a post or a thread."""
    limits = networks()[network(cell)]
    found = [*_pictures(cell), *_title(cell), *_holes(cell, content, lambda _: False)]
    for number, text in content.parts.items():
        if number == "link" or not number.isdecimal():
            continue
        if not text:
            found.append(problem(cell, "the post has no words"))
        if wrong := INVALID.search(text):
            sentence = f"the post holds the code U+{ord(wrong[0]):04X}, which is no character"
            found.append(problem(cell, sentence))
        count, size = length(text, limits), len(text.encode())
        which = "the post" if len(content.parts) == 2 else f"post {number} of the thread"
        if count > limits.max:
            sentence = (
                f"{which} counts {count} on {limits.name}, which takes {limits.max}: "
                f"{count - limits.max} too many; shorten it, or cut it with a line of ---"
            )
            found.append(problem(cell, sentence))
        elif limits.bytes and size > limits.bytes:
            sentence = f"{which} has {size:,} bytes; {limits.name} takes {limits.bytes:,}"
            found.append(problem(cell, sentence))
    if 0 < limits.pictures < len(content.pictures):
        sentence = f"{limits.name} takes {limits.pictures} pictures, not {len(content.pictures)}"
        found.append(problem(cell, sentence, field="pictures"))
    found += [
        problem(cell, _LONG_ALT.format(picture.filename, limits.name, limits.alt))
        for picture in content.pictures
        if 0 < limits.alt < graphemes(picture.alt)
    ]
    return found


_LONG_ALT = "the words for who cannot see “{}” are too long; {} takes {} letters"


def _holes(cell: Cell, content: Content, known: Callable[[str], bool]) -> Iterator[Problem]:
    """Find values that nobody will know when it goes out."""
    missing = sorted(name for name in content.holes if not known(name))
    if not missing and content.program and not known("reader.name"):
        missing = ["a reader's own value"]
    for name in missing:
        yield problem(cell, f"a {content.form} cannot say {name}: nobody knows it when it goes out")


def _common(cell: Cell, content: Content, needed: tuple[str, ...]) -> list[Problem]:
    found = [*_pictures(cell), *_title(cell)]
    found += [
        problem(cell, f"the part “{part}” is empty")
        for part in needed
        if not content.parts.get(part, "").strip()
    ]
    found += [problem(cell, sentence) for sentence in _html(content.parts.get("html", ""))]
    return found


def _title(cell: Cell) -> Iterator[Problem]:
    title = cell.entry.title.get(cell.language)
    if title is None:
        yield problem(cell, f"there is no title in “{cell.language}”", field="title")
    elif title.isupper() and len(title.split()) > 2:
        sentence = f"the title shouts; write “{title.capitalize()}”"
        yield problem(cell, sentence, field=f"title.{cell.language}")


def _pictures(cell: Cell) -> Iterator[Problem]:
    for at, picture in enumerate(cell.entry.pictures):
        field = f"pictures.{at}"
        if picture.file not in cell.pictures:
            yield problem(cell, f"there is no picture “{picture.file}”", field=field)
        if not picture.alt.get(cell.language, "").strip():
            sentence = f"“{picture.file}” has no words in “{cell.language}” for who cannot see it"
            yield problem(cell, sentence, field=f"{field}.alt")


def problem(cell: Cell, sentence: str, *, field: str = "") -> Problem:
    """Name the entry's file."""
    return Problem(path=f"calendar/{cell.entry.slug}.md", field=field, sentence=sentence)


def _html(source: str) -> list[str]:
    reader = _Reader()
    reader.feed(source)
    return reader.found


_SECOND_TITLE = "a heading of level 1 stands among the words; the title is the only one"


class _Reader(HTMLParser):
    """Looks at links, pictures and the order of headings."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._level = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        told = dict(attrs)
        if tag == "a" and told.get("href") is not None:
            self._link(told["href"] or "")
        if tag == "img" and told.get("alt") is None:
            self.found.append("a picture has no words for who cannot see it")
        if re.fullmatch("h[1-6]", tag):
            self._heading(int(tag[1]))

    def _link(self, address: str) -> None:
        if not address or not is_link(HOLE.sub("x", address)):
            self.found.append(f"“{address}” is not an address a link can go to")
        elif (
            not HOLE.match(address)
            and not address.startswith(("#", "/", "./"))
            and ":" not in address
        ):
            self.found.append(f"the link “{address}” has no https:// at its beginning")

    def _heading(self, level: int) -> None:
        if level == 1 and self._level:
            self.found.append(_SECOND_TITLE)
        elif self._level and level > self._level + 1:
            self.found.append(f"a heading of level {level} follows one of level {self._level}")
        self._level = level
