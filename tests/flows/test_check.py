"""Checking a plan without a database: every cell is rendered."""

from publisher.flows.check import check, checked
from tests.plans import CHANNEL, ENTRY, ORGANISATION, change, entry, smallest_plan


def test_the_reference_plan_holds_together(reference_plan):
    """The example that ships renders in every cell."""
    found = checked(reference_plan)

    assert [str(problem) for problem in found.problems] == []
    assert found.cells > 50


def test_the_smallest_plan_holds_together(tmp_path):
    """So does what `init --empty` writes."""
    assert check(smallest_plan(tmp_path)) == []


def test_an_unknown_variable_of_a_template_is_named(tmp_path):
    """A slip in a template is found before anybody approves it."""
    folder = smallest_plan(tmp_path, {"templates/page/title.txt.j2": "{{ entry.titel }}"})

    [problem] = check(folder)

    assert problem.path == "templates/page/title.txt.j2"
    assert "titel" in problem.sentence


CIRCULAR = """
name: Circulars
description: Numbered.
form: circular
asks_consent: false
outlets:
  our-circular:
    organisation: our-organisation
    adapter: circular
    languages: [en]
    sender: {name: Us, address: us@example.org, reply_to: us@example.org}
    settings: {mail: capture}
"""


def test_a_document_that_cannot_be_set_is_found_before_it_is_numbered(tmp_path):
    """Typst has its say when the plan is checked, not when a circular has its number."""
    template = "templates/circular/document.typ.j2"
    folder = smallest_plan(tmp_path, {CHANNEL: CIRCULAR, template: "#let x = (\n"})
    change(folder, {ORGANISATION: ("our-website", "our-circular")})

    [problem] = check(folder)

    assert str(problem).startswith(f"{template}: Typst says: unclosed delimiter")


def test_a_template_without_end_is_not_waited_for_in_every_cell(tmp_path, monkeypatch):
    """The first cells that take too long are enough to know."""
    folder = smallest_plan(
        tmp_path, {"templates/page/title.txt.j2": "{{ entry.titel }}", "calendar/two.md": entry()}
    )
    monkeypatch.setattr("publisher.flows.check.PATIENCE_SECONDS", 0.0)

    assert checked(folder).cells == 1


def test_an_unknown_variable_of_an_entry_is_named(tmp_path):
    """So is one in an officer's words."""
    folder = smallest_plan(tmp_path, {ENTRY: entry("Dear {{ raeder.name }},")})

    problems = check(folder)

    assert {problem.path for problem in problems} == {ENTRY}


def test_a_post_that_is_too_long_is_named(tmp_path):
    """Limits of networks are met in the plan, not in front of the public."""
    folder = smallest_plan(
        tmp_path,
        {
            CHANNEL: ("form: page", "form: post"),
            ENTRY: entry(f"::: for form=post\n{'x' * 3000}\n:::"),
        },
    )
    text = (
        (folder / CHANNEL)
        .read_text(encoding="utf-8")
        .replace("adapter: webpage", "adapter: capture\n    settings: {network: x}")
    )
    (folder / CHANNEL).write_text(text, encoding="utf-8")

    assert [problem.path for problem in check(folder)] == [ENTRY]


def test_an_adapter_that_cannot_carry_the_form_is_named(tmp_path):
    """A newsletter does not travel by web page."""
    folder = smallest_plan(tmp_path, {CHANNEL: ("form: page", "form: newsletter")})

    [problem] = check(folder)

    assert str(problem) == (
        f"{CHANNEL}:12:14: outlets.our-website.adapter: adapter “webpage” cannot carry the form "
        "“newsletter”; it carries intake, page"
    )


def test_an_entry_nobody_would_hear_says_why(tmp_path):
    """The reason names what to change."""
    folder = smallest_plan(tmp_path, {CHANNEL: ("languages: [en]", "languages: [fr]")})

    [problem] = check(folder)

    assert "it has words in en and the chosen outlets speak fr" in problem.sentence


def test_a_form_that_is_not_there_yet_is_said_and_not_refused(tmp_path):
    """It is never silently skipped and never faked."""
    folder = smallest_plan(tmp_path, {CHANNEL: ("form: page", "form: hologram")})

    found = checked(folder)

    assert found.problems == []
    assert found.notices == [f"{ENTRY}: all of it waits for forms that are not there yet: hologram"]


def test_a_language_without_words_is_worth_knowing(tmp_path):
    """Nobody is left out by forgetting."""
    folder = smallest_plan(tmp_path, {CHANNEL: ("languages: [en]", "languages: [en, fr]")})

    assert checked(folder).notices == [f"{ENTRY}: no words in fr, which its outlets speak"]


EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
UID:1@example.org
SUMMARY:Plenary
DTSTART:20010504T090000Z
END:VEVENT
END:VCALENDAR
"""


def test_an_event_that_is_over_is_worth_knowing(tmp_path):
    """An entry that hangs on last year's meeting will never be due."""
    folder = smallest_plan(
        tmp_path,
        {
            "calendar/plenary.ics": EVENT,
            ENTRY: entry(when="{event: plenary, before: 14 days}"),
        },
    )

    found = checked(folder)

    assert found.problems == []
    assert found.notices == [f"{ENTRY}: “plenary” does not take place within 400 days"]


def test_an_event_that_repeats_by_the_hour_is_named(tmp_path):
    """It is found when the file is read, not when the clock looks."""
    text = EVENT.replace("SUMMARY", "RRULE:FREQ=DAILY;BYHOUR=1,2,3\nSUMMARY")
    folder = smallest_plan(tmp_path, {"calendar/plenary.ics": text})

    [problem] = check(folder)

    assert problem.path == "calendar/plenary.ics"


def test_choosing_for_another_organisation_is_refused(tmp_path):
    """Each organisation chooses for itself, in its own file."""
    folder = smallest_plan(tmp_path)
    text = (folder / ORGANISATION).read_text(encoding="utf-8")
    other = text.replace("everybody", "everybody").replace("name: Our", "name: Other")
    (folder / "channels/organisations/other.yaml").write_text(other, encoding="utf-8")
    without = text[: text.index("# What it chose")]
    (folder / ORGANISATION).write_text(without, encoding="utf-8")

    [problem] = check(folder)

    assert problem.path == "channels/organisations/other.yaml"
    assert "only our-organisation chooses for it" in problem.sentence


def test_a_day_that_a_series_leaves_out_in_vain_is_told(tmp_path):
    """It is nothing wrong, and may be a slip."""
    folder = smallest_plan(tmp_path)
    (folder / "calendar/plenary.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nBEGIN:VEVENT\nUID:1\nSUMMARY:Plenary\n"
        "DTSTART:20270504T090000Z\nRRULE:FREQ=WEEKLY\nEXDATE:20270512T090000Z\nEND:VEVENT\n"
        "END:VCALENDAR\n"
    )

    found = checked(folder)

    assert found.problems == []
    assert found.notices == [
        "calendar/plenary.ics: “plenary” leaves out 2027-05-12 (EXDATE), on which it has no session"
    ]
