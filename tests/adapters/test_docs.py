"""Whoever chooses a channel finds everything about it on one page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher.adapters import registry
from publisher.adapters.feed.formats import FORMATS
from publisher.render.rendition import forms

PAGES = Path(__file__).parent.parent.parent / "docs" / "channels"


@pytest.mark.parametrize("name", sorted({*registry.names(), *forms()}))
def test_every_adapter_and_form_has_its_page(name):
    """It is there, and the list of them leads to it."""
    assert (PAGES / f"{name}.md").is_file()
    assert f"({name}.md)" in (PAGES / "README.md").read_text()


@pytest.mark.parametrize("name", registry.names())
def test_every_setting_and_credential_field_is_on_the_adapters_page(name):
    """What can be set is written down, and nothing else is."""
    said = registry.adapter(name).capabilities
    text = (PAGES / f"{name}.md").read_text()

    missing = [
        word for word in (*said.settings, *said.credential_fields) if f"`{word}`" not in text
    ]
    assert missing == []


def test_the_pages_lead_nowhere_wrong():
    """Links between the pages, and into the code, are there."""
    folders = [PAGES, PAGES.parent / "howto"]
    broken = [
        (page.name, link)
        for folder in folders
        for page in folder.glob("*.md")
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
        if not (page.parent / link).exists()
    ]
    assert broken == []


def test_every_feed_format_is_named():
    """Three of them."""
    text = (PAGES / "feed.md").read_text()

    assert all(file in text for file in FORMATS)
