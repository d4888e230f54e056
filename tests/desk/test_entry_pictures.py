"""Pictures from the desk: looked at, described, and never dropped by the files."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from publisher.flows import uploads
from publisher.flows.apply import apply
from publisher.flows.edit import mark
from publisher.flows.export import export
from publisher.flows.plan_rows import stored
from publisher.kit.picture_stories import without_stories
from publisher.models import Draft, Entry, Person, Picture
from publisher.plan.diff import Action, decide
from publisher.web.desk.entry.typed import typed_of
from tests.desk.people import desk_of, everywhere
from tests.flows.stored import NOW, entry, joint_plan, store

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/entry/statement/"
PLAN = joint_plan(entry(when="2027-03-20 09:00"))
PATH = "calendar/pictures/red.png"


def png(colour="red", size=(4, 3), mode="RGB") -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, colour).save(made, "PNG")
    return made.getvalue()


def form(**changed):
    row = Entry.objects.get(slug="statement")
    said = {name: list(values) for name, values in typed_of(row.spec).values.items()}
    return {**said, "seen": mark(row)} | changed


@pytest.fixture
def desk():
    store(PLAN)
    return desk_of(everywhere("ana", "editor"))


def uploaded(desk, *, name="red.png", content=None):
    """Upload a picture; give the page and what the form then holds of it."""
    file = SimpleUploadedFile(name, png() if content is None else content, "image/png")
    page = desk.post(f"{ADDRESS}save", {**form(do="upload"), "picture": file}).content.decode()
    row = Picture.objects.filter(paths=[]).first()
    held = {
        "pictures": ["0"],
        "pictures.0.file": [f"pictures/{name}"],
        "pictures.0.sha256": [row.sha256 if row else ""],
    }
    return page, held


def with_picture(desk):
    _, held = uploaded(desk)
    said = form(do="save", **held, **{"pictures.0.alt.en": ["A red field"]})
    assert desk.post(f"{ADDRESS}save", said).status_code == 302


def test_a_picture_is_in_the_plan_once_the_entry_is_saved_with_words_for_it(desk):
    """Until then it is kept, and shown, but no part of the plan; without words it is refused."""
    page, held = uploaded(desk)

    assert 'value="pictures/red.png"' in page
    assert f'<img src="/pictures/{held["pictures.0.sha256"][0]}.png"' in page
    assert Picture.objects.get().paths == []
    refused = desk.post(f"{ADDRESS}save", form(do="save", **held))
    assert refused.status_code == 422
    assert 'id="pictures-0-wrong"' in refused.content.decode()
    assert Picture.objects.get().paths == []
    with_picture(desk)
    assert Picture.objects.get().paths == Picture.objects.get().desk_paths == [PATH]
    assert Entry.objects.get().said.pictures[0].alt == {"en": "A red field"}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("red.png", b"<svg onload='alert(1)'/>", "is not a PNG"),
        ("red.gif", png(), "holds image/png"),
        ("red.png", png()[:40], "damaged"),
        ("red.png", png(1, (8000, 6000), "1"), "save it smaller"),
        ("red.png", b"\x89PNG\r\n\x1a\n" + b"x" * 5_000_001, "5 MB"),
    ],
)
def test_a_picture_is_looked_at_whatever_its_name_says(desk, name, content, sentence):
    """What is none, is broken or is too large for anybody is refused, and nothing is kept."""
    page, _ = uploaded(desk, name=name, content=content)

    assert sentence in page
    assert not Picture.objects.exists()


def test_a_name_that_another_picture_has_is_not_taken_from_it(desk):
    """The second one gets a name of its own."""
    with_picture(desk)
    page, _ = uploaded(desk, content=png("blue"))

    assert Picture.objects.count() == 2
    assert 'value="pictures/red-' in page


def test_files_that_know_nothing_of_it_leave_a_picture_alone(desk):
    """Applying them again, or with other pictures, drops only what was theirs."""
    with_picture(desk)

    thing = stored()[f"picture/{PATH}"]
    assert decide(None, thing, None)[0] is Action.NOTHING
    store(PLAN)
    assert Picture.objects.get().paths == [PATH]


def test_a_picture_goes_into_the_files_and_comes_back_as_theirs(desk, tmp_path):
    """Once a file brings the very same, the desk holds on to it no longer."""
    with_picture(desk)
    export(tmp_path)
    assert (tmp_path / PATH).read_bytes() == png()

    apply(tmp_path, now=NOW)

    row = Picture.objects.get()
    assert (row.paths, row.desk_paths) == ([PATH], [])


def test_a_picture_that_no_entry_shows_any_more_leaves_the_plan(desk):
    """Its bytes stay for what was sent with it."""
    with_picture(desk)
    said = form(do="save", pictures=[])

    assert desk.post(f"{ADDRESS}save", said).status_code == 302
    row = Picture.objects.get()
    assert (row.paths, row.desk_paths) == ([], [])


def test_a_picture_that_was_never_saved_is_dropped_after_two_days(desk):
    """But not one that a draft holds, nor one that an entry shows."""
    _, held = uploaded(desk)
    at, digest = Picture.objects.get().waits_since, Picture.objects.get().sha256
    late = at + uploads.KEPT + timedelta(minutes=1)
    ana = Person.objects.get(username="ana")

    assert uploads.forget_unsaved(now=at + uploads.KEPT) == 0
    Draft.objects.create(person=ana, entry="statement", fields=held, at=at)
    assert uploads.forget_unsaved(now=late) == 0
    Draft.objects.all().delete()
    assert uploads.forget_unsaved(now=late) == 1
    with_picture(desk)
    assert Picture.objects.get().sha256 == digest
    assert uploads.forget_unsaved(now=late + timedelta(days=9)) == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_where_a_picture_was_taken_is_told_to_nobody(kind):
    """It is turned as its camera said, keeps its colours, and says nothing else any more."""
    told, made = Image.Exif(), io.BytesIO()
    told[ExifTags.Base.Orientation], told[ExifTags.Base.Make] = 6, "Camera of Ana"
    told.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (46.0, 12.0, 0.0)
    taken = Image.new("RGB", (40, 20), "red")
    taken.paste("blue", (0, 0, 20, 20))
    taken.save(made, kind, exif=told)

    plain = without_stories(made.getvalue())

    seen = Image.open(io.BytesIO(plain))
    assert (seen.size, dict(seen.getexif())) == ((20, 40), {})
    assert seen.getpixel((10, 2))[2] > 200, "what was on the left is on top"
    assert b"Camera of Ana" not in plain
    assert without_stories(plain) == plain
