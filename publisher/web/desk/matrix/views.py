"""The matrix as one table, and as a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from publisher.flows.rights import may
from publisher.flows.who_hears import the_matrix, the_squares
from publisher.models import Act
from publisher.models.specs import Plan, in_language
from publisher.schedule.heard import Heard, Square
from publisher.schedule.matrix import wholes
from publisher.web.desk.calendar.views import as_csv, chain_head
from publisher.web.desk.door import person
from publisher.web.desk.screen import screen, spoken
from publisher.web.language import Tongue

Kind = Literal["", "primary", "secondary"]
#: each with a mark beside its word, so that colour is not alone
MARKS = {
    Heard.NOBODY: "–",
    Heard.PROMISED: "✕",
    Heard.PLANNED: "○",
    Heard.SAID: "●",
    Heard.HEARD: "✓",
}
WORDS = {heard: heard.name.lower() for heard in Heard}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What narrows the matrix."""

    organisation: str = ""  #: slug
    kind: Kind = ""
    holes: bool = False  #: only messages and audiences that have one

    @property
    def query(self) -> str:
        """What says it in an address."""
        said = {"organisation": self.organisation, "kind": self.kind}
        said["holes"] = "yes" if self.holes else ""
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, kw_only=True)
class Line:
    """An audience with its squares in the order of the messages; None: nothing is promised."""

    audience: str
    name: str
    part_of: str
    squares: list[Square | None]
    cells: Markup  #: the same, as the table has them


class Cells:
    """The table's cells as HTML: made here, as a template takes too long for thousands of them."""

    def __init__(self, plan: Plan, tongue: Tongue) -> None:
        self._base = reverse("desk-matrix")
        self._words = {heard: escape(tongue.say(f"desk.matrix.{WORDS[heard]}")) for heard in Heard}
        names = {slug: in_language(one.name, tongue.tag) for slug, one in plan.channels.items()}
        self._through = {
            (slug, heard): Markup(" <span>{} {}</span>").format(MARKS[heard], name)
            for slug, name in names.items()
            for heard in Heard
        }

    def of(self, squares: Iterable[Square | None]) -> Markup:
        """Give the cells of one row."""
        return Markup("").join(self._cell(one) for one in squares)

    def _cell(self, one: Square | None) -> Markup:
        if one is None:
            return Markup("<td></td>")
        lent = " lent" if one.inherited_from else ""
        link = f"{self._base}{one.audience}/{one.message}/"  # slugs, which need no escaping
        through = "".join(self._through[each.channel, each.heard] for each in one.through)
        return Markup(  # noqa: S704  # each part is a slug, a constant, or escaped above
            f'<td class="h-{WORDS[one.heard]}{lent}"><a href="{link}">{MARKS[one.heard]} '
            f"{self._words[one.heard]}</a>{through}</td>"
        )


@dataclass(frozen=True, kw_only=True)
class Group:
    """Audiences that are parts of one, which comes first."""

    slug: str
    name: str
    lines: list[Line]
    holes: int


@require_safe
@gzip_page
def matrix(request: HttpRequest) -> HttpResponse:
    """Audiences by key messages."""
    asked, tongue = _asked(request), spoken(request)
    plan = the_matrix().plan
    found = _narrowed(the_squares(organisation=asked.organisation), asked, plan)
    messages = _messages(found, asked, plan)
    return screen(
        request,
        "matrix/matrix",
        at="matrix",
        asked=asked,
        messages={slug: in_language(plan.messages[slug].name, tongue.tag) for slug in messages},
        groups=list(_groups(found, messages, plan, tongue)),
        channels={slug: in_language(one.name, tongue.tag) for slug, one in plan.channels.items()},
        organisations={slug: one.short for slug, one in plan.organisations.items()},
        totals=Counter(one.heard for one in found),
        marks=MARKS,
        words={heard: tongue.say(f"desk.matrix.{word}") for heard, word in WORDS.items()},
        classes=WORDS,
        may_edit=may(person(request), Act.EDIT),
    )


@require_safe
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """A line for each audience, message and channel."""
    asked = _asked(request)
    found = _narrowed(the_squares(organisation=asked.organisation), asked, the_matrix().plan)
    head = ("audience", "message", "inherited_from", "channel", "outlets", "state")
    return as_csv("matrix", chain_head(head, _rows(found)))


def _rows(found: Iterable[Square]) -> Iterator[list[str]]:
    for one in found:
        for through in one.through:
            outlets = " ".join(through.outlets)
            where = [one.audience, one.message, one.inherited_from]
            yield [*where, through.channel, outlets, WORDS[through.heard]]


def _asked(request: HttpRequest) -> Asked:
    kind = request.GET.get("kind", "")
    return Asked(
        organisation=request.GET.get("organisation", "").replace("\0", ""),
        kind=kind if kind in get_args(Kind) else "",  # type: ignore[arg-type]  # just looked
        holes=request.GET.get("holes") == "yes",
    )


def _narrowed(found: list[Square], asked: Asked, plan: Plan) -> list[Square]:
    kept = [
        one for one in found if not asked.kind or plan.audiences[one.audience].kind == asked.kind
    ]
    if not asked.holes:
        return kept
    audiences = {one.audience for one in kept if one.hole}
    return [one for one in kept if one.audience in audiences]


def _messages(found: Iterable[Square], asked: Asked, plan: Plan) -> list[str]:
    wanted = {one.message for one in found if one.hole or not asked.holes}
    return [slug for slug in plan.messages if slug in wanted]


def _groups(
    found: Iterable[Square], messages: list[str], plan: Plan, tongue: Tongue
) -> Iterator[Group]:
    """Give each widest audience with those that are parts of it."""
    language, cells = tongue.tag, Cells(plan, tongue)
    at: dict[str, dict[str, Square]] = {}
    for one in found:
        at.setdefault(one.audience, {})[one.message] = one
    groups: dict[str, list[Line]] = {}
    for slug in _by_parts(at, plan):
        *_, widest = wholes(plan, plan.audiences[slug])
        squares = [at[slug].get(message) for message in messages]
        line = Line(
            audience=slug,
            name=in_language(plan.audiences[slug].name, language),
            part_of=plan.audiences[slug].part_of or "",
            squares=squares,
            cells=cells.of(squares),
        )
        groups.setdefault(widest.slug, []).append(line)
    for slug, lines in groups.items():
        name = in_language(plan.audiences[slug].name, language)
        holes = sum(one.hole for line in lines for one in line.squares if one)
        yield Group(slug=slug, name=name, lines=lines, holes=holes)


def _by_parts(audiences: Iterable[str], plan: Plan) -> list[str]:
    """Put the wide ones before their parts, and primary ones before secondary ones."""

    def place(slug: str) -> tuple[object, ...]:
        path = [one.slug for one in wholes(plan, plan.audiences[slug])][::-1]
        return plan.audiences[path[0]].kind != "primary", path

    return sorted(audiences, key=place)
