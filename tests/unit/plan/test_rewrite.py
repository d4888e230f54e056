"""Files changed from the database keep what somebody wrote around the change."""

from pathlib import Path

import pytest

from publisher.models.specs import EntrySpec
from publisher.plan.entry_text import entry_rewritten, entry_text
from publisher.plan.read import read
from publisher.plan.rewrite import rewritten, written
from tests.plans import ENTRY, smallest_plan

TEXT = """\
# top
name: A thing # why
# before kind
kind: "primary"
who: {everyone: true}
hears:
  # first row
  - message: m1 # eol
    through: [a, b]
    # inner
    why: x
  # second row
  - message: m2
    through:
      - a # aa
      - b # bb
# tail
"""
OLD = {
    "name": "A thing",
    "kind": "primary",
    "who": {"everyone": True},
    "hears": [
        {"message": "m1", "through": ["a", "b"], "why": "x"},
        {"message": "m2", "through": ["a", "b"]},
    ],
}


@pytest.mark.parametrize(
    ("new", "old_lines", "new_lines"),
    [
        pytest.param({**OLD, "name": "B"}, "name: A thing # why", "name: B # why", id="a word"),
        pytest.param(
            {**OLD, "name": {"en": "B", "fr": "C"}},
            "name: A thing # why",
            "# why\nname:\n  en: B\n  fr: C",
            id="a second language",
        ),
        pytest.param(
            {**OLD, "part_of": "all"},
            "# tail",
            "part_of: all\n# tail",
            id="a new field at the end",
        ),
        pytest.param(
            {"name": "A thing", "part_of": "all", "kind": "primary", **OLD},
            'kind: "primary"\n',
            'kind: "primary"\n',
            id="order is the file's",
        ),
        pytest.param(
            {**OLD, "who": {"attribute": "role", "is": ["a", "b"]}},
            "{everyone: true}",
            "{attribute: role, is: [a, b]}",
            id="braces stay braces",
        ),
        pytest.param(
            {**OLD, "hears": [OLD["hears"][0], {"message": "m2", "through": ["b"]}]},
            "      - a # aa\n",
            "",
            id="an item less",
        ),
        pytest.param(
            {**OLD, "hears": [OLD["hears"][0], {"message": "m2", "through": ["a", "c", "b"]}]},
            "      - b # bb",
            "      - c\n      - b # bb",
            id="an item more",
        ),
        pytest.param(
            {**OLD, "hears": OLD["hears"][1:]},
            "  - message: m1 # eol\n    through: [a, b]\n    # inner\n    why: x\n",
            "",
            id="a row less",
        ),
        pytest.param(
            {**OLD, "hears": [*OLD["hears"], {"message": "m3", "through": ["z"]}]},
            "# tail",
            "  - message: m3\n    through: [z]\n# tail",
            id="a row more",
        ),
        pytest.param(
            {**OLD, "hears": [{"message": "m1", "through": ["a", "b"]}, OLD["hears"][1]]},
            "    why: x\n",
            "",
            id="a field less",
        ),
        pytest.param(
            {name: value for name, value in OLD.items() if name != "hears"},
            TEXT[TEXT.index("hears:") : TEXT.index("# tail")],
            "",
            id="a list less",
        ),
    ],
)
def test_only_what_changed_is_touched(new, old_lines, new_lines):
    """Comments, quotation marks, braces and order stay as they were left."""
    changed = rewritten(TEXT, OLD, new)

    if "part_of" in new and list(new)[1] == "part_of":
        assert changed == TEXT.replace("# why\n", "# why\npart_of: all\n")
    else:
        assert changed == TEXT.replace(old_lines, new_lines)


def test_what_looks_like_something_else_is_quoted():
    """Whatever YAML the reader's other tools speak, words stay words."""
    text = written({"a": "no", "b": "20:00", "c": "1e3", "d": "# x", "e": "", "f": "null"})

    assert text == "a: 'no'\nb: '20:00'\nc: '1e3'\nd: '# x'\ne: ''\nf: 'null'\n"


def changed(folder: Path, **update: object) -> tuple[str, EntrySpec]:
    """Change the entry of a plan; give its text afterwards, and what it should say."""
    old = read(folder).entries["hello"]
    new = EntrySpec.model_validate({**old.model_dump(mode="json"), **update})
    text = (folder / ENTRY).read_text(encoding="utf-8")
    return entry_rewritten(text, old, new) or entry_text(new), new


def test_an_entrys_block_is_changed_in_its_place(tmp_path):
    """The other blocks and the comments in the front matter stay."""
    folder = smallest_plan(tmp_path)
    before = (folder / ENTRY).read_text(encoding="utf-8")
    words = [one.model_dump() for one in read(folder).entries["hello"].words]
    words[1]["words"] = "Changed at the desk,\n\nin two paragraphs."

    text, new = changed(folder, words=words, title={"en": "Good day"})

    expected = before.replace("title: Hello", "title: Good day").replace(
        "These words are for everybody alone.", words[1]["words"]
    )
    assert text == expected
    (folder / ENTRY).write_text(text, encoding="utf-8")
    assert read(folder).entries["hello"] == new


def test_words_that_look_like_blocks_are_fenced_by_more_colons(tmp_path):
    """What an officer types at the desk can always be written down."""
    folder = smallest_plan(tmp_path)
    words = [
        {"language": "en", "words": "::: for language=fr\nno block\n:::"},
        {"language": "fr", "form": "page", "words": "::::\n- a\n::::"},
    ]

    text, new = changed(folder, words=words)
    (folder / ENTRY).write_text(text, encoding="utf-8")

    assert read(folder).entries["hello"] == new
    assert "# Between these lines" in text
