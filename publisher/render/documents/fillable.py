"""A form as a Word document: each answer is a content control, which only its words are typed into.

Source: ECMA-376 part 1, §17.5.2 (structured document tags).
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from publisher.kit.text import direction
from publisher.kit.zips import steadied
from publisher.models.content import Content
from publisher.models.specs import OrganisationSpec, in_language
from publisher.render.colours import palette
from publisher.render.documents import word_xml as xml
from publisher.render.documents.body import tree
from publisher.render.documents.letters import runs
from publisher.render.documents.setting import Setting, region
from publisher.render.documents.word import Writer
from publisher.render.documents.word_file import alts, by_any_name
from publisher.render.documents.word_look import fresh

if TYPE_CHECKING:
    from docx.document import Document

Json = Any
_PLACEHOLDER = "Placeholder Text"
_QUIET = "565B64"
_LONGEST_ALIAS = 64  #: what Word keeps of a control's title
_SHARE = 0.36  #: of the line, for the questions


class Form:
    """Writes a form to the end of a document.

    Args:
        document: ours, from `word_look.fresh`.
        said: its setting.
        language: the form's.
        right_to_left: whether that is written so.
        pictures: by file name, for the words above the form.
        picture_words: for who cannot see them.
    """

    def __init__(
        self,
        document: Document,
        said: Setting,
        *,
        language: str,
        right_to_left: bool,
        pictures: Mapping[str, bytes] | None = None,
        picture_words: Mapping[str, str] | None = None,
    ) -> None:
        self.document = document
        self._tint = said.brand["tint"].removeprefix("#")
        self._language = language
        self._right_to_left = right_to_left
        self._controls = 0
        self.writer = Writer(
            document,
            pictures=pictures or {},
            alts=picture_words or {},
            right_to_left=right_to_left,
            tint=self._tint,
        )
        _placeholder(document)

    def write(self, form: Json, values: Mapping[str, str]) -> None:
        """Write the parts, with the answers that are there."""
        for part in form["parts"]:
            self.writer.paragraph(part["heading"], "Heading 1")
            self._questions(part["questions"], values, form["required"])

    def _questions(self, asked: Sequence[Json], values: Mapping[str, str], required: str) -> None:
        table = self.document.add_table(len(asked), 2, self.document.styles["Table Grid"])
        if self._right_to_left:
            xml.right_to_left_table(table._tbl)
        room = xml.room(self.document.sections[-1])[0]
        widths = int(room * _SHARE), int(room * (1 - _SHARE))
        # Word goes by the cells, LibreOffice by the grid.
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row, question in zip(table.rows, asked, strict=True):
            label, answer = row.cells
            label.width, answer.width = widths
            xml.shaded(label._tc, self._tint)
            marked = (
                f"{question['label']} ({required})" if question["required"] else question["label"]
            )
            self._line(label.paragraphs[0]._p, marked, bold=True)
            if question["hint"]:
                self._line(label.add_paragraph()._p, question["hint"], bold=False)
            self._control(answer.paragraphs[0]._p, question, values.get(question["name"], ""))
        xml.small(self.document.add_paragraph()._p)

    def _line(self, paragraph: Any, text: str, *, bold: bool) -> None:  # noqa: ANN401  # lxml
        if self._right_to_left:
            xml.right_to_left(paragraph)
        xml.tight(paragraph)
        self._letters(paragraph, text, bold=bold, backwards=self._right_to_left)

    def _letters(self, parent: Any, text: str, *, bold: bool = False, backwards: bool) -> None:  # noqa: ANN401  # lxml
        for piece, right_to_left in runs(text, right_to_left=backwards):
            xml.marked(
                xml.run(parent, piece),
                bold=bold,
                italic=False,
                strike=False,
                code=False,
                right_to_left=right_to_left,
            )

    def _control(self, paragraph: Any, question: Json, value: str) -> None:  # noqa: ANN401  # lxml
        shown = dict(question["options"]).get(value, value)
        backwards = self._right_to_left and not _begins_left(shown)
        if backwards:
            xml.right_to_left(paragraph)
        xml.tight(paragraph)
        self._controls += 1
        made, properties, content = (
            xml.element("sdt"), xml.element("sdtPr"), xml.element("sdtContent")
        )  # fmt: skip
        properties.append(xml.element("alias", val=question["label"][:_LONGEST_ALIAS]))
        properties.append(xml.element("tag", val=question["name"]))
        properties.append(xml.element("id", val=1000 + self._controls))
        properties.append(xml.element("lock", val="sdtLocked"))
        if not shown:
            properties.append(xml.element("showingPlcHdr"))
        properties.append(self._kind(question))
        self._letters(content, shown or question["empty"], backwards=backwards)
        if not shown:
            for run in content:
                xml.run_property(run, xml.element("rStyle", val=_placeholder_id()))
                xml.run_property(run, xml.element("color", val=_QUIET))
        made.append(properties)
        made.append(content)
        paragraph.append(made)

    def _kind(self, question: Json) -> Any:  # noqa: ANN401  # lxml's element
        if question["kind"] == "date":
            made = xml.element("date")
            for name, value in (
                ("dateFormat", "yyyy-MM-dd"),
                ("lid", region(self._language)),
                ("storeMappedDataAs", "date"),
                ("calendar", "gregorian"),
            ):
                made.append(xml.element(name, val=value))
            return made
        if question["kind"] == "choice":
            made = xml.element("dropDownList")
            for value, shown in question["options"]:
                made.append(xml.element("listItem", displayText=shown, value=value))
            return made
        return (
            xml.element("text", multiLine=1) if question["kind"] == "text" else xml.element("text")
        )


def blank(content: Content, parts: Mapping[str, str], form: Json) -> bytes:
    """Make the blank form of frozen content; the same bytes for the same content."""
    said = Setting.of(parts["set"])
    backwards = content.direction == "rtl"
    document = fresh(said, language=content.language, right_to_left=backwards)
    made = Form(
        document,
        said,
        language=content.language,
        right_to_left=backwards,
        pictures=by_any_name(content),
        picture_words=alts(content),
    )
    made.writer.paragraph(said.title, "Title")
    if said.summary:
        made.writer.paragraph(said.summary, "Subtitle")
    made.writer.write(tree(parts["body"]))
    made.write(form, {})
    return saved(document, said, content.language)


def filled(
    organisation: OrganisationSpec,
    form: Json,
    values: Mapping[str, str],
    found: Sequence[Mapping[str, str]],
    *,
    language: str,
    reference: str,
) -> bytes:
    """Make a form with its answers, and below it what was found that is like the proposal.

    Args:
        organisation: whose form it is.
        form: see `work_item_forms.told`.
        values: the answers by name.
        found: `item`, `why` and `answer` of each.
        language: the form's.
        reference: what the proposal is cited by.
    """
    backwards = direction(language) == "rtl"
    said = Setting(
        title=values.get("title") or reference,
        summary="",
        organisation=in_language(organisation.name, language),
        short=organisation.short,
        head=reference,
        entry="",
        brand=palette(organisation),
        labels={"page": form["page"], "of": form["of"]},
    )
    document = fresh(said, language=language, right_to_left=backwards)
    made = Form(document, said, language=language, right_to_left=backwards)
    made.writer.paragraph(said.title, "Title")
    made.writer.paragraph(f"{reference} · {said.organisation}", "Subtitle")
    made.write(form, values)
    names = form["found"]
    made.writer.paragraph(names["heading"], "Heading 1")
    if found:
        head = [names["item"], names["why"], names["answer"]]
        made.writer.rows([head, *([one["item"], one["why"], one["answer"]] for one in found)])
    else:
        made.writer.paragraph(names["none"], "Normal")
    return saved(document, said, language)


def saved(document: Document, said: Setting, language: str) -> bytes:
    """Give a document's bytes, with no moment in them."""
    known = document.core_properties
    known.title, known.author, known.subject = said.title[:255], said.organisation[:255], ""
    known.language, known.comments, known.keywords = region(language), "", ""
    known.last_modified_by, known.revision = "", 1
    made = io.BytesIO()
    document.save(made)
    return steadied(made.getvalue())


def _placeholder(document: Document) -> None:
    """Bring the style in which office programs show what has not been answered."""
    from docx.enum.style import WD_STYLE_TYPE

    made = document.styles.add_style(_PLACEHOLDER, WD_STYLE_TYPE.CHARACTER)
    xml.run_property(made.element, xml.element("color", val=_QUIET))


def _placeholder_id() -> str:
    return _PLACEHOLDER.replace(" ", "")


def _begins_left(text: str) -> bool:
    """Whether an answer is in a language written from left to right, by its first letter."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind for kind in kinds if kind in ("L", "R", "AL")), "") == "L"
