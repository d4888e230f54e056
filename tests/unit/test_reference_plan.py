"""What must hold of the reference plan, whoever edits it."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from publisher.kit.text import direction
from publisher.models.cell import Cell
from publisher.models.specs import Plan
from publisher.models.specs.audience import RuleSpec
from publisher.plan.check import check
from publisher.plan.read import read
from publisher.render.colours import ENOUGH, contrast
from publisher.render.rendition import forms
from publisher.schedule.matrix import Matrix

#: RFC 2606: names that nobody can ever own.
RESERVED = ("example.org", "example.com", "example.net", ".example", ".invalid", ".test")
PRIMARY = {
    "senior-management", "presidents-and-directors", "secretaries-general",
    "management-boards", "iso-tmb", "iec-smb", "itu-t-tsag",
    "technical-community", "technical-committees", "systems-committees", "study-groups",
    "national-members", "national-standards-bodies", "national-committees", "member-states",
    "proposers",
    "annual-meetings", "iso-general-assembly", "iec-general-meeting", "itu-t-tsag-meeting",
}  # fmt: skip
SEATS = {"registered", "attended", "absent"}  #: of whichever occasion an entry is about
SECONDARY = SEATS | {
    "global-community", "external-organisations", "consortia", "fora", "standards-users",
}  # fmt: skip
MESSAGES = {
    "three-bodies-coordinate", "benefits-of-coordination", "duplication-resolved", "who-does-what",
    "recommendations", "new-fields-together", "landscape", "landscape-kept-current",
    "spot-duplication", "why-duplication-happens", "find-similar-work",
    "clearer-monthly-circulation", "converging-technologies", "external-collaboration",
}  # fmt: skip
MENU = {
    "newsletter": "newsletter", "feed": "feed", "circular": "circular",
    "x": "post", "mastodon": "post", "bluesky": "post", "facebook": "post", "linkedin": "post",
    "website": "page", "wsc-website": "page", "blog": "page",
    "senior-report": "report", "senior-presentation": "presentation",
    "meeting-presentation": "presentation", "board-agenda-item": "agenda-item",
    "board-report": "report", "new-work-item-form": "work-item-form", "webinar": "webinar",
    "workshop": "workshop", "landscape-document": "landscape",
    "monthly-circulation": "circulation", "intake": "intake",
}  # fmt: skip
FIVE = {"newsletter", "feed", "post", "page", "circular"}
FORMS = FIVE | {"landscape", "circulation", "report", "agenda-item", "presentation"}
FORMS |= {"webinar", "workshop", "work-item-form", "intake"}
FOLDERS = ("audiences", "channels", "templates", "calendar")

Reader = dict[str, Any]


@pytest.fixture(scope="module")
def plan(reference_plan: Path) -> Plan:
    return read(reference_plan)


@pytest.fixture(scope="module")
def launched(plan: Plan) -> list[Cell]:
    """The cells that go out at the very launch."""
    matrix = Matrix(plan)
    entries = [entry for entry in plan.entries.values() if str(entry.when) == "launch"]
    return [cell for entry in entries for cell in matrix.cells(entry)]


@pytest.fixture(scope="module")
def readers(reference_plan: Path) -> list[Reader]:
    with (reference_plan / "script" / "sample-readers.csv").open(encoding="utf-8") as file:
        return [_split(row) for row in csv.DictReader(file)]


def _split(row: dict[str, str]) -> Reader:
    lists = {name[:-2]: row[name].split(";") for name in row if name.endswith("[]")}
    return {**row, **lists, "consents": row["consents"].split()}


def test_the_plan_holds_together(plan: Plan) -> None:
    """Nothing in it names what is not there."""
    assert check(plan) == []


def test_every_audience_of_the_communications_plan_is_there(plan: Plan) -> None:
    """Primary and secondary, and the groups inside them."""
    kinds = {slug: audience.kind for slug, audience in plan.audiences.items()}

    assert kinds == dict.fromkeys(PRIMARY, "primary") | dict.fromkeys(SECONDARY, "secondary")


def test_every_key_message_is_there_in_english_and_french(plan: Plan) -> None:
    """Each with its talking points in both."""
    assert set(plan.messages) == MESSAGES
    for message in plan.messages.values():
        assert {"en", "fr", "ar"} <= set(message.text), message.slug
        assert len(message.talking_points["en"]) >= 3, message.slug
        assert len(message.talking_points["en"]) == len(message.talking_points["fr"]), message.slug


def test_every_line_of_the_menu_is_there(plan: Plan) -> None:
    """With the form it has, or will have."""
    assert {slug: channel.form for slug, channel in plan.channels.items()} == MENU


def test_every_channel_has_an_outlet_that_somebody_uses(plan: Plan) -> None:
    """No line of the menu is there for show."""
    used = {plan.outlets[choice.outlet].channel for choice in plan.choices.values() if choice.use}

    assert used == set(MENU)


def test_the_forms_that_this_plan_counts_on_are_there() -> None:
    """The five that go out at the launch."""
    assert set(forms()) >= FORMS


def test_choices_differ_between_organisations(plan: Plan) -> None:
    """For one audience and channel, some say yes and some say no, each with its reason."""
    said: dict[tuple[str, str], set[bool]] = {}
    for choice in plan.choices.values():
        assert len(choice.reason["en"]) > 20, choice
        channel = plan.outlets[choice.outlet].channel
        said.setdefault((choice.audience, channel), set()).add(choice.use)

    assert sum(answers == {True, False} for answers in said.values()) >= 8


def test_an_organisation_chooses_only_its_own_outlets(plan: Plan) -> None:
    """Nobody decides for a neighbour, and nobody's audience is reached by another's outlets."""
    for choice in plan.choices.values():
        outlet = plan.outlets[choice.outlet]
        whose = plan.audiences[choice.audience].organisations
        assert not whose or outlet.organisation in whose, choice


def test_every_key_message_reaches_somebody_through_an_entry(plan: Plan) -> None:
    """Neither a key message nor an audience with rows of its own is forgotten by the calendar."""
    served = {message for entry in plan.entries.values() for message in entry.messages}
    addressed = {audience for entry in plan.entries.values() for audience in entry.audiences}
    have_rows = {slug for slug, audience in plan.audiences.items() if audience.hears}

    assert served == MESSAGES
    # The whole of them is reached as its three parts, each at its own meeting.
    assert have_rows - addressed == {"annual-meetings"}


def test_every_entry_has_cells(plan: Plan) -> None:
    """An entry that reaches nobody would be a promise to no one."""
    matrix = Matrix(plan)

    assert [slug for slug, entry in plan.entries.items() if not matrix.cells(entry)] == []


def test_the_calendar_shows_each_way_of_saying_when(plan: Plan) -> None:
    """One-off, on and after launch, repeated with skips, hung on an event; joint or not."""
    entries = list(plan.entries.values())

    assert len(entries) >= 14
    assert {entry.when.kind for entry in entries} == {"wall", "launch", "event"}
    assert any(str(entry.when).startswith("launch +") for entry in entries)
    assert any(entry.repeat and entry.skip and entry.until for entry in entries)
    assert any(len(entry.speaks_for) == 3 for entry in entries)
    assert any(not entry.speaks_for for entry in entries)


def test_the_calendar_shows_each_kind_of_variant(plan: Plan) -> None:
    """Words differ by audience, organisation, channel, form and language."""
    words = [variant for entry in plan.entries.values() for variant in entry.words]

    for selector in ("audience", "organisation", "channel", "form"):
        assert any(getattr(variant, selector) for variant in words), selector
    assert {variant.language for variant in words} == {"en", "fr", "ar"}


def test_every_entry_speaks_english_and_french(plan: Plan) -> None:
    """With a title and a summary in each language that it has words in."""
    for entry in plan.entries.values():
        assert {"en", "fr"} <= set(entry.languages), entry.slug
        assert set(entry.languages) <= set(entry.title), entry.slug
        assert set(entry.languages) <= set(entry.summary), entry.slug


def test_the_joint_statement_goes_out_at_the_launch_in_all_five_forms(
    launched: list[Cell],
) -> None:
    """It speaks for the three, on the joint site too, and in Arabic on a page of ITU-T."""
    cells = [cell for cell in launched if cell.entry.slug == "communications-statement"]

    assert {cell.form for cell in cells} == FIVE
    assert "wsc-website" in {cell.channel.slug for cell in cells}
    assert {"iso", "iec", "itu-t"} == set(cells[0].entry.speaks_for)
    arabic = {cell.outlet.slug for cell in cells if direction(cell.language) == "rtl"}
    assert arabic == {"itu-t-website", "itu-t-newsletter"}


def test_what_goes_out_at_the_launch_has_a_form(launched: list[Cell]) -> None:
    """And needs no officer's hand: the demonstration must be able to finish."""
    found = {cell.form for cell in launched}

    assert FORMS <= found <= set(forms())
    assert "manual" not in {cell.outlet.adapter for cell in launched}
    networks = {cell.channel.slug for cell in launched if cell.form == "post"}
    assert networks == {"x", "mastodon", "bluesky", "facebook", "linkedin"}


def test_no_outlet_says_one_thing_twice(launched: list[Cell]) -> None:
    """An account or a site that everybody reads has one copy of an entry in each language."""
    seen = [
        (cell.entry.slug, cell.outlet.slug, cell.language)
        for cell in launched
        if cell.form in {"post", "page", "feed"}
    ]

    assert len(seen) == len(set(seen))


def test_each_mail_that_goes_out_at_the_launch_has_a_reader(
    launched: list[Cell], readers: list[Reader]
) -> None:
    """Somebody in the audience, who reads the language and agreed to the channel."""
    for cell in launched:
        if cell.form in {"newsletter", "circular", "webinar", "workshop"}:
            consent = f"{cell.organisation.slug}/{cell.channel.slug}"
            assert any(
                reader["language"] == cell.language
                and consent in reader["consents"]
                and _fits(cell.audience.who, reader)
                for reader in readers
            ), (cell.entry.slug, cell.audience.slug, cell.outlet.slug, cell.language)


def _fits(rule: RuleSpec, reader: Reader) -> bool:
    """The rule said once more, in Python, for a few rows of a file."""
    if rule.all is not None:
        return all(_fits(one, reader) for one in rule.all)
    if rule.any is not None:
        return any(_fits(one, reader) for one in rule.any)
    if rule.none is not None:
        return not any(_fits(one, reader) for one in rule.none)
    if rule.attribute is None:
        return True
    value = reader[rule.attribute]
    return value in rule.equals if rule.equals is not None else rule.has in value


def test_sample_readers_are_many_kinds_of_people(plan: Plan, readers: list[Reader]) -> None:
    """Six languages, several audiences at once, names in five scripts, some without consent."""
    assert len(readers) >= 60
    assert {reader["language"] for reader in readers} == {"en", "fr", "es", "ar", "ru", "zh"}
    assert any(not reader["consents"] for reader in readers)
    assert any(len(_audiences(plan, reader)) >= 5 for reader in readers)
    assert all(
        any(_fits(audience.who, reader) for reader in readers)
        for audience in plan.audiences.values()
        if audience.slug not in SEATS
    )


def _audiences(plan: Plan, reader: Reader) -> list[str]:
    people = {slug: one for slug, one in plan.audiences.items() if slug not in SEATS}
    return [slug for slug, audience in people.items() if _fits(audience.who, reader)]


def test_sample_consents_name_what_there_is(plan: Plan, readers: list[Reader]) -> None:
    """An organisation that has an outlet on the channel."""
    there = {f"{outlet.organisation}/{outlet.channel}" for outlet in plan.outlets.values()}

    assert {consent for reader in readers for consent in reader["consents"]} <= there


def test_no_address_of_the_plan_can_belong_to_anybody(plan: Plan, readers: list[Reader]) -> None:
    """Names reserved by RFC 2606, in plain ASCII, each once."""
    read_by = [reader["address"] for reader in readers]
    addresses = read_by + list(_senders(plan))

    assert len(set(read_by)) == len(read_by)
    for address in addresses:
        assert address.isascii(), address
        assert address.endswith(RESERVED), address


def _senders(plan: Plan) -> Iterator[str]:
    senders = [organisation.sender for organisation in plan.organisations.values()]
    senders += [outlet.sender for outlet in plan.outlets.values() if outlet.sender]
    for sender in senders:
        yield sender.address
        if sender.reply_to:
            yield sender.reply_to


def test_what_is_printed_on_an_organisations_colour_can_be_read(plan: Plan) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    brands = [organisation.brand for organisation in plan.organisations.values()]

    assert len({brand["main"] for brand in brands}) == len(brands)
    for brand in brands:
        assert contrast(brand["main"], brand["ink"]) >= ENOUGH, brand


def test_every_picture_is_small_and_described_in_each_language(plan: Plan) -> None:
    """And none lies about unused."""
    entries = plan.entries.values()
    shown = {one.file for entry in entries for one in (*entry.pictures, *entry.annexes)}

    assert {f"calendar/{file}" for file in shown} == set(plan.pictures)
    for picture in plan.pictures.values():
        assert len(picture.content) <= 60_000
    for entry in plan.entries.values():
        for picture_spec in entry.pictures:
            assert set(entry.languages) <= set(picture_spec.alt), entry.slug
        for annex in entry.annexes:
            assert set(entry.languages) <= set(annex.title), entry.slug


def test_there_is_no_python_in_the_plan_folders(reference_plan: Path) -> None:
    """An importable `calendar` would shadow the standard library's."""
    found = [
        path
        for folder in FOLDERS
        for path in (reference_plan / folder).rglob("*")
        if path.suffix in {".py", ".pyi", ".pyc", ".so"}
    ]

    assert found == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_plan_folder_explains_itself(reference_plan: Path, folder: str) -> None:
    """Its README shows the file format by example."""
    assert "```" in (reference_plan / folder / "README.md").read_text(encoding="utf-8")


def test_whoever_looks_for_adapters_in_channels_is_sent_to_the_code(reference_plan: Path) -> None:
    """The two words are near enough to be mistaken for each other."""
    text = (reference_plan / "channels" / "README.md").read_text(encoding="utf-8")

    assert "publisher/adapters/" in text


def test_the_explanation_counts_the_statements_cells_rightly(
    reference_plan: Path, launched: list[Cell]
) -> None:
    """docs/explanation/matrix.md walks through this very entry."""
    text = (reference_plan / "docs" / "explanation" / "matrix.md").read_text(encoding="utf-8")
    cells = [cell for cell in launched if cell.entry.slug == "communications-statement"]

    assert f"One statement makes {len(cells)} cells" in text


def test_the_examples_of_the_folders_readmes_can_be_read(
    reference_plan: Path, tmp_path: Path
) -> None:
    """Each example that names its file is what such a file may hold."""
    for folder in ("audiences", "channels", "calendar"):
        for name, text in _examples(reference_plan / folder / "README.md"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    picture = tmp_path / "calendar" / "pictures" / "coordination.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes((reference_plan / "calendar/pictures/coordination.png").read_bytes())

    found = read(tmp_path)

    assert set(found.audiences) == {"proposers"}
    assert set(found.messages) == {"find-similar-work"}
    assert set(found.outlets) == {"iso-newsletter"}
    assert set(found.organisations) == {"iso"}
    assert set(found.entries) == {"how-to-look"}


def _examples(readme: Path) -> Iterator[tuple[str, str]]:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", readme.read_text("utf-8"), re.DOTALL | re.M)
    for kind, text in blocks:
        if kind == "yaml" and (named := re.match(r"# ((?:audiences|channels)/\S+)\n", text)):
            yield named[1], text
        elif kind == "markdown" and text.startswith("---"):
            yield "calendar/how-to-look.md", text
