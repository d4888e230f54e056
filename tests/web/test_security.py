"""What a page may do, and what can be reached."""

import pytest
from django.http import Http404
from django.test import Client

from publisher.models import Picture, PlacementState
from publisher.settings import Settings
from publisher.settings import settings as our_settings
from publisher.web import folder
from publisher.web.capture import may_show
from publisher.web.limits import visitor
from tests.rows import WORDS

PUBLIC = ["/", "/archive/", "/circulars/", "/subscribe/", "/nothing/", "/capture/mail/"]


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_our_pages_run_no_script_and_stand_in_nobodys_frame(browser, address):
    """A strict policy on every page, those of errors too."""
    page = browser.get(address)
    policy = page["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    assert b"<script" not in page.content
    assert b"style=" not in page.content


@pytest.mark.parametrize(
    ("said", "host", "shown"),
    [
        ({}, "127.0.0.1:8000", True),
        ({}, "localhost:8000", True),
        ({}, "rebound.example.org:8000", False),
        ({"listen": "0.0.0.0:8000"}, "127.0.0.1:8000", False),
        ({"listen": "[::1]:8000"}, "[::1]:8000", True),
        ({"site_url": "https://news.example.org"}, "127.0.0.1:8000", False),
        ({"show_capture": False}, "127.0.0.1:8000", False),
        ({"show_capture": True, "listen": "0.0.0.0:8000"}, "preview.example.org", True),
    ],
)
def test_captured_mail_is_shown_on_this_machine_alone_unless_somebody_says_so(said, host, shown):
    """It holds addresses and readers' links; a proxy in front makes loopback public."""
    assert may_show(Settings(**said), host) is shown


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/capture/mail/", "/capture/timeline/", "/capture/mail/x/"])
def test_captured_things_are_not_there_for_others(address):
    """404, as if there were none."""
    assert Client(headers={"host": "news.example.org"}).get(address).status_code == 404


@pytest.fixture
def published(tmp_path):
    """A folder with a page in it, and secrets around it."""
    (tmp_path / "secret.html").write_text("secret")
    site = tmp_path / "site"
    (site / "en" / "items").mkdir(parents=True)
    (site / "en" / "index.html").write_text("<h1>Hello</h1>")
    (site / "en" / "items" / "index.html").write_text("kept")
    (site / ".hidden.html").write_text("hidden")
    (site / "program.py").write_text("print()")
    (site / "link.html").symlink_to(tmp_path / "secret.html")
    return site


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "en/../../secret.html",
        "/etc/passwd",
        "//etc/passwd",
        "link.html",
        ".hidden.html",
        "en/items/index.html",
        "program.py",
        "en/\x00.html",
        "nothing.html",
        "a" * 5000,
    ],
)
def test_nothing_outside_a_published_folder_can_be_reached(rf, published, path):
    """Nor what is hidden in it, nor what is no kind of page."""
    with pytest.raises(Http404):
        folder.served(rf.get("/site/x"), published, path, hidden=frozenset({"items"}))


def test_a_folder_shows_its_index_with_the_right_type(rf, published):
    """And a folder's address without its slash leads to the one with it."""
    page = folder.served(rf.get("/site/en/"), published, "en/")

    assert page.content == b"<h1>Hello</h1>"
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert folder.served(rf.get("/site/en"), published, "en")["Location"] == "/site/en/"


@pytest.fixture
def feed():
    """A feed, where the adapter puts it."""
    file = our_settings().data_folder / "feeds" / "web-tests" / "en" / "feed.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"version": "https://jsonfeed.org/version/1.1"}')
    return "/feeds/web-tests/en/feed.json"


@pytest.mark.django_db
def test_an_unchanged_feed_is_not_sent_again(browser, feed):
    """By its ETag, and by its date; with the type that feed readers know."""
    first = browser.get(feed)
    assert first["Content-Type"] == "application/feed+json"
    assert browser.get(feed, headers={"if-none-match": first["ETag"]}).status_code == 304
    since = {"if-modified-since": first["Last-Modified"]}
    assert browser.get(feed, headers=since).status_code == 304


@pytest.mark.django_db
def test_a_picture_is_served_by_its_content_for_ever(browser):
    """Its address never shows another one; and only with the ending it has."""
    Picture.objects.create(sha256="a" * 64, media_type="image/png", content=b"\x89PNG")

    page = browser.get(f"/pictures/{'a' * 64}.png")

    assert (page["Content-Type"], page.content) == ("image/png", b"\x89PNG")
    assert "immutable" in page["Cache-Control"]
    assert browser.get(f"/pictures/{'a' * 64}.svg").status_code == 404
    assert browser.get(f"/pictures/{'b' * 64}.png").status_code == 404


def test_a_newsletter_in_the_archive_is_nobodys(browser, made):
    """No name, no address, no link with a token; and it runs nothing."""
    placement = made.placement()

    page = browser.get(f"/archive/{placement.key}/")
    text = page.content.decode()

    assert "Dear reader," in text
    assert "/leave/'" in text
    assert "script" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "\ue000" not in text
    assert "\ue000" in WORDS


@pytest.mark.parametrize("state", sorted(set(PlacementState) - {"sending", "finished"}))
def test_a_newsletter_is_not_public_before_it_goes_out(browser, made, state):
    """Nor after it was cancelled: its address is known to who planned it."""
    placement = made.placement(state=state)

    assert browser.get(f"/archive/{placement.key}/").status_code == 404
    assert placement.key not in browser.get("/archive/").content.decode()


def test_a_page_that_fails_does_so_in_the_house_look_without_the_database(settings, rf):
    """Because the database may be what failed."""
    from publisher.web.public.errors import broken

    page = broken(rf.get("/", headers={"accept-language": "fr"}))

    assert page.status_code == 500
    assert "Quelque chose n’a pas marché" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "asked",
    [
        lambda browser: browser.get("/archive/?page=%00"),
        lambda browser: browser.get("/subscribe/?%00=1"),
        lambda browser: browser.get("/site/%00/"),
        lambda browser: browser.post("/subscribe/", {"address": "a\x00@example.org"}),
        lambda browser: browser.post("/leave/nothing", {"w\x00hat": "everything"}),
    ],
)
def test_a_zero_octet_is_a_bad_request_everywhere(browser, asked):
    """The database keeps none; no browser sends one."""
    answer = asked(browser)

    assert answer.status_code == 400
    assert "default-src 'none'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
        ("", ""),
    ],
)
def test_a_visitor_is_counted_by_its_network(address, name):
    """Else whoever has one address of IPv6 could be a new visitor each time."""
    assert visitor(address) == name
