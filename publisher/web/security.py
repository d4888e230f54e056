"""What every answer tells the browser about safety."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from publisher.settings import settings

#: our own pages: our own style sheet and pictures, no script at all
PAGES = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: the organisations' sites: as our own pages, and the one script that searches them
SITES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
Answer = Callable[[HttpRequest], HttpResponseBase]
LaterAnswer = Callable[[HttpRequest], Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def headers(answer: Answer | LaterAnswer) -> Answer | LaterAnswer:
    """Put the headers on what a view did not set itself."""
    if iscoroutinefunction(answer):

        async def answered_later(request: HttpRequest) -> HttpResponseBase:
            return _guarded(await answer(request))

        return answered_later

    def answered(request: HttpRequest) -> HttpResponseBase:
        given = answer(request)
        assert isinstance(given, HttpResponseBase)
        return _guarded(given)

    return answered


@sync_and_async_middleware
def plain(answer: Answer | LaterAnswer) -> Answer | LaterAnswer:
    """Refuse what holds a zero octet: the database keeps none, and no browser sends one."""
    if iscoroutinefunction(answer):

        async def answered_later(request: HttpRequest) -> HttpResponseBase:
            reads = request.method == "POST"  # a body, which may be a file of many megabytes
            if await sync_to_async(_has_zero)(request) if reads else _has_zero(request):
                return await sync_to_async(_bad)(request)
            given: HttpResponseBase = await answer(request)
            return given

        return answered_later

    def answered(request: HttpRequest) -> HttpResponseBase:
        given = _bad(request) if _has_zero(request) else answer(request)
        assert isinstance(given, HttpResponseBase)
        return given

    return answered


def documents() -> str:
    """Give the policy for documents made by templates that are not the product's own.

    Their styles stand in the document, as in a newsletter; scripts and forms never run.
    """
    address = urlsplit(settings().site_url)
    ours = f"'self' {address.scheme}://{address.netloc}"
    return (
        f"default-src 'none'; style-src 'unsafe-inline' {ours}; img-src data: {ours}; "
        f"font-src {ours}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def mail() -> str:
    """Give the policy for a mail shown as a page: it can follow links and nothing else."""
    return (
        f"{documents()}; sandbox allow-popups allow-popups-to-escape-sandbox "
        "allow-top-navigation-by-user-activation"
    )


def _guarded(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Security-Policy", PAGES)
    # A token in an address must not reach another site; no-referrer would make the browser
    # send “Origin: null” with our own forms, which Django rightly refuses.
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


def _has_zero(request: HttpRequest) -> bool:
    if "\0" in request.path:
        return True
    said = [request.GET]
    if request.method == "POST" and request.content_type in _FORMS:
        said.append(request.POST)
    return any("\0" in text for one in said for name in one for text in (name, *one.getlist(name)))


def _bad(request: HttpRequest) -> HttpResponseBase:
    from publisher.web.public.errors import bad_request  # its screens need Django ready

    return bad_request(request, ValueError("a zero octet"))
