"""Any table of audiences, key messages and channels comes back as its rows, whatever it is in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher.models.specs import ChannelSpec
from publisher.plan.read import source
from publisher.plan.recognise.documents import document, readings
from publisher.plan.recognise.drafting import draft
from tests.unit.plan.recognise.written import KINDS

LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd", "Po", "Ps", "Pe"])
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), max_size=5).map(" ".join)
#: a letter first, so that no row is alike in all its cells and none begins as a formula
ROWS = st.lists(
    st.tuples(WORDS.map("A {}".format), WORDS.map("M {}".format), WORDS.map("C {}".format)),
    min_size=1,
    max_size=5,
)
HEADER = ["Audience", "Key message", "Channel"]
MENU = {
    "newsletter": ChannelSpec.model_validate(
        {"slug": "newsletter", "name": "Newsletter", "description": "A mail", "form": "newsletter"}
    )
}


def _said(row):
    return tuple(" ".join(cell.split()) for cell in row)


@pytest.mark.parametrize("kind", KINDS)
@given(table=ROWS)
@settings(max_examples=15, deadline=None)
def test_any_table_is_read_as_it_was_written(kind, table):
    """In each kind of file, row by row and word by word."""
    content = KINDS[kind]([HEADER, *map(list, table)])

    (found,) = readings(kind, content, document(kind, content))

    rows = [(row.audience, row.message, row.channel) for row in found.rows]
    assert rows == [_said(row) for row in table]


@given(table=ROWS)
@settings(max_examples=25, deadline=None)
def test_any_draft_holds_together(tmp_path_factory, table):
    """What is drafted can be read, and its parts fit: only questions are left."""
    content = KINDS["comma.csv"]([HEADER, *map(list, table)])
    made = draft(
        "comma.csv", readings("comma.csv", content, document("comma.csv", content)), MENU, {}
    )
    texts, questions = made.texts()
    folder = tmp_path_factory.mktemp("draft")
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)

    assert source(folder).all_problems() == []
    for one in questions:
        assert f"# ?: {one.sentence}" in texts[one.path].decode().split("\n")[one.line - 1]
