"""Subscribing: a form, and the page a confirmation's link leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from publisher.flows import subscribe as flow
from publisher.flows.subscribe import Bulletin, Request
from publisher.kit import clock, words
from publisher.kit.address import plain_address
from publisher.kit.signing import address_hash, read_request_token
from publisher.models.specs import in_language
from publisher.settings import settings
from publisher.web.language import Tongue, tongue
from publisher.web.limits import Limit, visitor
from publisher.web.page import notice, page

#: mails that one address can be made to get, and that one visitor can have sent
PER_ADDRESS = Limit(times=3, seconds=24 * 3600)
PER_VISITOR = Limit(times=20, seconds=3600)
#: the sentence beside each field; empty: there is nothing to mend
NO_ERRORS = {"address": "", "wish": ""}


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form; what it is answered with is the same whatever the address."""
    spoken, bulletins = tongue(request), flow.bulletins()
    if request.method != "POST":
        return _form(request, spoken, bulletins)
    errors = _errors(request, spoken, bulletins)
    if errors:
        return _form(request, spoken, bulletins, errors=errors, status=422)
    if not PER_VISITOR.allows(visitor(request.META.get("REMOTE_ADDR", ""))):
        return notice(request, "too_often", status=429)
    address = plain_address(request.POST["address"])
    if PER_ADDRESS.allows(address_hash(address)):
        flow.subscribe(_request(request, spoken, bulletins, address), now=clock.now())
    return notice(request, "asked")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A button; only pressing it confirms, for programs that scan mail open every link."""
    try:
        reader, asked_at = read_request_token(token)
    except ValueError:
        return notice(request, "bad_link", status=404)
    if request.method == "POST":
        done = flow.confirm(reader, asked_at, now=clock.now())
        return notice(request, "confirmed") if done else notice(request, "too_late", status=410)
    consents = flow.asked(reader, asked_at)
    if not consents:
        return notice(request, "too_late", status=410)
    return page(request, "confirm", seconds=0, wordings=[one.wording for one in consents])


def labels(bulletins: Sequence[Bulletin], spoken: Tongue) -> list[Mapping[str, object]]:
    """Give each bulletin as a box to tick, with the sentence one agrees to."""
    return [
        {
            "wish": str(bulletin.wish),
            "organisation": in_language(bulletin.organisation.name, spoken.tag),
            "channel": in_language(bulletin.channel.name, spoken.tag),
            "description": in_language(bulletin.channel.description, spoken.tag),
            "wording": wording(bulletin, spoken),
        }
        for bulletin in bulletins
    ]


def wording(bulletin: Bulletin, spoken: Tongue) -> str:
    """Give the sentence a reader agrees to, as it is shown and as it is kept."""
    return spoken.say(
        "consent.wording",
        organisation=in_language(bulletin.organisation.name, spoken.tag),
        channel=in_language(bulletin.channel.name, spoken.tag),
    )


def languages(bulletins: Sequence[Bulletin]) -> dict[str, str]:
    """Give the languages something is offered in, each by its own name."""
    tags = dict.fromkeys(tag for bulletin in bulletins for tag in bulletin.languages)
    return {tag: words.own_name(tag) for tag in tags}


def topics(spoken: Tongue) -> dict[str, str]:
    """Give the key messages as topics, by slug."""
    return {
        slug: in_language(message.said.name, spoken.tag) for slug, message in flow.topics().items()
    }


def ticked(request: HttpRequest, bulletins: Sequence[Bulletin]) -> list[Bulletin]:
    """Give the bulletins whose boxes are ticked; a box we did not show is not one."""
    wanted = set(request.POST.getlist("wish"))
    return [bulletin for bulletin in bulletins if str(bulletin.wish) in wanted]


def chosen_language(request: HttpRequest, bulletins: Sequence[Bulletin]) -> str:
    """Give the language chosen.

    Raises:
        BadRequest: it is none of those on the page; no browser sends that.
    """
    language = request.POST.get("language", "")
    if language not in languages(bulletins):
        raise BadRequest("that language is not on the page")
    return language


def _form(
    request: HttpRequest,
    spoken: Tongue,
    bulletins: Sequence[Bulletin],
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    known_topics = topics(spoken)
    posted = request.POST if request.method == "POST" else None
    return page(
        request,
        "subscribe",
        status=status,
        seconds=0,
        bulletins=labels(bulletins, spoken),
        languages_offered=languages(bulletins),
        topics=known_topics,
        errors={**NO_ERRORS, **(errors or {})},
        address=posted.get("address", "") if posted else "",
        ticked=posted.getlist("wish") if posted else [],
        language=posted.get("language", spoken.tag) if posted else spoken.tag,
        heard=posted.getlist("topic") if posted else list(known_topics),
    )


def _errors(request: HttpRequest, spoken: Tongue, bulletins: Sequence[Bulletin]) -> dict[str, str]:
    errors = {}
    try:
        plain_address(request.POST.get("address", ""))
    except ValueError:
        errors["address"] = spoken.say("subscribe.address_wrong")
    if not ticked(request, bulletins):
        errors["wish"] = spoken.say("subscribe.nothing_ticked")
    return errors


def _request(
    request: HttpRequest, spoken: Tongue, bulletins: Sequence[Bulletin], address: str
) -> Request:
    return Request(
        address=address,
        language=chosen_language(request, bulletins),
        topics=request.POST.getlist("topic"),
        wordings={
            bulletin.wish: wording(bulletin, spoken) for bulletin in ticked(request, bulletins)
        },
        source=f"{settings().site_url}/subscribe/",
    )
