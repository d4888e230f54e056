"""Readers: found again, looked after one by one, and put into segments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field, StrictBool, StrictInt, StrictStr, ValidationError

from publisher.flows import reader_acts, segments
from publisher.flows import readers as flow
from publisher.flows.audit import note
from publisher.flows.export_readers import about
from publisher.kit import clock
from publisher.models import Act, Audience, Consent, Reader
from publisher.models.errors import PlanError, Problem
from publisher.models.specs import RuleSpec
from publisher.web.api.door import Area, doer
from publisher.web.api.shapes import (
    Page,
    Paged,
    Reason,
    Sent,
    Shown,
    Slug,
    Texts,
    Values,
    number,
    page,
    seen,
)
from publisher.web.desk.door import person
from publisher.web.desk.readers.views import consents, suppressed
from publisher.web.desk.readers.whose import of_consent, of_reader

area = Area("Readers", "Whom we may write to: what each agreed to, and who is in a segment.")


Attribute = StrictStr | StrictInt | StrictBool


class ReadersAsked(Paged):
    """What is looked for; what is empty does not narrow."""

    address: str = Field("", max_length=320, description="How it begins, whatever its case.")
    name: str = Field("", max_length=200, description="How words of it begin.")
    language: str = Field("", max_length=12)
    attribute: Slug = ""
    value: str = Field("", max_length=320, description="Of the attribute.")
    organisation: Slug = Field("", description="Has a live consent with it.")
    channel: Slug = Field("", description="Has a live consent for it.")
    suppressed: bool = Field(default=False, description="Only who must not be written to.")
    limit: int = Field(flow.PAGE, ge=flow.PAGE, le=flow.PAGE, description="Always 50.")


class ConsentShown(Shown):
    """What a reader agreed to, with its evidence."""

    number: int
    organisation: str
    channel: str
    given_at: datetime
    confirmed_at: datetime | None
    withdrawn_at: datetime | None
    source: str
    wording: str


class ReaderShown(Shown):
    """Somebody we may write to."""

    number: int
    address: str
    name: str
    language: str
    attributes: Values
    muted: list[str] = Field(description="Key messages it does not want to hear about.")
    created_at: datetime
    suppressed: bool = Field(description="It must not be written to.")
    consents: list[ConsentShown] = Field(description="Of what the token may know.")


class KnownSent(Sent):
    """What is known of a reader, as it is to be."""

    name: str = Field("", max_length=200)
    language: str = Field("en", max_length=12)
    attributes: dict[str, Attribute | list[Attribute]] = Field(
        default_factory=dict, description="What rules of audiences ask for; all of it."
    )


class Why(Sent):
    """Why it is done."""

    reason: Reason


class WhyAsked(Sent):
    """Why it is done."""

    reason: str = Field(max_length=190)


class SegmentSent(Sent):
    """Who is meant."""

    rule: Values = Field(
        description="As `who` of an audience.",
        examples=[{"all": [{"attribute": "country", "is": ["CH"]}]}],
    )


class SegmentShown(Shown):
    """Who a rule means now, among those the token may see."""

    readers: int
    some: list[ReaderShown] = Field(description="The newest.")


class SegmentKept(SegmentSent):
    """A rule to be an audience’s."""

    name: Texts = Field(default_factory=dict, description="Of a new audience; else left out.")


class AudienceMade(Shown):
    """The audience that has the rule now."""

    audience: str


class AttributeShown(Shown):
    """Something that readers have."""

    name: str
    is_list: bool
    values: list[str] = Field(description="The most frequent first.")


@area.get("/readers", Act.READERS, gives=Page[ReaderShown])
def readers(
    request: HttpRequest, response: HttpResponse, asked: Query[ReadersAsked]
) -> dict[str, object]:
    """Search the readers, the newest first."""
    said = asked.model_dump(exclude={"cursor", "limit"})
    mine = flow.mine(person(request))
    found = flow.search(flow.Asked(**said, before=number(asked)), mine=mine)
    return page(request, response, _told(found.rows, mine), str(found.next or ""))


@area.get("/readers/{int:reader}", Act.READERS, of_reader, gives=ReaderShown)
def read_reader(request: HttpRequest, reader: int) -> dict[str, object]:
    """Give one reader with every consent that the token may know of, withdrawn ones too."""
    mine = flow.mine(person(request))
    row = Reader.objects.get(pk=reader)
    rows = row.consents.select_related("organisation", "channel").order_by("-given_at", "-id")
    told = rows if mine is None else rows.filter(organisation__slug__in=mine)
    return {**_told([row], mine)[0], "consents": [_consent(one) for one in told]}


@area.put("/readers/{int:reader}", Act.READERS, of_reader, gives=ReaderShown)
def write_reader(request: HttpRequest, reader: int, said: KnownSent) -> dict[str, object]:
    """Mend a reader’s name, language and attributes."""
    known = reader_acts.Known(**said.model_dump())
    reader_acts.change(reader, known, doer=doer(request), now=clock.now())
    return read_reader(request, reader)


@area.delete("/readers/{int:reader}", Act.READERS, of_reader, status=204)
def erase_reader(request: HttpRequest, reader: int) -> None:
    """Erase a reader, and never write to the address again (GDPR, article 17)."""
    mine = flow.mine(person(request))
    reader_acts.erase(reader, mine=mine, doer=doer(request), now=clock.now())


@area.get("/readers/{int:reader}/data", Act.READERS, of_reader, gives=Values)
def reader_data(request: HttpRequest, reader: int) -> Any:  # noqa: ANN401  # JSON
    """Give all that is held about a reader, for the reader (GDPR, articles 15 and 20)."""
    row = Reader.objects.get(pk=reader)
    note(doer(request), "reader.export", f"reader/{reader}", now=clock.now())
    return about(row.address, mine=flow.mine(person(request)))


@area.post("/readers/{int:reader}/restore", Act.READERS, of_reader, gives=ReaderShown)
def restore_reader(request: HttpRequest, reader: int, said: Why) -> dict[str, object]:
    """Let a reader be written to again."""
    mine = flow.mine(person(request))
    reader_acts.restore(reader, reason=said.reason, mine=mine, doer=doer(request), now=clock.now())
    return read_reader(request, reader)


@area.post("/readers/{int:reader}/ask-again", Act.READERS, of_reader, status=202)
def ask_reader_again(request: HttpRequest, reader: int) -> None:
    """Have the mail that asks a reader to confirm sent once more."""
    mine = flow.mine(person(request))
    reader_acts.ask_again(reader, mine=mine, doer=doer(request), now=clock.now())


@area.delete("/readers/{int:reader}/consents/{int:consent}", Act.READERS, of_consent, status=204)
def withdraw_consent(request: HttpRequest, reader: int, consent: int, why: Query[WhyAsked]) -> None:
    """Take one consent back for a reader that asked for it, and keep why."""
    del reader
    reader_acts.withdraw(consent, reason=why.reason, doer=doer(request), now=clock.now())


@area.get("/segments/attributes", Act.READERS, gives=list[AttributeShown])
def segment_attributes(request: HttpRequest) -> list[segments.Attribute]:
    """Give what rules can ask for."""
    return segments.attributes(mine=flow.mine(person(request)))


@area.post("/segments/count", Act.READERS, gives=SegmentShown)
def count_segment(request: HttpRequest, said: SegmentSent) -> dict[str, object]:
    """Count who a rule means, and show some of them; nothing is kept."""
    mine = flow.mine(person(request))
    found = segments.segment(_rule(said), mine=mine)
    return {"readers": found.readers, "some": _told(found.some, mine)}


@area.put("/audiences/{slug:slug}/rule", Act.EDIT, gives=AudienceMade, needs_mark=True)
def keep_segment(request: HttpRequest, slug: str, said: SegmentKept) -> dict[str, str]:
    """Make a rule that of an audience, or of a new one with `name` and `If-None-Match: *`."""
    row = Audience.objects.filter(slug=slug).first()
    made = segments.keep(
        _rule(said),
        slug,
        names=said.name,
        seen=seen(request, row),
        doer=doer(request),
        now=clock.now(),
    )
    return {"audience": made.slug}


def _rule(said: SegmentSent) -> RuleSpec:
    try:
        return RuleSpec.model_validate(said.rule)
    except ValidationError as error:
        raise PlanError(
            [
                Problem(path="", field=f"rule.{'.'.join(map(str, one['loc']))}".rstrip("."),
                        sentence=one["msg"].removeprefix("Value error, "))
                for one in error.errors()
            ]
        ) from error  # fmt: skip


def _told(rows: Any, mine: flow.Mine) -> list[dict[str, object]]:  # noqa: ANN401  # readers
    shut, agreed = suppressed(rows), consents(rows, mine)
    names = ("address", "name", "language", "attributes", "muted", "created_at")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "number": row.pk,
            "suppressed": row.address_hash in shut,
            "consents": [_consent(one) for one in agreed[row.pk]],
        }
        for row in rows
    ]


def _consent(row: Consent) -> dict[str, object]:
    names = ("given_at", "confirmed_at", "withdrawn_at", "source", "wording")
    return {
        **{name: getattr(row, name) for name in names},
        "number": row.pk,
        "organisation": row.organisation.slug,
        "channel": row.channel.slug,
    }
