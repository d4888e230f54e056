"""Nobody reaches a page without leave: each address is asked for as everybody who might try."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from publisher.models import MAY, Act, Person, RoleName
from publisher.web.desk.door import WRITES, Guard
from publisher.web.desk.sign_in.frame import Outside
from publisher.web.desk.urls import AREAS
from tests.desk.people import desk_of, person
from tests.rows import Rows, rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
#: what an address names where nothing better is known, by the converter's regular expression
ANY = {"[0-9]+": "1", "[^/]+": "nothing", "[-a-zA-Z0-9_]+": "nothing", ".+": "nothing"}
#: pages for machines that describe themselves to everybody
API_OPEN = re.compile(r"api/v1/(openapi\.json)?$")
#: how a page may answer who may open it: some are only posted to, some ask for more
ALLOWED = {200, 204, 302, 303, 400, 403, 404, 405, 422}
#: pages whose address is itself the leave: programs that fetch them cannot sign in
TOKENS = {"desk/calendar/feed/<str:token>.ics"}


def addresses(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Give every address of the product, as a pattern in words."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, route)
        else:
            yield route, one


def desk_pages() -> list[tuple[str, URLPattern]]:
    """Give those of the desk that ask who one is."""
    return [
        (route, one)
        for route, one in addresses()
        if route.startswith("desk/") and isinstance(getattr(one.callback, "guard", None), Guard)
    ]


@pytest.fixture
def made() -> Rows:
    """Two organisations; what is asked about is ISO's."""
    WRITES.forget()
    made = rows()
    placement = made.placement()
    reader = made.reader(wish="iso/newsletter")
    owned = person("owned", RoleName.VIEWER)
    made.named = {  # what addresses name
        "key": placement.key,
        "entry": "statement",
        "occurrence": "launch",
        "number": str(made.delivery(placement, reader).pk),
        "pk": str(owned.pk),
        "reader": str(reader.pk),
        "slug": "iso-newsletter",
        "outlet": "iso-newsletter",
        "organisation": "iso",
        "audience": "members",
        "message": "coordination",
        "channel": "newsletter",
        "kind": "entry",
    }
    return made


def address(route: str, one: URLPattern, named: dict[str, str]) -> str:
    """Fill an address with what there is."""

    def value(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        fallback = "1" if kind == "int" else "nothing"
        given = named.get(name, fallback)
        return given if kind != "int" or given.isdigit() else fallback

    filled = re.sub(r"<([^>?]+)>", value, route)
    # What is a regular expression is filled with something it matches.
    filled = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda m: _matching(m, named), filled)
    return "/" + filled.rstrip("$").replace("\\", "")


def _matching(match: re.Match[str], named: dict[str, str]) -> str:
    name = match[1]
    tries = [
        named.get(name, ""),
        "a" * 20,
        "a" * 64,
        "png",
        "nothing",
        "1-" + "0" * 32,
        "single-sign-on",
    ]
    pattern = re.match(r"\(\?P<\w+>(.*)\)", match[0])[1]
    return next((one for one in tries if re.fullmatch(pattern, one)), "x")


def owners(one: URLPattern, where: str) -> object:
    """Give whose the thing is, as the guard finds out; `Http404`: there is none."""
    named = one.resolve(where[1:]).kwargs
    try:
        return one.callback.guard.owners_of(RequestFactory().get(where), **named)
    except Http404:
        return Http404


def expected(one: URLPattern, where: str, role: str, at: str) -> set[int]:
    """Give how a page may answer somebody with a role at an organisation."""
    guard = one.callback.guard
    able = MAY[role] if role else frozenset()
    if guard.act is None:
        return ALLOWED
    whose = owners(one, where) if guard.owners_of else None
    if whose is Http404:
        return {404}
    if guard.act not in able or (whose is not None and at not in whose):
        return {403}
    return ALLOWED


def outsider(answer: HttpResponse) -> bool:
    """Whether somebody was sent to sign in."""
    return answer.status_code == 302 and answer["Location"].startswith("/desk/sign-in/?next=")


def test_every_page_of_the_desk_has_a_guard():
    """One that was written without asking who opens it would be open to all."""
    unguarded = [
        route
        for route, one in addresses()
        if route.startswith("desk/")
        and route not in TOKENS
        and not isinstance(getattr(one.callback, "guard", None), Guard | Outside)
    ]

    assert unguarded == []
    assert len(desk_pages()) >= len(AREAS)


def test_who_is_not_signed_in_is_sent_to_sign_in(made):
    """By GET and by POST, on every page of the desk; a token that was guessed opens nothing."""
    client = Client(raise_request_exception=False)
    wrong = []
    for route, one in desk_pages():
        where = address(route, one, made.named)
        wrong += [
            where for answer in (client.get(where), client.post(where)) if not outsider(answer)
        ]

    assert wrong == []


@pytest.mark.parametrize(
    ("role", "at"), [("", "iso"), *((role, at) for at in ("iso", "iec") for role in RoleName)]
)
def test_each_page_answers_as_its_guard_says(made, role, at):
    """Somebody of each role, of the organisation whose things they are and of another one."""
    client = desk_of(person("somebody", role, at))
    client.raise_request_exception = False
    wrong = {}
    for route, one in desk_pages():
        where = address(route, one, made.named)
        if at == "iec" and one.callback.guard.owners_of is None:
            continue  # nobody's in particular: asked about as a member of the other one
        may = expected(one, where, role, at)
        if may == ALLOWED and role != RoleName.ADMINISTRATOR:
            continue  # what it shows is the same for all who may, and costs seconds
        answers = [client.get(where)]
        if may != ALLOWED:
            answers.append(client.post(where))
        wrong |= {
            (answer.request["REQUEST_METHOD"], where): (answer.status_code, may)
            for answer in answers
            if answer.status_code not in may
        }

    assert wrong == {}


def test_no_form_is_taken_without_its_token(made):
    """From somebody who may do everything: another site could have sent it."""
    who = person("all", RoleName.ADMINISTRATOR)
    Person.objects.filter(pk=who.pk).update(is_superuser=True)
    client = Client(enforce_csrf_checks=True)
    client.force_login(who)
    taken = []
    for route, one in desk_pages():
        where = address(route, one, made.named)
        taken += [where] if client.post(where).status_code != 403 else []

    assert taken == []


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_the_first_page_of_each_part_opens_for_whom_it_is(made, area):
    """And for nobody whose roles do not allow what it shows."""
    where = f"/{area.routes[0].pattern}"
    for role in RoleName:
        opened = desk_of(person(f"a-{role}", role)).get(where)
        assert opened.status_code == (200 if area.act in MAY[role] else 403), role
    assert Act.VIEW in MAY[RoleName.VIEWER]


@pytest.mark.parametrize("signed_in", [False, True])
def test_public_pages_know_nobody(made, signed_in):
    """No session is read or begun, so that copies may be kept; none breaks, whatever it names."""
    client = desk_of(person("all", RoleName.ADMINISTRATOR)) if signed_in else Client()
    client.raise_request_exception = False
    client.defaults["HTTP_HOST"] = "127.0.0.1:8000"
    wrong = {}
    for route, one in addresses():
        if route.startswith(("desk/", "api/")):
            continue
        where = address(route, one, made.named)
        for answer in (client.get(where), client.post(where)):
            knows = "sessionid" in answer.cookies or answer.wsgi_request.session.accessed
            personal = answer.cookies or "Cookie" in answer.get("Vary", "")
            cached = "public" in answer.get("Cache-Control", "") and personal
            if answer.status_code >= 500 or knows or cached:
                wrong[answer.request["REQUEST_METHOD"], where] = (
                    answer.status_code,
                    answer.headers,
                )
    assert wrong == {}


def test_what_was_captured_and_what_machines_say_keep_their_own_rules(made):
    """Captured mail is for this machine alone, whoever is signed in."""
    client = desk_of(person("all", RoleName.ADMINISTRATOR))
    far = {"HTTP_HOST": "news.example.org", "REMOTE_ADDR": "192.0.2.7"}
    captures = [address(r, one, made.named) for r, one in addresses() if r.startswith("capture/")]

    assert {client.get(where, **far).status_code for where in captures} == {404}
    assert client.get("/healthz", **far).status_code in {200, 503}
    assert "sessionid" not in client.get("/metrics", **far).cookies


def test_programs_without_a_token_get_nothing(made):
    """The API answers nobody it does not know, but for the description of itself."""
    client = Client(raise_request_exception=False)
    wrong = {}
    for route, one in addresses():
        if not route.startswith("api/") or API_OPEN.match(route):
            continue
        where = address(route, one, made.named)
        for answer in (client.get(where), client.post(where)):
            if answer.status_code not in {401, 403, 404, 405}:
                wrong[answer.request["REQUEST_METHOD"], where] = answer.status_code
    assert wrong == {}


def test_a_flood_of_writes_is_held_up():
    """A stolen session cannot be used to send thousands of forms a minute."""
    rows()
    who = person("quick", RoleName.VIEWER)
    client = desk_of(who)
    while WRITES.allows(str(who.pk)):
        pass

    answer = client.post("/desk/account/", {"full_name": "Q"})

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert client.get("/desk/account/").status_code == 200
    WRITES.forget()
