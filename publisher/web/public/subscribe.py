"""Subscribing: a form, and the page a confirmation's link leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from publisher.flows import subscribe as flow
from publisher.flows.subscribe import Offer, Request
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
    spoken, offers = tongue(request), flow.offers()
    if request.method != "POST":
        return _form(request, spoken, offers)
    errors = _errors(request, spoken, offers)
    if errors:
        return _form(request, spoken, offers, errors=errors, status=422)
    if not PER_VISITOR.allows(visitor(request.META.get("REMOTE_ADDR", ""))):
        return notice(request, "too_often", status=429)
    address = plain_address(request.POST["address"])
    if PER_ADDRESS.allows(address_hash(address)):
        flow.subscribe(_request(request, spoken, offers, address), now=clock.now())
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


def labels(offers: Sequence[Offer], spoken: Tongue) -> list[Mapping[str, object]]:
    """Give each offer as a box to tick, with the sentence one agrees to."""
    return [
        {
            "wish": str(offer.wish),
            "organisation": in_language(offer.organisation.name, spoken.tag),
            "channel": in_language(offer.channel.name, spoken.tag),
            "description": in_language(offer.channel.description, spoken.tag),
            "wording": wording(offer, spoken),
        }
        for offer in offers
    ]


def wording(offer: Offer, spoken: Tongue) -> str:
    """Give the sentence a reader agrees to, as it is shown and as it is kept."""
    return spoken.say(
        "consent.wording",
        organisation=in_language(offer.organisation.name, spoken.tag),
        channel=in_language(offer.channel.name, spoken.tag),
    )


def languages(offers: Sequence[Offer]) -> dict[str, str]:
    """Give the languages something is offered in, each by its own name."""
    tags = dict.fromkeys(tag for offer in offers for tag in offer.languages)
    return {tag: words.own_name(tag) for tag in tags}


def topics(spoken: Tongue) -> dict[str, str]:
    """Give the key messages as topics, by slug."""
    return {
        slug: in_language(message.said.name, spoken.tag) for slug, message in flow.topics().items()
    }


def ticked(request: HttpRequest, offers: Sequence[Offer]) -> list[Offer]:
    """Give the offers whose boxes are ticked; a box we did not show is not one."""
    wanted = set(request.POST.getlist("wish"))
    return [offer for offer in offers if str(offer.wish) in wanted]


def chosen_language(request: HttpRequest, offers: Sequence[Offer]) -> str:
    """Give the language chosen.

    Raises:
        BadRequest: it is none of those on the page; no browser sends that.
    """
    language = request.POST.get("language", "")
    if language not in languages(offers):
        raise BadRequest("that language is not on the page")
    return language


def _form(
    request: HttpRequest,
    spoken: Tongue,
    offers: Sequence[Offer],
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
        offers=labels(offers, spoken),
        languages_offered=languages(offers),
        topics=known_topics,
        errors={**NO_ERRORS, **(errors or {})},
        address=posted.get("address", "") if posted else "",
        ticked=posted.getlist("wish") if posted else [],
        language=posted.get("language", spoken.tag) if posted else spoken.tag,
        heard=posted.getlist("topic") if posted else list(known_topics),
    )


def _errors(request: HttpRequest, spoken: Tongue, offers: Sequence[Offer]) -> dict[str, str]:
    errors = {}
    try:
        plain_address(request.POST.get("address", ""))
    except ValueError:
        errors["address"] = spoken.say("subscribe.address_wrong")
    if not ticked(request, offers):
        errors["wish"] = spoken.say("subscribe.nothing_ticked")
    return errors


def _request(
    request: HttpRequest, spoken: Tongue, offers: Sequence[Offer], address: str
) -> Request:
    return Request(
        address=address,
        language=chosen_language(request, offers),
        topics=request.POST.getlist("topic"),
        wordings={offer.wish: wording(offer, spoken) for offer in ticked(request, offers)},
        source=f"{settings().site_url}/subscribe/",
    )
