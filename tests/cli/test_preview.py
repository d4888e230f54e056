"""`publisher preview`: word for word what will go out."""

import json

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli import preview
from tests.flows.stored import entry, joint_plan, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(monkeypatch):
    """Run the command as a terminal of 100 columns would."""
    app = typer.Typer()
    app.callback()(lambda: None)  # so that the command keeps its name
    preview.register(app)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words):
        result = CliRunner().invoke(app, ["preview", *words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


WORDS = [{"language": "en", "words": "Some *words*."}, {"language": "fr", "words": "Des mots."}]


def test_all_of_it_is_a_table_and_one_of_it_is_every_part(publisher):
    """With a hint of how to get from the one to the other."""
    store(joint_plan(entry(title={"en": "News", "fr": "Actualités"}, words=WORDS)))

    table = publisher("statement").stdout
    one = publisher("statement", "--language", "fr").stdout

    assert "Narrow it with --audience, --outlet and --language" in table
    assert "iso-news  en  feed" in table
    assert "Actualités" in one
    assert "html: 16 bytes of HTML; --html FILE writes it" in one


def test_machines_get_every_part_with_its_hash(publisher):
    """The hash is what an approval names."""
    store(joint_plan(entry(words=WORDS)))

    shown = json.loads(publisher("statement", "--language", "en", "--json").stdout)

    assert [(one["outlet"], one["parts"]["html"]) for one in shown] == [
        ("iec-news", "<p>Some <em>words</em>.</p>"),
        ("iso-news", "<p>Some <em>words</em>.</p>"),
    ]
    assert len({one["sha256"] for one in shown}) == 1


def test_the_html_can_be_opened(publisher, tmp_path):
    """When it is narrowed to one; else it says how to."""
    store(joint_plan(entry(title={"en": "News", "fr": "Actualités"}, words=WORDS)))
    file = tmp_path / "page.html"

    assert publisher("statement", "--language", "en", "--html", str(file)).exit_code == 0
    assert file.read_text() == "<p>Some <em>words</em>.</p>"
    refused = publisher("statement", "--html", str(file))
    assert refused.exit_code == 2
    assert "2 different HTML parts fit" in refused.stderr


def test_a_post_shows_its_count(publisher):
    """In its network's own unit."""
    plan = joint_plan(
        entry(words=[{"language": "en", "form": "post", "words": "Hello."}]), form="post"
    )
    outlets = {
        slug: outlet.model_copy(update={"adapter": "x"}) for slug, outlet in plan.outlets.items()
    }
    store(type(plan)(**vars(plan) | {"outlets": outlets}))

    shown = publisher("statement", "--outlet", "iso-news").stdout

    assert "Hello." in shown
    assert "6/280 weighted on X" in shown


def test_the_files_that_go_with_it_can_be_opened_before_it_goes_out(publisher, tmp_path):
    """In a folder for each cell; what only programs read is not printed."""
    store(joint_plan(entry(), form="report"))

    shown = publisher("statement", "--outlet", "iso-news", "--files", str(tmp_path)).stdout

    files = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert files == [
        "iso-news-members-en/statement-en.docx",
        "iso-news-members-en/statement-en.pdf",
    ]
    assert "─ body ─" in shown
    assert "─ set ─" not in shown
