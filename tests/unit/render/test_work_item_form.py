"""The form for new work: each organisation's own questions, to be typed into, always the same."""

import io

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn

from publisher.kit import words
from publisher.render.rendition import attachments
from publisher.render.work_item_forms import LAYOUTS, parts, told
from tests.unit.render.cells import SITE, VALUES, rendered, sentences


@pytest.mark.parametrize("organisation", [*LAYOUTS, "another"])
def test_every_layout_speaks_every_language(organisation):
    """Each asks whether it duplicates work elsewhere, and no name twice."""
    names = [one.name for part in parts(organisation) for one in part.questions]
    assert {"title", "scope", "purpose", "committee", "duplicate", "address"} <= set(names)
    assert len(set(names)) == len(names)
    for language in words.LANGUAGES:
        form = told(organisation, language)
        assert all(
            one["label"] and one["empty"] for part in form["parts"] for one in part["questions"]
        )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_papers_can_be_filled_in_and_are_always_the_same(language):
    """Controls with titles, placeholders, days and choices; a tagged PDF; the address online."""
    said = {"language": language, "organisation": {"slug": "iso"}}
    content = rendered("work-item-form", **said)
    assert not sentences("work-item-form", **said)
    paper, word = attachments(content, VALUES)
    assert (paper, word) == attachments(content, VALUES)
    assert f"{SITE}/propose/iso/" in content.parts["html"]
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked

    controls = docx.Document(io.BytesIO(word.content)).element.body.findall(f".//{qn('w:sdt')}")
    kinds = {}
    for control in controls:
        properties = control.find(qn("w:sdtPr"))
        assert properties.find(qn("w:alias")).get(qn("w:val"))
        assert properties.find(qn("w:showingPlcHdr")) is not None
        kinds[properties.find(qn("w:tag")).get(qn("w:val"))] = properties[-1].tag
    assert len({one.find(f".//{qn('w:id')}").get(qn("w:val")) for one in controls}) == len(controls)
    assert kinds["starts"] == qn("w:date")
    assert kinds["track"] == qn("w:dropDownList")
    assert kinds["scope"] == kinds["title"] == qn("w:text")
