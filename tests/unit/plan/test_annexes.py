"""What a board's paper is handed in with is looked at before anybody is sent it."""

import io

import openpyxl
import pikepdf
import pytest

from publisher.plan.annex_file import annex
from publisher.plan.check import check
from publisher.plan.read import source
from publisher.plan.write import changed_files
from tests.plans import smallest_plan
from tests.unit.plan.test_masters import changed, slides, word


def pdf(*, script: bool = False, password: str = "", attached: bool = False):
    """Make a PDF."""
    made, saved = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    if script:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        names = pikepdf.Array([pikepdf.String("go"), made.make_indirect(action)])
        made.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))
    if attached:
        made.attachments["x.exe"] = b"MZ"
    made.save(saved, encryption=pikepdf.Encryption(user=password) if password else False)
    return saved.getvalue()


def spreadsheet() -> bytes:
    """Make an Excel file."""
    made = io.BytesIO()
    openpyxl.Workbook().save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.pdf", pdf()),
        ("paper.docx", word()),
        ("slides.pptx", slides()),
        ("figures.XLSX", spreadsheet()),
        ("figures.csv", "\ufeffBody,n\nTMB,3\n".encode()),
        ("ring.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_what_is_what_it_says_is_kept(name, content):
    """Byte for byte."""
    assert annex(name, content).content == content


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("paper.pdf", b"", "no PDF"),
        ("paper.pdf", word(), "no PDF"),
        ("paper.pdf", pdf()[:200], "damaged"),
        ("paper.pdf", pdf(password="s3cret"), "password"),
        ("paper.pdf", pdf(script=True), "runs programs"),
        ("paper.pdf", pdf(attached=True), "other files"),
        ("paper.docx", spreadsheet(), "no Word document"),
        ("figures.xlsx", word(), "no Excel spreadsheet"),
        ("figures.xlsx", changed(spreadsheet(), **{"xl/vbaProject.bin": b"x"}), "macros"),
        ("figures.csv", b"a\x00b", "control characters"),
        ("figures.csv", "é".encode("latin-1"), "UTF-8"),
        ("ring.png", b"GIF89a", "name it so"),
        ("my paper.pdf", pdf(), "name"),
    ],
)
def test_what_is_not_is_refused_with_a_sentence(name, content, why):
    """Damaged, shut, of another kind, or able to do something."""
    assert why in annex(name, content)


def test_a_plan_has_them_below_its_calendar(tmp_path):
    """They are read and written back; one that is not there, or stands elsewhere, is named."""
    smallest_plan(tmp_path)
    (tmp_path / "calendar/annexes").mkdir()
    (tmp_path / "calendar/annexes/paper.pdf").write_bytes(pdf())
    entry = next((tmp_path / "calendar").glob("*.md"))
    named = [("annexes/paper.pdf", 1), ("annexes/papers.pdf", 2), ("pictures/x.png", 3)]
    lines = "".join(f"  - {{ file: {file}, title: {{ en: T{at} }} }}\n" for file, at in named)
    entry.write_text(entry.read_text().replace("---\n", f"---\nannexes:\n{lines}", 1))

    found = source(tmp_path)
    said = [str(problem) for problem in check(found.plan)]

    assert found.plan.pictures["calendar/annexes/paper.pdf"].media_type == "application/pdf"
    assert any("no annex “calendar/annexes/papers.pdf”; did you mean" in one for one in said)
    assert any("“pictures/x.png” does not stand below annexes/" in one for one in said)
    assert not any("T1" in one for one in said)
    (tmp_path / "calendar/annexes/other.exe").write_bytes(b"MZ")
    assert any("files here end in" in str(one) for one in source(tmp_path).problems)
    assert changed_files(tmp_path, found.plan, found.plan) == {}
