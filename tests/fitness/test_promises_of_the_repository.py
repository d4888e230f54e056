"""The repository checks what it promises."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest
import typer

from publisher.adapters import registry
from publisher.cli.main import FILES

ROOT = Path(__file__).parent.parent.parent
PLAN_FOLDERS = ("audiences", "channels", "templates", "calendar")
PAGES = sorted(
    [*ROOT.glob("*.md")]
    + [page for folder in (*PLAN_FOLDERS, "docs") for page in (ROOT / folder).rglob("*.md")]
)


def generator():
    """Load the program that writes the reference pages."""
    path = ROOT / "docs/reference/generate.py"
    spec = importlib.util.spec_from_file_location("generate_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["settings.md", "commands.md"])
def test_the_reference_pages_are_those_of_the_code(page):
    """A setting or command that is not documented does not land."""
    written = (ROOT / "docs/reference" / page).read_text()

    assert written == generator().PAGES[page](), "run docs/reference/generate.py"


def test_every_adapter_has_its_page():
    """Who chooses a channel can read what it carries and what it needs."""
    pages = {page.stem for page in (ROOT / "docs/channels").glob("*.md")}

    assert set(registry.names()) - pages == set()


@pytest.mark.parametrize("folder", PLAN_FOLDERS)
def test_plan_folders_hold_no_python(folder):
    """An importable `calendar` would shadow the standard library's."""
    assert [*(ROOT / folder).rglob("*.py")] == []


def test_no_module_is_named_after_the_standard_library():
    """`publisher.calendar` would be read as `calendar` by whoever is in a hurry."""
    ours = {path.stem for path in (ROOT / "publisher").iterdir()}

    assert ours & set(sys.stdlib_module_names) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    """A reader who follows a link finds the page."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    broken = [link for link in links if not (page.parent / link).exists()]

    assert broken == []


def test_every_decision_says_why_and_stands_in_the_index():
    """A decision has a context, a decision and consequences, and is found under its title."""
    folder = ROOT / "docs/decisions"
    index = (folder / "README.md").read_text()
    for page in folder.glob("[0-9]*.md"):
        text = page.read_text()
        title = text.partition("\n")[0].removeprefix("# ")
        assert title.startswith(f"{int(page.name[:4])}. ")
        assert f"- [{title}]({page.name})\n" in index
        for heading in ("## Context", "## Decision", "## Consequences"):
            assert heading in text, f"{page.name} lacks {heading}"


@pytest.mark.parametrize(("word", "file"), FILES.items())
def test_a_command_is_in_the_file_that_is_loaded_for_it(word, file):
    """Else nobody finds it, as that file comes alone."""
    app = typer.Typer()
    importlib.import_module(f"publisher.cli.{file}").register(app)

    assert word in typer.main.get_group(app).commands
