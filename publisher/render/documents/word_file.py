"""A Word document: in our own look, or in an organisation's own through `docxtpl`."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from publisher.kit.zips import steadied
from publisher.models.content import Content
from publisher.models.errors import PlanError, Problem
from publisher.render import sandbox
from publisher.render.budget import allowance
from publisher.render.documents import word_xml as xml
from publisher.render.documents.body import tree
from publisher.render.documents.setting import Setting, beside, master_of, region
from publisher.render.documents.word import Heading, StyleMissing, Writer, headings
from publisher.render.documents.word_look import fresh
from publisher.render.running import FAULTS

if TYPE_CHECKING:
    from docx.document import Document
    from docxtpl import DocxTemplate
    from markdown_it.tree import SyntaxTreeNode

#: with fewer headings a table of contents says nothing
_ENOUGH = 4
#: where a master asks for the words, once docxtpl has joined what Word cuts into runs
_WORDS = re.compile(r"\{\{\s*words\s*\}\}")


def word(content: Content, parts: Mapping[str, str]) -> bytes:
    """Make a Word document of frozen content; the same bytes for the same content.

    Args:
        content: with its `files`.
        parts: its parts, filled.

    Raises:
        PlanError: the organisation's own master does not do, with why.
    """
    said = Setting.of(parts["set"])
    body = tree(parts["body"])
    master = master_of(content, said)
    try:
        made = (
            _ours(content, said, body) if master is None else _theirs(content, said, body, master)
        )
    except StyleMissing as error:
        raise PlanError([Problem(path=said.master or _OURS, sentence=_no_style(error))]) from error
    except ValueError as error:
        raise PlanError([Problem(path=f"calendar/{said.entry}.md", sentence=str(error))]) from error
    return steadied(made)


_OURS = "templates"


def _no_style(error: StyleMissing) -> str:
    return f"it has no style “{error}”; use the style once in the master, so that it keeps it"


def _writer(document: Document, content: Content, said: Setting) -> Writer:
    return Writer(
        document,
        pictures=by_any_name(content),
        alts=alts(content),
        right_to_left=content.direction == "rtl",
        tint=said.brand["tint"].removeprefix("#"),
    )


def by_any_name(content: Content) -> dict[str, bytes]:
    """Give the pictures by the names that words may have for them."""
    found = beside(content)
    for one in content.pictures:
        if one.sha256 in content.files:
            found[one.filename] = found[f"pictures/{one.filename}"] = content.files[one.sha256]
    return found


def alts(content: Content) -> dict[str, str]:
    """Give the words for who cannot see a picture, by the names that words may have for it."""
    return {
        name: one.alt
        for one in content.pictures
        for name in (one.filename, f"pictures/{one.filename}")
    }


def _ours(content: Content, said: Setting, body: SyntaxTreeNode) -> bytes:
    document = fresh(said, language=content.language, right_to_left=content.direction == "rtl")
    writer = _writer(document, content, said)
    writer.paragraph(said.title, "Title")
    if said.summary:
        writer.paragraph(said.summary, "Subtitle")
    found = headings(body)
    if said.contents and len(found) >= _ENOUGH:
        writer.paragraph(said.labels["contents"], "TOC Heading")
        _contents(writer, found)
    writer.write(body)
    return _saved(document, content, said)


def _contents(writer: Writer, found: list[Heading]) -> None:
    r"""Write the table of contents as a field that already shows what it will.

    Without page numbers (`\n`), because only a program that sets the pages knows them; so no
    reader is asked whether to update it. Source: ECMA-376 part 1, §17.16.5.68.
    """
    for at, heading in enumerate(found):
        made = writer.paragraph("", f"TOC {heading.level}")._p
        if at == 0:
            xml.begin_field(made, r'TOC \o "1-3" \n \h \z \u')
        writer.run(xml.inner_link(made, heading.mark), heading.words)
        if at == len(found) - 1:
            xml.end_field(made)
            xml.paragraph_property(made, xml.element("spacing", after=360))


def _theirs(content: Content, said: Setting, body: SyntaxTreeNode, master: bytes) -> bytes:
    from lxml import etree

    template = _opened(master, said)
    document = template.get_docx()
    if not _WORDS.search(template.patch_xml(template.get_xml())):
        sentence = "it says nowhere {{p words }}, so the words would be left out"
        raise PlanError([Problem(path=said.master, sentence=sentence)])
    given = {
        "title": said.title,
        "summary": said.summary,
        "organisation": said.organisation,
        "short": said.short,
        "head": said.head,
        "language": content.language,
        "words": _written(document, lambda: _writer(document, content, said).write(body)),
    }
    sandbox.TOP_NAMES[:] = list(given)
    try:
        with allowance():
            template.render(given, jinja_env=sandbox.Html())
    except (*FAULTS, etree.XMLSyntaxError) as error:
        raise PlanError([Problem(path=said.master, sentence=str(error))]) from error
    return _saved(document, content, said)


def _opened(master: bytes, said: Setting) -> DocxTemplate:
    from docxtpl import DocxTemplate

    try:
        template = DocxTemplate(io.BytesIO(master))
        template.init_docx()
    except Exception as error:
        # What a damaged document makes python-docx and lxml raise is of every kind.
        sentence = f"Word's file cannot be read: {error}"
        raise PlanError([Problem(path=said.master, sentence=sentence)]) from error
    return template


def _written(document: Document, write: Any) -> Markup:  # noqa: ANN401  # a call without arguments
    """Write at the end of a document, and take what was written out again as XML."""
    from lxml import etree

    body = document.element.body
    there = set(body)
    write()
    made = [one for one in body if one not in there]
    for one in made:
        body.remove(one)
    return Markup("".join(etree.tostring(one, encoding="unicode") for one in made))  # noqa: S704  # written by us


def _saved(document: Document, content: Content, said: Setting) -> bytes:
    known = document.core_properties
    known.title, known.author, known.subject = said.title[:255], said.organisation[:255], ""
    known.language, known.comments, known.keywords = region(content.language), "", ""
    known.last_modified_by, known.revision = "", 1
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
