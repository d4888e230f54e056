"""Words are rendered, kept under their hash, and refused with what is wrong with them."""

import pytest

from publisher.flows.prepare import prepare
from publisher.flows.preview import preview
from publisher.models import Placement, PlacementState, Rendition
from publisher.models.content import Content
from publisher.models.errors import Refused
from publisher.render.rendition import fill
from tests.flows.stored import NOW, joint_plan, store
from tests.unit.schedule.specs import entry

pytestmark = pytest.mark.django_db


def placements(*entries, form="feed"):
    store(joint_plan(*entries, form=form))
    return list(Placement.objects.order_by("id"))


def test_words_are_kept_under_their_hash():
    """An approval names the words and nothing else."""
    rows = placements(entry())

    assert prepare(rows, now=NOW) == []

    for row in Placement.objects.select_related("rendition"):
        content = Content.from_json(row.rendition.content)
        assert row.rendition_id == content.sha256
        assert fill(content, {})["html"] == "<p>Words.</p>"


def test_the_same_words_share_a_row():
    """Two outlets that say the same keep one rendition; and preparing again makes none."""
    rows = placements(entry())

    prepare(rows, now=NOW)
    prepare(rows, now=NOW)

    assert len(rows) == 2
    assert Rendition.objects.count() == 1


def test_words_that_are_there_are_not_rendered_again():
    """What somebody approves next is what the first one approved."""
    rows = placements(entry())
    prepare(rows, now=NOW)
    other = Rendition.objects.create(
        sha256="0" * 64, form="feed", language="en", content={}, made_at=NOW
    )
    Placement.objects.update(rendition=other)

    prepare(rows, now=NOW)

    assert {row.rendition_id for row in [*rows, *Placement.objects.all()]} == {"0" * 64}


def test_the_rows_given_know_their_rendition():
    """The caller goes on with them, without asking the database again."""
    rows = placements(entry())

    prepare(rows, now=NOW)

    assert all(row.rendition_id for row in rows)


def test_words_with_a_problem_cannot_be_approved():
    """They are not kept, and the placement says what is wrong."""
    [row, *_] = placements(entry(words=[{"language": "en", "words": "{{ reader.nam }}"}]))

    problems = prepare(Placement.objects.all(), now=NOW)

    row.refresh_from_db()
    assert row.rendition is None
    assert row.problem == (
        "calendar/statement.md: words.0: in line 1 of these words: there is no variable "
        "“reader.nam”; did you mean “reader.name”?"
    )
    assert [str(problem) for problem in problems] == [row.problem]


def test_a_problem_goes_when_its_cause_goes():
    """Correct the words, prepare again, and nothing holds them up."""
    wrong = entry(words=[{"language": "en", "words": "{{ x }}"}])
    prepare(placements(wrong), now=NOW)

    rows = placements(entry())
    problems = prepare(rows, now=NOW)

    assert problems == []
    assert {(row.problem, bool(row.rendition_id)) for row in Placement.objects.all()} == {
        ("", True)
    }


def test_what_started_keeps_its_words():
    """Frozen is frozen, whatever the plan says by now."""
    rows = placements(entry())
    prepare(rows, now=NOW)
    before = rows[0].rendition_id
    Placement.objects.update(state=PlacementState.SENDING)

    store(joint_plan(entry(words=[{"language": "en", "words": "Other words."}])))
    prepare(Placement.objects.all(), now=NOW)

    assert {row.rendition_id for row in Placement.objects.all()} == {before}


def test_a_form_that_is_not_there_is_left_alone():
    """Nothing is made up for it."""
    rows = placements(entry(), form="hologram")

    assert prepare(rows, now=NOW) == []
    assert not Rendition.objects.exists()


def test_a_preview_shows_what_preparing_keeps():
    """One render function, for showing and for sending."""
    rows = placements(entry())
    prepare(rows, now=NOW)

    shown = preview("statement", now=NOW)

    assert {each.content.sha256 for each in shown} == {row.rendition_id for row in rows}


def test_a_preview_can_be_narrowed():
    """To one outlet; and it says where else it goes."""
    placements(entry())

    [shown] = preview("statement", outlet="iso-news", now=NOW)

    assert shown.cell.outlet.slug == "iso-news"
    with pytest.raises(Refused, match="to iec-news, iso-news it does"):
        preview("statement", outlet="itu-news", now=NOW)
    with pytest.raises(Refused, match="There is no entry “statment”"):
        preview("statment", now=NOW)


def test_a_preview_shows_words_with_a_problem():
    """And the problem beside them."""
    placements(entry(title="READ THIS NOW"))

    shown = preview("statement", outlet="iso-news", now=NOW)

    assert [problem.sentence for problem in shown[0].problems] == [
        "the title shouts; write “Read this now”"
    ]
    assert shown[0].parts["html"] == "<p>Words.</p>"


def test_a_preview_says_that_a_form_is_not_there():
    """Honestly, instead of an empty screen."""
    placements(entry(), form="hologram")

    assert [each.available for each in preview("statement", now=NOW)] == [False, False]
