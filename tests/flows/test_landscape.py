"""Work items come in from files and feeds, and what is alike is found, with reasons."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from publisher.cli.landscape import register
from publisher.flows.find_related import find_related
from publisher.flows.landscape import gather_items
from publisher.flows.settle_landscape import conflicts, settle
from publisher.models import IndexedTitle, WorkItem
from publisher.models.errors import Refused
from tests.rows import rows

NOW = datetime(2027, 3, 12, 8, 0, tzinfo=UTC)
LATER = datetime(2027, 4, 12, 8, 0, tzinfo=UTC)
KEYS = "The Directory - Public-key certificates"
ISO = [
    {"id": "ISO/IEC 9594-8:2020", "title": KEYS, "ics": ["35.100.70"], "stage": "60.60"},
    {"id": "ISO/IEC 9594-8:2020/Amd 1:2022", "title": f"{KEYS} - Amendment 1"},
    {"id": "ISO/IEC 9594-9:2020", "title": "The Directory - Replication", "stage": "60.60"},
    {"id": "ISO 1003:1980", "title": "Spices - Ginger, whole", "stage": "95.99"},
    {"id": "IEC 80601-2-60:2019", "title": "Dental equipment - Safety", "stage": "60.60"},
]
IEC = [
    {"id": "IEC 80601-2-60:2019", "title": "Particular requirements for dental equipment"},
    {"id": "IEC 60079-15:2017", "title": "Explosive atmospheres - Protection by type n"},
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(tmp_path):
    """Write lines to a file and import it."""
    rows()

    def bring(said, organisation="iso", name="items.json", now=NOW, **how):
        file = tmp_path / name
        text = said if isinstance(said, str) else json.dumps(said)
        file.write_text(text, encoding="utf-8")
        return gather_items(str(file), organisation=organisation, now=now, **how)

    return bring


def test_an_import_can_be_repeated(bring):
    """The second time nothing changes, not even the day of the last change."""
    first = bring(ISO)
    again = bring(ISO, now=LATER)

    assert (first.new, first.changed) == (5, 0)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 5)
    assert WorkItem.objects.filter(changed_at=NOW).count() == 5


def test_a_source_may_change_what_it_says(bring):
    """New words of the same source replace the old, and are found at once."""
    bring(ISO)
    done = bring([{**ISO[3], "title": "Spices - Turmeric"}], now=LATER)

    item = WorkItem.objects.get(identifier="ISO 1003:1980")
    assert (done.changed, done.conflicts) == (1, [])
    assert (item.title, item.first_seen_at, item.changed_at) == ("Spices - Turmeric", NOW, LATER)
    assert find_related("Turmeric").found[0].identifier == "ISO 1003:1980"


def test_what_a_source_does_not_name_any_more_is_gone_until_it_comes_again(bring):
    """It is found no more, and told; another organisation's, or source's, stays."""
    bring(IEC, "iec")
    bring([{"id": "ISO 7:2000", "title": "Spices - Saffron"}], name="other.json")
    bring(ISO)

    done = bring([*ISO[:3], ISO[4]], now=LATER)

    gone = WorkItem.objects.get(identifier="ISO 1003:1980")
    assert (done.gone, done.gone_items) == (1, ["ISO 1003:1980"])
    assert (gone.missing_since, gone.changed_at) == (LATER, LATER)
    assert not any("Ginger" in one.title for one in find_related("Spices ginger").found)
    assert WorkItem.objects.filter(missing_since=None).count() == 7

    back = bring(ISO, now=LATER)
    assert (back.gone, back.changed, back.new) == (0, 1, 0)
    assert find_related("ginger spices").found[0].identifier == "ISO 1003:1980"
    assert not WorkItem.objects.exclude(missing_since=None).exists()


def test_a_part_takes_nothing_away_and_a_file_that_lost_most_is_asked_about(bring):
    """A feed holds the newest only; a bad line may be the one that is missing."""
    many = [{"id": f"ISO {number}:2020", "title": f"Thing {number}"} for number in range(30)]
    bring(many)
    feed = "<rss version='2.0'><channel><title>T</title><item><title>ISO 1:2020 - Thing 1</title>"
    feed += "<link>https://iso.example.org/1</link></item></channel></rss>"

    assert bring(many[:9], adds=True).gone == 0
    assert bring([*many[:20], {"title": "no number"}]).gone == 0
    bring(feed, name="items.xml")
    assert bring(feed.replace("1:2020 - Thing 1", "2:2020 - Thing 2"), name="items.xml").gone == 0
    with pytest.raises(Refused, match="names 9 of the 30 work items"):
        bring(many[:9])
    assert not WorkItem.objects.exclude(missing_since=None).exists()
    assert bring(many[:9], shrinks=True).gone == 21


def test_one_identifier_with_two_titles_in_a_file_is_a_conflict(bring):
    """The first stands, the other is shown; the same words twice are merged."""
    done = bring([*ISO, {**ISO[3], "title": "Cinnamon"}, {**ISO[2], "edition": "9"}])

    item = WorkItem.objects.get(identifier="ISO 1003:1980")
    assert done.conflicts == ["ISO 1003:1980"]
    assert (item.title, item.conflicts) == ("Spices - Ginger, whole", {"items.json": ["Cinnamon"]})
    assert done.repeated == 1
    assert WorkItem.objects.get(identifier="ISO/IEC 9594-9:2020").edition == "9"
    found = find_related("ginger spices").found[0]
    assert found.conflicts == {"items.json": ["Cinnamon"]}
    assert any("different titles" in reason for reason in found.reasons)


def test_two_sources_that_differ_are_a_conflict_until_they_agree(bring):
    """The words that were there stay; a person changes one source, and the conflict is gone."""
    bring(ISO)
    bring([{**ISO[3], "title": "Cinnamon"}], name="other.json")
    item = WorkItem.objects.get(identifier="ISO 1003:1980")
    assert (item.title, item.conflicts) == ("Spices - Ginger, whole", {"other.json": ["Cinnamon"]})

    bring([ISO[3]], name="other.json")

    item.refresh_from_db()
    assert (item.title, item.conflicts, item.source) == ("Spices - Ginger, whole", {}, "items.json")


def test_bad_lines_are_told_and_good_ones_come_in(bring):
    """Each with its place and what is wrong."""
    done = bring(
        "identifier,title,published\nISO 1:2022,Screws,\n,Nothing,\nISO 2,X,soon\n", name="a.csv"
    )

    assert (done.lines, done.new, done.bad) == (3, 1, 2)
    assert done.problems == [
        "line 3: it has no identifier",
        "line 4: “soon” is no date such as 2024, 2024-08 or 2024-08-31",
    ]


def test_json_lines_may_be_packed(bring, tmp_path):
    """As dumps of records are."""
    file = tmp_path / "items.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, ISO)).encode()))

    assert gather_items(str(file), organisation="iso", now=NOW).new == 5


def test_a_feed_brings_what_its_headlines_name(bring):
    """A headline without an identifier is told, not guessed at."""
    done = bring(
        """<rss version="2.0"><channel><title>New work</title>
        <item><title>ISO/IEC 9594-12 – Key management</title><link>https://example.org/1</link>
        <description>Keys of directories.</description></item>
        <item><title>A workshop in May</title><link>https://example.org/2</link></item>
        </channel></rss>""",
        name="new.rss",
    )

    item = WorkItem.objects.get()
    assert (item.identifier, item.title, item.work) == (
        "ISO/IEC 9594-12",
        "Key management",
        "9594-12",
    )
    assert (item.scope, item.url) == ("Keys of directories.", "https://example.org/1")
    assert (done.bad, done.problems) == (1, ["item 2: it has no identifier"])


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("items.docx", "x", "name it by what it is"),
        ("items.json", "{", "it is no JSON"),
        ("items.json", "{}", "must be a list"),
        ("items.json", "[1]", "item 1 is no object"),
        ("items.jsonl.gz", "not packed", "cannot be read"),
        ("items.csv", "", "empty"),
        ("items.rss", "words", "not a feed"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(bring, name, text, sentence):
    """Nothing comes in from a file that is not what it says."""
    with pytest.raises(Refused, match=sentence):
        bring(text, name=name)
    assert not WorkItem.objects.exists()


def test_an_unknown_organisation_is_refused(bring):
    """With the name that was probably meant."""
    with pytest.raises(Refused, match="“isoo” is no organisation of the plan"):
        bring(ISO, organisation="isoo")


def test_a_twin_is_known_by_its_identifier(bring):
    """IEC's adoption of a joint document, whatever its title; its own items are left out."""
    bring(ISO)
    bring(IEC, organisation="iec", name="iec.json")

    searched = find_related("IEC 80601-2-60", organisation="iec")

    assert searched.organisations == ("iso",)
    best = searched.found[0]
    assert (best.identifier, best.kind, best.by) == ("IEC 80601-2-60:2019", "twin", "identifier")
    assert best.reasons[0] == "Both are ISO/IEC 80601-2-60."
    assert {found.organisation for found in searched.found} == {"iso"}


def test_a_common_text_is_known_by_either_number(bring):
    """The bar in a proposal's title, and the record of the twin, both name it."""
    bring(ISO)
    bring(
        [{"id": "ITU-T X.509 (10/2019)", "title": "Trust", "same_as": ["ISO/IEC 9594-8"]}],
        organisation="iec",
        name="itu.json",
    )

    proposed = find_related("ITU-T X.509 | ISO/IEC 9594-8 Keys")
    known = find_related("ITU-T X.509")
    back = find_related("ISO/IEC 9594-8")

    twins = {found.identifier for found in proposed.found if found.by == "identifier"}
    assert twins == {"ISO/IEC 9594-8:2020", "ITU-T X.509 (10/2019)"}
    assert known.found[0].identifier == "ISO/IEC 9594-8:2020"
    assert back.found[0].identifier == "ITU-T X.509 (10/2019)"


def test_a_twin_is_known_by_its_words_and_a_sibling_is_not(bring):
    """Amendments are no documents of their own: the document stands for them."""
    bring(ISO)

    found = find_related("Directory: Public-Key Certificate", scope="Keys").found

    assert [(one.identifier, one.kind, one.by) for one in found] == [
        ("ISO/IEC 9594-8:2020", "twin", "words"),
        ("ISO/IEC 9594-9:2020", "related", "words"),
    ]
    assert found[0].ics == ("35.100.70",)


def test_words_that_nobody_has_find_nothing(bring):
    """What was searched is said all the same."""
    bring(ISO)

    searched = find_related("Zeppelins")

    assert searched.found == ()
    assert searched.titles == IndexedTitle.objects.count() == 4
    assert searched.organisations == ("iso",)


@pytest.mark.parametrize("title", ["'; DROP TABLE x; --", "' | 'directory':*", "🙂 東京 \0"])
def test_any_words_may_be_searched(bring, title):
    """Words are words: nothing of them is run as a query."""
    bring(ISO)

    assert find_related(title).titles == 4


@pytest.mark.parametrize("title", ["", "of the", "\\", "🙂"])
def test_no_word_is_refused(bring, title):
    """With a sentence, not with all there is."""
    bring(ISO)

    with pytest.raises(Refused, match="no word in the title"):
        find_related(title)


def test_the_commands_print_what_was_found(bring, tmp_path):
    """For machines, one value; for people, the reasons."""
    bring(ISO)
    app = typer.Typer()
    register(app)
    file = tmp_path / "iec.csv"
    file.write_text("identifier,title\nIEC 60079-15:2017,Explosive atmospheres\n,bad\n")

    def run(*words):
        result = CliRunner().invoke(app, ["landscape", *words])
        assert result.exit_code == 0, result.output
        return result

    brought = run("import", str(file), "--organisation", "iec", "--json")
    as_json = json.loads(run("find", "Public-key certificates", "--json").stdout)

    assert json.loads(brought.stdout)["new"] == 1
    assert "line 3: it has no identifier" in " ".join(brought.stderr.split())
    assert as_json["found"][0]["identifier"] == "ISO/IEC 9594-8:2020"
    assert "same but for" in " ".join(run("find", "Public-key certificates").stdout.split())
    assert "No overlap found in 5 titles of iec, iso." in run("find", "Zeppelins").stdout


def test_a_person_decides_between_two_titles_and_it_stays_so(bring):
    """Repeats of the losing title change nothing; new words are a conflict again."""
    bring(ISO)
    other = {**ISO[3], "title": "Cinnamon", "stage": "60.60"}
    bring([other], name="other.json")

    with pytest.raises(Refused, match="choose one of “Spices - Ginger, whole”, “Cinnamon”"):
        _settle("Pepper")
    _settle("Cinnamon")
    bring(ISO, now=LATER)
    again = bring([other], name="other.json", now=LATER)

    item = WorkItem.objects.get(identifier="ISO 1003:1980")
    assert (item.title, item.conflicts, again.conflicts) == ("Cinnamon", {}, [])
    assert (item.decided["by"], item.decided["over"]) == ("Anna", ["Spices - Ginger, whole"])
    assert find_related("Cinnamon").found[0].identifier == "ISO 1003:1980"
    assert [one.identifier for one in conflicts()] == []

    bring([{**other, "title": "Nutmeg"}], name="other.json", now=LATER)
    assert [one.others for one in conflicts("iso")] == [{"other.json": ["Nutmeg"]}]


def test_only_what_waits_can_be_decided_and_only_by_somebody(bring):
    """With a sentence that says what to do."""
    bring(ISO)

    with pytest.raises(Refused, match="no conflict of that name waits"):
        _settle("Cinnamon")
    with pytest.raises(Refused, match="A decision is a person's"):
        _settle("Cinnamon", person=" ")


def _settle(title, person="Anna"):
    settle(
        "ISO 1003:1980", organisation="iso", title=title, person=person, why="checked", now=LATER
    )


def test_a_feed_with_an_entity_bomb_is_refused(bring):
    """A kilobyte that would be gigabytes, and nothing of it comes in."""
    levels = "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ten words of ISO 1"}">' for n in range(12)
    )
    bomb = f"""<?xml version="1.0"?><!DOCTYPE rss [{levels}]><rss version="2.0"><channel>
        <title>&a11;</title><item><title>ISO 1 &a11;</title><link>https://example.org/</link></item>
        </channel></rss>"""

    try:
        done = bring(bomb, name="bomb.rss")
    except Refused:
        assert not WorkItem.objects.exists()
    else:
        # feedparser leaves the entities alone, so it is short.
        assert all(len(item.title) < 100 for item in WorkItem.objects.all())
        assert done.new <= 1


@pytest.mark.usefixtures("bring")
def test_a_feed_of_a_hundred_megabytes_is_refused(tmp_path):
    """It is not even read to its end."""
    file = tmp_path / "long.rss"
    with file.open("wb") as long:
        long.write(b"<rss>")
        long.truncate(100_000_000)

    with pytest.raises(Refused, match="longer than 20 MB"):
        gather_items(str(file), organisation="iso", now=NOW)


def test_when_and_to_whom_to_answer_comes_from_the_source(bring):
    """A day that is none is a bad line."""
    done = bring(
        "id,title,comments_by,contact\n"
        "ISO/NP 9,Screws,2027-05-01,screws@iso.example\nISO/NP 10,Nuts,whenever,\n",
        name="new.csv",
    )

    item = WorkItem.objects.get()
    assert (item.answer_by, item.answer_to) == ("2027-05-01", "screws@iso.example")
    assert done.bad == 1
