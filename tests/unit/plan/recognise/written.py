"""One table, written as a file of each kind that is read."""

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable

from docx import Document
from openpyxl import Workbook

Table = list[list[str]]


def docx(table: Table) -> bytes:
    """Write a Word document."""
    made, document = io.BytesIO(), Document()
    grid = document.add_table(rows=len(table), cols=len(table[0]))
    for row, said in zip(grid.rows, table, strict=True):
        for cell, words in zip(row.cells, said, strict=True):
            cell.text = words
    document.save(made)
    return made.getvalue()


def with_part(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Change one part of an office program's file."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            new.writestr(name, change(said) if name == part else said)
    return made.getvalue()


def xlsx(table: Table) -> bytes:
    """Write a workbook."""
    made, book = io.BytesIO(), Workbook()
    sheet = book.worksheets[0]
    for row, said in enumerate(table, 1):
        for column, words in enumerate(said, 1):
            cell = sheet.cell(row, column)
            cell.value, cell.data_type = words, "s"  # a word, whatever it begins with
    book.save(made)
    return made.getvalue()


def separated(by: str, code: str = "utf-8") -> Callable[[Table], bytes]:
    """Give a writer of separated values."""

    def write(table: Table) -> bytes:
        made = io.StringIO(newline="")
        csv.writer(made, delimiter=by).writerows(table)
        return made.getvalue().encode(code)

    return write


def page(table: Table) -> bytes:
    """Write a page."""
    rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in table)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>".encode()


def markdown(table: Table) -> bytes:
    """Write Markdown."""
    lines = [f"| {' | '.join(map(_escaped, row))} |" for row in table]
    return "\n".join([lines[0], "|---" * len(table[0]) + "|", *lines[1:]]).encode()


def rst(table: Table) -> bytes:
    """Write reStructuredText."""
    rows = [
        "\n".join(
            f"   {'* -' if not at else '  -'} {_escaped(cell)}" for at, cell in enumerate(row)
        )
        for row in table
    ]
    return "\n".join([".. list-table::", "   :header-rows: 1", "", *rows, ""]).encode()


def _escaped(words: str) -> str:
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", words)


KINDS: dict[str, Callable[[Table], bytes]] = {
    "plan.docx": docx,
    "plan.xlsx": xlsx,
    "comma.csv": separated(","),
    "semicolon.csv": separated(";", "utf-8-sig"),
    "tab.csv": separated("\t", "utf-16"),
    "unmarked.tsv": separated("\t", "utf-16-le"),
    "plan.html": page,
    "plan.md": markdown,
    "plan.rst": rst,
}
