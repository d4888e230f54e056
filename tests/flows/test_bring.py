"""Bringing one's own communication plan."""

import io
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook

from publisher.flows.bring import bring
from publisher.flows.check import check
from publisher.models.errors import Refused
from publisher.plan.read import read

REAL = Path(__file__).parents[1] / "data" / "communication_plan" / "joint-group.txt"
TABLE = [
    ["Audience", "Key message", "Channel", "When"],
    ["Press", "We exist.", "Newsletter, blog", "March"],
    ["ISO TMB (boards)", "We: report.", "Carrier pigeons", ""],
]


def _docx() -> bytes:
    made, document = io.BytesIO(), Document()
    table = document.add_table(rows=3, cols=4)
    for row, said in zip(table.rows, TABLE, strict=True):
        for cell, words in zip(row.cells, said, strict=True):
            cell.text = words
    document.save(made)
    return made.getvalue()


def _xlsx() -> bytes:
    made, book = io.BytesIO(), Workbook()
    for row in TABLE:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def _lines(before: str, between: str, after: str) -> str:
    return "".join(f"{before}{between.join(row)}{after}\n" for row in TABLE)


def _markdown() -> bytes:
    first, *rest = _lines("| ", " | ", " |").splitlines()
    return "\n".join([first, "|---|---|---|---|", *rest]).encode()


FILES = {
    "plan.docx": _docx,
    "plan.xlsx": _xlsx,
    "plan.csv": lambda: "".join(";".join(row) + "\n" for row in TABLE).encode("utf-16"),
    "plan.html": f"<table>{_lines('<tr><td>', '<td>', '')}</table>".encode,
    "plan.md": _markdown,
    "sideways.csv": lambda: "\n".join("\t".join(row) for row in zip(*TABLE, strict=True)).encode(),
}


def test_a_real_plan_comes_in_as_its_four_rows(tmp_path):
    """Its words are kept, and no mistake is found in the draft."""
    found = bring(REAL, tmp_path / "mine")

    assert [len(row.messages) for row in found.rows] == [1, 1, 6, 1]
    assert found.rows[1].channels == ["board-agenda-item", "board-report", "meeting-presentation"]
    assert "wsc-website" in found.rows[2].channels
    assert check(tmp_path / "mine") == []


@pytest.mark.parametrize("name", FILES)
def test_one_table_gives_one_draft_in_every_format(tmp_path, name):
    """Rows, channels of the menu and one that is not, and a question for each doubt."""
    (tmp_path / name).write_bytes(FILES[name]())

    found = bring(tmp_path / name, tmp_path / "mine")

    assert [(row.audience, row.channels) for row in found.rows] == [
        ("press", ["newsletter", "blog"]),
        ("iso-tmb", ["carrier-pigeons"]),
    ]
    assert check(tmp_path / "mine") == []
    assert read(tmp_path / "mine").messages["we-report"].text == {"en": "We: report."}
    press = (tmp_path / "mine/audiences/press.yaml").read_text()
    assert "  # ?: the plan says when: “March”; that is no one day." in press


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.txt", b"Nothing but words.", "holds no table"),
        ("plan.html", b"", "holds no table"),
        ("plan.pdf", b"%PDF", "of a kind that is not read"),
        ("plan.docx", b"PK\x03\x04", "plan.docx"),
        ("plan.xlsx", b"PK\x03\x04", "damaged"),
        ("plan.csv", b"\0\1", "is not text"),
        ("plan.csv", b"a," * 10_000, "50 columns"),
        ("plan.csv", b"a" * 20_000_001, "larger than"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path, name, content, sentence):
    """With one sentence, and nothing is written."""
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Refused, match=sentence):
        bring(tmp_path / name, tmp_path / "mine")

    assert not (tmp_path / "mine").exists()
