"""What templates see is documented, and what is documented is there."""

import dataclasses
import re
from pathlib import Path

import pytest

from publisher.render import context, forms, guards
from publisher.render.filters import OURS
from publisher.render.holes import NAMES
from publisher.render.officers import FILTERS
from publisher.render.words import Words
from tests.unit.render.cells import TEMPLATES

README = (TEMPLATES / "README.md").read_text()
SAID = set(re.findall(r"`([a-z0-9_.]+)`", README))
HIDDEN = {"chosen", "network"}
#: what only the templates of documents are given, by the form that renders them
OF_DOCUMENTS = {
    "body.html", "body.typst", "head", "slides", "opening", "sections", "others"
}  # fmt: skip
FORMS = "".join(path.read_text() for path in Path(forms.__file__).parent.rglob("*.py"))


def fields(shape):
    return [field.name for field in dataclasses.fields(shape)]


def every_variable():
    """Give each name a template may print, and those of the lists' items."""
    yield from (name for name in fields(context.Context) if name not in HIDDEN)
    groups = {"entry": context.EntryWords, "organisation": context.OrganisationWords}
    groups |= {"audience": context.NamedWords, "channel": context.NamedWords}
    for group, shape in groups.items():
        yield from (f"{group}.{name}" for name in fields(shape))
    for shape in (context.MessageWords, context.PictureWords, context.PartnerWords):
        yield from fields(shape)
    public = [name for name in vars(Words) if not name.startswith("_")]
    yield from (f"words.{name}" for name in public)
    yield from NAMES


@pytest.mark.parametrize("name", sorted(set(every_variable()) - set(dict.fromkeys(
    ["entry", "organisation", "audience", "channel"]
))))  # fmt: skip
def test_each_variable_is_documented(name):
    """A designer finds every name in templates/README.md."""
    assert name in SAID


def test_nothing_is_documented_that_is_not_there():
    """A documented name that is gone would be an error at every use."""
    variables = set(every_variable()) | {"start", "end"}
    table = re.findall(r"^\| (`[^|]+`) \|", README, flags=re.MULTILINE)
    names = {name for row in table for name in re.findall(r"`([^`]+)`", row)}

    given = {name for name in OF_DOCUMENTS if name.partition(".")[0] in FORMS}
    assert {name for name in names if "/" not in name} <= variables | OURS.keys() | given


def test_each_filter_is_documented():
    """Jinja's, ours, and those officers may use."""
    listed = {word for quoted in re.findall(r"`([a-z_ ]+)`", README) for word in quoted.split()}

    assert guards.LINEAR_FILTERS | OURS.keys() | set(FILTERS) <= listed
