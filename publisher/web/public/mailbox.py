"""The captured mails: a list, one of them, and its parts."""

from __future__ import annotations

from email.message import EmailMessage

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from publisher.settings import settings
from publisher.web import mailbox, security
from publisher.web.capture import captured
from publisher.web.mailbox import Mailbox
from publisher.web.page import page

#: what a mail may show in place; anything else is offered as a file
_SHOWN = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp", "application/pdf"})
VIEWS = ("html", "text", "source")


@require_safe
@captured
def mails(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    box, placement = _box(), request.GET.get("placement", "")
    pages = Paginator(box.names(placement=placement), 50)
    shown = pages.get_page(request.GET.get("page"))
    lines = box.lines(list(shown))
    return page(request, "mailbox", lines=lines, shown=shown, placement=placement)


@require_safe
@captured
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: as HTML in a frame, as text, or as it was handed over."""
    found = _found(name)
    view = request.GET.get("view", "html")
    return page(
        request,
        "mail",
        mail_name=name,
        head={field: str(found[field] or "") for field in ("From", "To", "Subject", "Date")},
        view=view if view in VIEWS else "html",
        views=VIEWS,
        text=mailbox.text(found) if view == "text" else "",
        source=_box().source(name).decode("utf-8", "replace") if view == "source" else "",
        parts=mailbox.parts(found),
    )


@require_safe
@captured
def html(_request: HttpRequest, name: str) -> HttpResponse:
    """A mail's HTML alone; it may run nothing."""
    response = HttpResponse(mailbox.html(_found(name), f"/capture/mail/{name}/part/"))
    response["Content-Security-Policy"] = security.mail()
    return response


@require_safe
@captured
def part(_request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A picture or an attachment."""
    try:
        media_type, content = mailbox.part(_found(name), number)
    except IndexError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type=media_type)
    if media_type not in _SHOWN:
        response = HttpResponse(content, content_type="application/octet-stream")
        response["Content-Disposition"] = "attachment"
    response["Content-Security-Policy"] = security.mail()
    return response


def _box() -> Mailbox:
    return Mailbox(settings().data_folder / "capture" / "mailbox")


def _found(name: str) -> EmailMessage:
    try:
        return _box().mail(name)
    except FileNotFoundError as error:
        raise Http404 from error
