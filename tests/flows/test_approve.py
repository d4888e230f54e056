"""A yes is to words, by a person, for an organisation."""

from datetime import timedelta

import pytest

from publisher.flows.approve import approve, yeses_missing
from publisher.models import (
    Approval,
    AuditRow,
    Organisation,
    Person,
    Placement,
    Role,
    RoleName,
    Version,
    Vote,
)
from publisher.models.errors import PlanError, Refused
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
JOINT = entry(when="2027-03-20 09:00", speaks_for=["iso", "iec"])


def say(vote=Vote.YES, *, organisation="iso", entry="statement", minutes=0, **said):
    return approve(
        **{"entry": entry, "organisation": organisation, "person": "Anna Keller"}
        | {"vote": vote, "now": NOW + timedelta(minutes=minutes)}
        | said
    )


def owed():
    rows = list(Placement.objects.select_related("outlet").order_by("id"))
    missing = yeses_missing(rows)
    return {row.outlet.slug: missing[row.pk] for row in rows}


def test_a_joint_entry_needs_each_organisation():
    """ISO's yes leaves IEC's owed, for either organisation's outlet."""
    store(joint_plan(JOINT))
    assert owed() == {"iso-news": ["iso", "iec"], "iec-news": ["iec", "iso"]}

    say()
    assert owed() == {"iso-news": ["iec"], "iec-news": ["iec"]}

    say(organisation="iec")
    assert owed() == {"iso-news": [], "iec-news": []}


def test_an_organisation_has_no_say_in_anothers_outlet():
    """Unless the entry speaks for it."""
    store(joint_plan(entry(when="2027-03-20 09:00")))

    [said] = say()

    assert said.placement.outlet.slug == "iso-news"
    assert said.rendition_id == Placement.objects.get(outlet__slug="iso-news").rendition_id


def test_editing_unapproves_and_going_back_approves_again():
    """An approval is bound to the words' own hash."""
    changed = entry(
        when="2027-03-20 09:00",
        speaks_for=["iso", "iec"],
        words=[{"language": "en", "words": "Other words."}],
    )
    store(joint_plan(JOINT))
    say()

    store(joint_plan(changed))
    say(organisation="iec")
    assert owed() == {"iso-news": ["iso"], "iec-news": ["iso"]}

    store(joint_plan(JOINT))
    say(organisation="iec", minutes=2)
    assert owed() == {"iso-news": [], "iec-news": []}


def test_the_last_word_counts():
    """A no after a yes takes it back; rows are only added."""
    store(joint_plan(JOINT))
    say()

    say(Vote.NO, reason="The date is wrong.", minutes=1)

    assert owed()["iso-news"] == ["iso", "iec"]
    assert Approval.objects.count() == 4


def test_saying_the_same_again_adds_nothing():
    """So that approving everything each morning leaves a readable record."""
    store(joint_plan(JOINT))

    assert len(say()) == 2
    assert say(minutes=1) == []


def test_it_is_a_persons_yes():
    """The person is kept by name; nobody says yes without one."""
    store(joint_plan(JOINT))

    with pytest.raises(Refused, match="say whose"):
        say(person="  ")
    say(person=" Anna Keller ")

    assert Person.objects.get().full_name == "Anna Keller"
    assert not Person.objects.get().has_usable_password()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"vote": Vote.NO}, "needs a reason"),
        ({"organisation": "isso"}, "There is no organisation “isso”; there are iec, iso"),
        ({"entry": "nothing"}, "There is no entry or placement “nothing”"),
        ({"language": "ar"}, "Nothing of “statement” waits for a word from “iso” with these"),
    ],
)
def test_what_cannot_be_approved_is_refused(said, sentence):
    """With a sentence that says what to do; who said it is nobody that we know for that."""
    store(joint_plan(JOINT))

    with pytest.raises(Refused, match=sentence):
        say(**said)

    assert not Person.objects.exists()


def test_words_with_a_problem_cannot_be_approved():
    """The sentence says where it is; a no to them can be said."""
    wrong = [{"language": "en", "words": "Dear {{ raeder.name }}"}]
    store(joint_plan(entry(when="2027-03-20 09:00", words=wrong)))

    with pytest.raises(PlanError, match="raeder"):
        say()

    assert not Approval.objects.exists()


def signed_in(name="ben", organisation="iso"):
    """Give somebody who may approve for an organisation."""
    person = Person.objects.create(username=name)
    whose = Organisation.objects.get(slug=organisation)
    Role.objects.create(person=person, organisation=whose, name=RoleName.APPROVER)
    return person


def test_somebody_signed_in_needs_the_role():
    """IEC's approver has no word for ISO."""
    store(joint_plan(JOINT))

    with pytest.raises(Refused, match="no role that says yes"):
        say(person=signed_in(organisation="iec"))


def test_words_that_changed_since_they_were_seen_are_not_approved():
    """What was on the screen is what is approved, or nothing."""
    store(joint_plan(JOINT))
    key = Placement.objects.get(outlet__slug="iso-news").key

    with pytest.raises(Refused, match="changed since you opened them"):
        say(person=signed_in(), seen={key: "0" * 64})

    [said] = say(person=Person.objects.get(username="ben"), seen={key: words_of(key)})
    assert said.placement.key == key


def words_of(key):
    return Placement.objects.get(key=key).rendition_id


def test_the_rule_of_two_keeps_writers_from_approving_themselves():
    """Where an organisation has it; somebody else of it may, and at the others it is no matter."""
    store(joint_plan(JOINT))
    iso = Organisation.objects.get(slug="iso")
    Organisation.objects.filter(slug="iso").update(spec=iso.spec | {"second_person": True})
    writer = signed_in()
    Version.objects.create(thing="entry/statement", spec={}, at=NOW, person=writer)

    with pytest.raises(Refused, match="somebody else says yes"):
        say(person=writer)
    assert say(person=signed_in("cleo"))


def test_a_vote_is_written_down():
    """Who, for whom, of which words."""
    store(joint_plan(JOINT))
    say(vote=Vote.NOT_YET, reason="the date is open")

    row = AuditRow.objects.get()
    assert (row.act, row.thing, row.organisation) == ("words.not yet", "entry/statement", "iso")
    assert row.details["reason"] == "the date is open"
