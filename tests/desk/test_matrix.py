"""The matrix at the desk: who is to hear what, and what became of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publisher.models import Audience, Placement, Version
from publisher.schedule.heard import Heard, squares
from publisher.schedule.matrix import Matrix
from tests.desk.people import desk_of, person
from tests.flows.stored import entry, joint_plan, store
from tests.unit.schedule.specs import audience, choice, message, plan

pytestmark = pytest.mark.django_db
SQUARE = "/desk/matrix/members/together/"


@pytest.fixture
def desk():
    """The desk of an editor of ISO, with a matrix that has a hole."""
    store(joint_plan())
    return desk_of(person("ana", "editor", "iso"))


def came(made, told):
    return squares(Matrix(made).rows(()), told, parts=made)


def page(desk, query=""):
    return desk.get(f"/desk/matrix/?{query}").content.decode()


@pytest.mark.parametrize("far", list(Heard))
def test_a_square_stands_as_far_as_it_came(far):
    """What somebody chose an outlet for is promised at least; only that is a hole."""
    told = {("members", "together", "newsletter"): max(far, Heard.PROMISED)} if far else {}

    (found,) = came(plan(), told)

    assert found.heard is max(far, Heard.PROMISED)
    assert found.hole is (far <= Heard.PROMISED)


def test_what_a_wider_audience_is_told_its_parts_are_told():
    """And a row that nobody chose an outlet for is no hole, and nothing to plan."""
    made = plan(audience(), audience("boards", part_of="members", hears=[]), choice())
    told = {("members", "together", "newsletter"): Heard.PLANNED}

    assert {one.audience: one.heard for one in came(made, told)} == {
        "members": Heard.PLANNED,
        "boards": Heard.PLANNED,
    }
    nobody = came(plan(choice(use=False)), {})
    assert nobody[0].heard is Heard.NOBODY


def test_the_table_shows_holes_and_what_came_of_the_rest(desk):
    """First a hole, then planned, then said; a page is no mail, so nobody is said to hear it."""
    assert "✕ hole" in page(desk)
    store(joint_plan(entry(when="2027-03-20 09:00")))
    assert "○ planned" in page(desk)
    Placement.objects.update(state="finished", accepted=1)
    assert "● said" in page(desk)
    assert "✕ hole" not in page(desk, "holes=yes&kind=primary&organisation=iec")
    assert desk.get("/desk/matrix/?kind=x&organisation=%01").status_code == 200


def test_the_page_asks_as_often_for_many_squares_as_for_one(desk):
    """No statement is made for each of them."""
    numbers = []
    for number in (1, 30):
        rows = [message(f"m{at}") for at in range(number)]
        hears = [{"message": one.slug, "through": ["news"]} for one in rows]
        made = joint_plan(entry(messages=["m0"]))
        store(type(made)(**vars(made) | {
            "messages": {one.slug: one for one in rows},
            "audiences": {"members": audience(hears=hears)},
        }))  # fmt: skip
        page(desk)
        with CaptureQueriesContext(connection) as asked:
            page(desk)
        numbers.append(len(asked))

    assert numbers[0] == numbers[1]


def test_a_hole_leads_to_a_form_that_knows_it(desk):
    """Its audience, message and channel are filled in."""
    shown = desk.get(SQUARE).content.decode()
    link = "/desk/calendar/new/?audience=members&amp;message=together&amp;channel=news"
    assert link in shown
    form = desk.get(link.replace("&amp;", "&")).content.decode()

    for value in ("members", "together", "news"):
        assert f'value="{value}" checked' in form


def test_a_square_shows_what_says_it_and_who_chose_what(desk):
    """With figures."""
    store(joint_plan(entry(when="2027-03-20 09:00")))
    Placement.objects.update(candidates=5, accepted=4)

    shown = desk.get(SQUARE).content.decode()

    assert "4 of 5" in shown
    assert "It suits us." in shown
    assert desk.get("/desk/matrix/members/nothing/").status_code == 404


def test_a_row_is_changed_at_the_desk(desk):
    """Through the same checks as a file; the calendar follows; what another changed is refused."""
    store(joint_plan(entry(when="2027-03-20 09:00")))
    seen = desk.get(SQUARE).content.decode().split('name="seen" value="')[1].split('"')[0]

    assert desk.post(f"{SQUARE}hears", {"seen": seen, "channel": "none"}).status_code == 422
    assert desk.post(f"{SQUARE}hears", {"seen": "x", "channel": "news"}).status_code == 422
    assert desk.post(f"{SQUARE}hears", {"seen": seen, "channel": "news"}).status_code == 302
    assert not Version.objects.exclude(spec__hears__0__message="together").exists()
    viewer = desk_of(person("vic", "viewer", "iso"))
    assert viewer.post(f"{SQUARE}hears", {"seen": seen}).status_code == 403
    assert Audience.objects.get().said.hears[0].through == ["news"]


def test_the_spreadsheet_has_a_line_for_each_channel(desk):
    """With the chosen outlets."""
    text = desk.get("/desk/matrix/matrix.csv").content.decode("utf-8-sig")

    assert "members,together,,news,iec-news iso-news,promised" in text
