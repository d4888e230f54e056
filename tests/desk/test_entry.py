"""Writing an entry at the desk: saved whole, checked as files are, and nothing lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from asgiref.sync import async_to_sync

from publisher.flows import links, trial
from publisher.flows.approve import approve
from publisher.flows.edit import mark
from publisher.models import (
    Comment,
    Delivery,
    Draft,
    Entry,
    LinkAnswer,
    Person,
    Placement,
    Rendition,
    Trial,
    Version,
)
from publisher.settings import settings
from publisher.web.desk.entry.typed import typed_of
from tests.desk.people import desk_of, person
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/entry/statement/"
CELL = "iso-news members en"
TWO = entry(
    when="2027-03-20 09:00",
    speaks_for=["iso", "iec"],  # not in the order of the alphabet
    title={"en": "What we agreed", "fr": "Notre accord"},
    landscape={"ics": ["35"], "states": ["drafting"]},
    words=[
        {"language": "en", "words": "Working **together**. See [it](https://127.0.0.1:9/x)."},
        {"language": "fr", "words": "Travailler *ensemble*."},
    ],
)


@pytest.fixture
def desk(monkeypatch):
    """An editor of ISO, and an entry of ISO and IEC that is due in a week."""
    monkeypatch.setattr("publisher.kit.clock.now", lambda: NOW)
    store(joint_plan(TWO))
    return desk_of(person("ana", "editor", "iso"))


def form(**changed):
    """What a browser sends of the entry's form, with some fields changed."""
    row = Entry.objects.get(slug="statement")
    said = {name: list(values) for name, values in typed_of(row.spec).values.items()}
    return {**said, "seen": mark(row), "do": "save", "cell": CELL} | {
        name.replace("__", "."): value for name, value in changed.items()
    }


def approved():
    """Have both organisations say yes to everything."""
    for name, organisation in (("bea", "iso"), ("cid", "iec")):
        who = person(name, "approver", organisation)
        approve(entry="statement", organisation=organisation, person=who, now=NOW)


def test_the_form_shows_all_and_saving_it_unchanged_changes_nothing(desk):
    """Even what it has no field for comes back word for word."""
    before = Entry.objects.get().spec
    page = desk.get(ADDRESS).content.decode()

    assert "Working **together**." in page
    assert "landscape:" in page
    assert page.index('id="speaks_for-iso"') < page.index('id="speaks_for-iec"')
    assert "What we agreed" in desk.get("/desk/entries/").content.decode()
    assert desk.post(f"{ADDRESS}save", form()).status_code == 302
    assert Entry.objects.get().spec == before
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"title__en": "", "title__fr": ""}, "title-wrong", "must not be empty"),
        ({"words__0__words": " "}, "words-0-wrong", "at least 1 character"),
        ({"audiences": ["strangers"]}, "audiences-wrong", "unknown"),
        ({"at": "the day after"}, "when-wrong", "is not a time"),
        ({"other": "colour: [red"}, "other-wrong", "YAML"),
        ({"other": "colour: red"}, "other-wrong", ""),
        ({"other": "title: mine"}, "other-wrong", "field of its own"),
        ({"words__0__words": "Dear \ue000reader.name\ue001"}, "words-0-wrong", "sign"),
        ({"words__0__words": "Dear &#57344;x&#57345;"}, "words-0-wrong", "sign"),
    ],
)
def test_what_cannot_be_meant_is_said_at_its_field(desk, changed, field, sentence):
    """What was typed comes back with it, and the plan is as it was."""
    answer = desk.post(f"{ADDRESS}save", form(**changed, link="https://example.org/kept"))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert f'id="{field}"' in page
    assert sentence in page
    assert "https://example.org/kept" in page
    assert Entry.objects.get().spec["link"] == ""


def test_nobody_writes_what_is_another_organisations(desk):
    """A viewer and a member of another organisation look, and no button of theirs does anything."""
    store(joint_plan(entry(when="2027-03-20 09:00", speaks_for=["iec"])))
    viewer = desk_of(person("vic", "viewer", "iec"))

    for browser in (desk, viewer):
        page = browser.get(ADDRESS).content.decode()
        assert "look at this entry but not change it" in page
        assert browser.post(f"{ADDRESS}save", form(link="https://x.org")).status_code == 403
        assert browser.post(f"{ADDRESS}draft", form()).status_code == 403
    assert viewer.get("/desk/entries/new/").status_code == 403


def test_a_conflict_shows_both_and_either_can_be_taken(desk):
    """Nothing that anybody typed is lost."""
    mine = form(words__0__words="Mine.")
    assert desk.post(f"{ADDRESS}save", form(words__0__words="Theirs.")).status_code == 302

    answer = desk.post(f"{ADDRESS}save", mine)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "Theirs." in page
    assert "Mine." in page
    assert Entry.objects.get().said.words[0].words == "Theirs."
    assert (
        desk.post(f"{ADDRESS}save", {**mine, "seen": mark(Entry.objects.get())}).status_code == 302
    )
    assert Entry.objects.get().said.words[0].words == "Mine."


def test_the_yeses_that_a_change_undoes_are_listed_before_it_is_saved(desk):
    """Only those of words that change; the change is made once somebody agreed to that."""
    approved()
    quiet = desk.post(f"{ADDRESS}save", form(late_after="2 days"))
    assert quiet.status_code == 302, "no word changes, so no yes falls"
    loud = form(words__1__words="Travailler bien.")

    page = desk.post(f"{ADDRESS}save", loud).content.decode()

    assert page.count("the words change; the yes of") == 2, "ISO's and IEC's French copies"
    assert Entry.objects.get().said.words[1].words == "Travailler *ensemble*."
    word = page.split('name="falls_seen" value="')[1].split('"')[0]
    assert desk.post(f"{ADDRESS}save", {**loud, "falls_seen": word}).status_code == 302
    assert Entry.objects.get().said.words[1].words == "Travailler bien."
    assert Placement.objects.filter(rendition=None).exists()


def test_unsaved_words_are_shown_as_they_would_go_out_and_nothing_is_stored(desk):
    """Beside them stands what is worth knowing; nothing runs in the frame."""
    before = Rendition.objects.count(), Entry.objects.get().spec
    said = form(words__0__words="Typed **just now**.\n\n[evil](javascript:alert(1))")

    part = desk.post(f"{ADDRESS}preview", said).content.decode()
    frame = desk.post(f"{ADDRESS}frame", {**said, "no_pictures": "1", "dark": "1"})

    assert "colours of iso" in part.lower()
    assert "iframe" in part
    assert "<strong>just now</strong>" in frame.content.decode()
    assert "javascript:" not in frame.content.decode().replace("](javascript:", "")
    policy = frame["Content-Security-Policy"]
    assert policy.endswith("; sandbox")
    assert "img-src 'none'" in policy
    assert "script" not in policy
    assert (Rendition.objects.count(), Entry.objects.get().spec) == before
    saved = desk.get(f"{ADDRESS}frame?cell={CELL}").content.decode()
    assert "<strong>together</strong>" in saved


def test_the_list_of_looks_is_sent_anew_only_where_it_changes(desk):
    """What somebody ticks there while a preview is on its way is never overwritten by it."""
    page = desk.get(ADDRESS).content.decode()
    known = re.search(r'name="cells" value="(\w+)"', page)[1]
    alone = form(cells=known, words=["0"])  # the French words are gone

    assert "hx-swap-oob" not in desk.post(f"{ADDRESS}preview", form(cells=known)).content.decode()
    assert "hx-swap-oob" in desk.post(f"{ADDRESS}preview", alone).content.decode()


def test_words_are_added_copied_and_taken_away_without_a_script(desk):
    """Each button answers with the form; the plan waits until it is saved."""
    page = desk.post(f"{ADDRESS}save", form(do="add")).content.decode()
    assert page.count('class="markdown"') == 3
    page = desk.post(f"{ADDRESS}save", form(do="add:0", words__0__form="post")).content.decode()
    assert page.count("Working **together**.") == 2
    page = desk.post(f"{ADDRESS}save", form(do="remove:words-1")).content.decode()
    assert "Travailler" not in page
    assert len(Entry.objects.get().said.words) == 2


def test_a_draft_waits_for_whoever_typed_it(desk):
    """It is offered again, changes nothing in the plan, and is gone once it is saved."""
    said = form(title__en="Still thinking")

    assert desk.post(f"{ADDRESS}draft", said).status_code == 200
    assert "did not save it" in desk.get(ADDRESS).content.decode()
    assert "Still thinking" in desk.get(f"{ADDRESS}?draft").content.decode()
    other = desk_of(person("bob", "editor", "iec")).get(f"{ADDRESS}?draft").content.decode()
    assert "Still thinking" not in other
    assert Entry.objects.get().said.title["en"] == "What we agreed"
    desk.post(f"{ADDRESS}save", said)
    assert not Draft.objects.exists()


def test_remarks_are_made_and_seen_to(desk):
    """An approver, who writes nothing, says what is to be put right."""
    approver = desk_of(person("bea", "approver", "iec"))
    said = {"text": "Is <b>this</b> so?", "about": "language=en", "line": "1"}

    assert approver.post(f"{ADDRESS}comments", said).status_code == 302
    row = Comment.objects.get()
    page = desk.get(ADDRESS).content.decode()
    assert "Is &lt;b&gt;this&lt;/b&gt; so?" in page
    part = desk.post(
        f"{ADDRESS}comments", {"see_to": row.pk}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Seen to by" in part
    assert approver.post(f"{ADDRESS}comments", {"text": " "}).status_code == 302
    assert Comment.objects.count() == 1


def test_versions_show_each_word_that_changed_and_can_be_taken_back(desk):
    """For ears as well as for eyes; the first change is compared with what came from the file."""
    desk.post(f"{ADDRESS}save", form(words__1__words="Travailler *partout*."))
    desk.post(f"{ADDRESS}save", form(words__1__words="Autre chose."))
    page = desk.get(f"{ADDRESS}versions/").content.decode()

    assert "<del><span" in page
    assert "ensemble</del>" in page
    assert "partout</ins>" in page
    first = Version.objects.order_by("id").first()
    again = desk.get(f"{ADDRESS}?version={first.pk}").content.decode()
    assert "Travailler *partout*." in again
    assert "earlier version" in again


def test_a_new_entry_is_written_at_the_desk(desk):
    """Its short name is its own; what is missing is said; then the desk owns it."""
    new = form(slug="second", do="save", seen="")
    assert "taken" not in desk.get("/desk/entries/new/").content.decode()
    assert desk.post("/desk/entries/new/", {**new, "slug": "Not so"}).status_code == 422
    assert desk.post("/desk/entries/new/", {**new, "slug": "statement"}).status_code == 422
    assert desk.post("/desk/entries/new/", {**new, "do": "keep"}).status_code == 200
    assert "did not save it" in desk.get("/desk/entries/new/").content.decode()
    assert 'value="second"' in desk.get("/desk/entries/new/?draft").content.decode()
    assert desk.post("/desk/entries/new/", new).status_code == 302
    assert not Draft.objects.exists()
    row = Entry.objects.get(slug="second")
    assert (row.owner, row.path) == ("desk", "calendar/second.md")


def test_links_are_asked_by_a_worker_and_only_in_public(desk):
    """The page never waits for one; an address within is not asked at all."""
    page = desk.post(f"{ADDRESS}save", form(do="links")).content.decode()
    assert "is being asked" in page
    row = LinkAnswer.objects.get()
    assert row.asked_at is None
    assert async_to_sync(links.ask)() == 1
    assert "not a public address" in LinkAnswer.objects.get().problem


def test_a_test_goes_to_who_asks_and_to_no_ledger(monkeypatch):
    """Marked as one, through the outlet's own adapter, once; nobody asks too often."""
    monkeypatch.setattr("publisher.kit.clock.now", lambda: NOW)
    plan = joint_plan(TWO, form="newsletter")
    mailed = {
        slug: one.model_copy(update={"adapter": "capture"}) for slug, one in plan.outlets.items()
    }
    store(replace(plan, outlets=mailed))
    ana = person("ana", "editor", "iso")
    desk = desk_of(ana)
    asked = form(do="test", words__0__words="Only typed.")

    refused = desk.post(f"{ADDRESS}save", asked).content.decode()
    assert "no e-mail address" in refused
    Person.objects.filter(pk=ana.pk).update(email="ana@iso.example.org")
    stranger = person("bea", "editor", "iec")
    Person.objects.filter(pk=stranger.pk).update(email="bea@iec.example.org")
    elsewhere = desk_of(stranger).post(f"{ADDRESS}save", asked).content.decode()
    assert "A test goes out as ISO sends its mails" in elsewhere
    assert desk.post(f"{ADDRESS}save", asked).status_code == 200
    row = Trial.objects.get()
    async_to_sync(trial.send_trial)(row.pk)
    async_to_sync(trial.send_trial)(row.pk)

    row.refresh_from_db()
    assert (row.problem, row.content) == ("", {})
    box = settings().data_folder / "capture" / "mailbox" / "new"
    mails = [path.read_text() for path in box.iterdir() if f"test-{row.pk}" in path.name]
    assert len(mails) == 1
    assert "Subject: [Test] What we agreed" in mails[0]
    assert "Only typed." in mails[0]
    assert "ana@iso.example.org" in mails[0]
    assert not Delivery.objects.exists()
    assert "went out to you" in desk.get(ADDRESS).content.decode()
    Trial.objects.bulk_create(
        Trial(person=ana, entry="x", outlet="x", audience="x", content={}, asked_at=NOW)
        for _ in range(trial.AN_HOUR)
    )
    assert "wait a little" in desk.post(f"{ADDRESS}save", asked).content.decode()
