"""The product says the same in every language."""

import re
import string
from collections import Counter
from pathlib import Path

import pytest
import yaml

import publisher.web
from publisher.kit import words
from publisher.render.rendition import forms

OTHERS = [language for language in words.LANGUAGES if language != "en"]


def _values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_sentence_and_no_other(language):
    """What is missing would fail on the one page that says it."""
    assert words.sentences(language).keys() == words.sentences("en").keys()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translated_sentence_has_the_values_of_the_english_one(language):
    """A value left out would hide what a reader must know, such as who writes to it."""
    different = {
        key
        for key, sentence in words.sentences("en").items()
        if _values(sentence) != _values(words.sentences(language)[key])
    }
    assert not different


def test_no_key_stands_twice():
    """Which of the two is said would hang on the order of files."""
    said = Counter(
        (path.parent.name, key.value)
        for path in Path(words.__file__).parent.glob("*/*.yaml")
        for key, _ in yaml.compose(path.read_text("utf-8"), Loader=words._LOADER).value
    )
    assert said
    assert [key for key, times in said.items() if times > 1] == []


def test_every_sentence_is_said_somewhere():
    """A sentence nobody says is one more to translate for nothing."""
    package = Path(publisher.web.__file__).parent.parent
    sources = [
        path
        for kind in ("web/**/*.py", "web/**/*.html", "**/*.html.j2")
        for path in package.glob(kind)
    ]
    sources += [package / "feedback/letter.py", package / "landscape/reasons.py"]
    sources += [package / "render/shell.py", package / "render/work_item_forms.py"]
    sources += [package / "flows/form_letters.py", package / "flows/forms_given.py"]
    sources += [package / "flows/write_to_person.py"]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    said = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)\.?["']""", text))
    unsaid = {
        key
        for key in words.sentences("en")
        if key not in said and not {key.rpartition(".")[0], key.partition(".")[0]} & said
    }
    assert not unsaid


def test_every_form_has_a_name_that_people_know():
    """The desk lists them all where an entry is written."""
    named = {f"desk.entry.forms.{name.replace('-', '_')}" for name in forms()}

    assert named == {key for key in words.sentences("en") if key.startswith("desk.entry.forms.")}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["fr-CH"], "fr"),
        (["zh-hans"], "zh"),
        (["zh_Hans"], "zh"),
        (["de", "ar"], "ar"),
        (["de"], "en"),
        ([], "en"),
    ],
)
def test_the_first_language_that_is_known_is_spoken(wanted, found):
    """Else English."""
    assert words.known(wanted) == found
