"""A document that somebody brings may be anything: it is read, or refused with one sentence."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from openpyxl import Workbook

from publisher.models.errors import Refused
from publisher.plan.recognise.documents import document, readings
from tests.unit.plan.recognise.written import docx, rst, xlsx

TABLE = [["Audience", "Message", "Channel"], ["Café", "Hello", "Blog"]]
BOMB = b'<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY c "&a;&a;">]><b>&c;</b>'


def _with(content: bytes, **changed: Callable[[bytes], bytes]) -> bytes:
    """Change members of an archive; what is not there begins as nothing."""
    names = {name.replace("__", "/").replace("_dot_", "."): how for name, how in changed.items()}
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in dict.fromkeys([*old.namelist(), *names]):
            said = old.read(name) if name in old.namelist() else b""
            new.writestr(name, names[name](said) if name in names else said)
    return made.getvalue()


def _book() -> bytes:
    return xlsx(TABLE)


def _computing() -> bytes:
    made, book = io.BytesIO(), Workbook()
    book.worksheets[0].append(["=1+1"])
    book.save(made)
    return made.getvalue()


def _merged(reference: str) -> bytes:
    merge = f'<mergeCells count="1"><mergeCell ref="{reference}"/></mergeCells>'.encode()
    sheet = lambda said: said.replace(b"</sheetData>", b"</sheetData>" + merge)  # noqa: E731
    return _with(_book(), xl__worksheets__sheet1_dot_xml=sheet)


def _spanning(number: int) -> bytes:
    made, here = io.BytesIO(), Document()
    table = here.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1))
    here.save(made)
    wide = f'w:gridSpan w:val="{number}"'.encode()
    span = lambda said: said.replace(b'w:gridSpan w:val="2"', wide)  # noqa: E731
    return _with(made.getvalue(), word__document_dot_xml=span)


HOSTILE = {
    "noise": ("plan.docx", lambda: b"\x93\x1f" * 500, "damaged, or not the kind of file"),
    "cut off": ("plan.xlsx", lambda: _book()[:-200], "damaged"),
    "a locked one": ("plan.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9, "a password"),
    "a book called a document": ("plan.docx", _book, "is no Word file"),
    "macros": (
        "plan.docx",
        lambda: _with(docx(TABLE), word__vbaProject_dot_bin=lambda _: b"x"),
        "holds macros; save it without them",
    ),
    "a bomb": (
        "plan.xlsx",
        lambda: _with(_book(), xl__media__a_dot_xml=lambda _: bytes(61_000_000)),
        "becomes too large when it is opened",
    ),
    "a large part": (
        "plan.docx",
        lambda: _with(docx(TABLE), word__document_dot_xml=lambda said: said + b" " * 8_000_000),
        "far larger than any plan",
    ),
    "entities in a document": (
        "plan.docx",
        lambda: _with(docx(TABLE), word__document_dot_xml=lambda _: BOMB),
        "declares entities",
    ),
    "entities in a book, in UTF-16": (
        "plan.xlsx",
        lambda: _with(
            _book(), xl__sharedStrings_dot_xml=lambda _: BOMB.decode().encode("utf-16-be")
        ),
        "declares entities",
    ),
    "a document that is no XML": (
        "plan.docx",
        lambda: _with(docx(TABLE), word__document_dot_xml=lambda _: b"<w:document>"),
        "damaged",
    ),
    "a billion cells in one": ("plan.xlsx", lambda: _merged("A1:XFD1048576"), "merges more cells"),
    "cells merged nowhere": ("plan.xlsx", lambda: _merged("nowhere"), "damaged"),
    "a cell of many columns": ("plan.docx", lambda: _spanning(99_999), "50 columns"),
    "a page's": ("plan.html", lambda: b"<table><tr><td colspan=99999>a</table>", "50 columns"),
    "a formula": ("plan.csv", lambda: b"Audience,=HYPERLINK(1)\n", "formula in row 1"),
    "a call": ("plan.csv", lambda: b"a,b\n\"=cmd|' /C calc'!A0\",c\n", "formula in row 2"),
    "a quote that never ends": ("plan.csv", lambda: b'a,"' + b"b" * 200_000, "as CSV"),
    "a formula that gave nothing": ("plan.xlsx", _computing, "A1 of “Sheet” that was never"),
    "too many rows": ("plan.csv", lambda: b"a,b,c\n" * 2_001, "2,000 rows"),
    "no text": ("plan.md", lambda: b"\x89PNG\r\n\x1a\n" + bytes(40), "is not text"),
    "a long page": ("plan.html", lambda: b"<p>" * 2_000_000, "larger than 5 MB"),
    "a deep page": ("plan.html", lambda: b"<div>" * 50_000 + b"<table>", "holds no table"),
    "a bad table": ("plan.rst", lambda: b"+--+--+\n| a | b\n+--+\n", "line 3: Malformed table$"),
    "a macro's file": ("plan.xlsm", lambda: b"PK", "save it as .xlsx, without its macros"),
    "a PDF": ("plan.pdf", lambda: b"%PDF", "save its text as .txt"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_may_do_harm_is_refused_with_one_sentence(case):
    """It is named, and never opened as far as it could do harm."""
    name, made, sentence = HOSTILE[case]
    content = made()

    with pytest.raises(Refused, match=sentence) as refused:
        readings(name, content, document(name, content))

    assert str(refused.value).startswith(name)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("code", "header", "words"),
    [
        ("utf-8", "Audience;Message;Channel", "Café"),
        ("utf-8-sig", "Audience;Message;Channel", "Café"),
        ("utf-16", "Audience;Message;Channel", "Café"),
        ("utf-16-le", "Audience;Message;Channel", "Café"),
        ("utf-16-be", "目标受众;关键信息;传播渠道", "目标受众"),
        ("cp1252", "Public;Message clé;Canaux", "Café d’été, où l’on parle"),
        ("cp1251", "Целевая аудитория;Сообщение;Канал", "Сотрудники библиотеки"),
        ("cp1256", "الجمهور المستهدف;الرسالة الرئيسية;القنوات", "أصدقاء المكتبة العامة"),
        ("gb18030", "目标受众;关键信息;传播渠道", "图书馆的读者和邻居"),
    ],
)
def test_a_file_is_read_in_whatever_it_was_saved(code, header, words):
    """With a mark of its encoding or without; if that was guessed, it is said."""
    found = document("plan.csv", f"{header}\r\n{words};{words};Blog\r\n".encode(code))

    assert found.tables[0].cells == [header.split(";"), [words, words, "Blog"]]
    assert bool(found.notes) == (not code.startswith("utf"))


def test_a_text_takes_in_no_other_file(tmp_path):
    """Nor raw markup: reStructuredText can do both."""
    (tmp_path / "secret.txt").write_text("a secret")
    reading = (
        f"\n\n.. include:: {tmp_path}/secret.txt\n\n.. raw:: html\n\n   <h1>raw</h1>\n".encode()
    )

    found = document("plan.rst", rst(TABLE) + reading)

    assert len(found.tables[0].cells) == len(TABLE)
    assert not any("secret" in line.words or "raw" in line.words for line in found.lines)


def test_a_book_is_read_as_people_see_it():
    """Without its hidden sheets; numbers and ticks are words."""
    made, book = io.BytesIO(), Workbook()
    book.worksheets[0].append([2.0, True, False, 0.5])
    book.create_sheet("secret").sheet_state = "hidden"
    book.save(made)

    (found,) = document("plan.xlsx", made.getvalue()).tables

    assert (found.name, found.cells) == ("sheet “Sheet”", [["2", "yes", "", "0.5"]])
