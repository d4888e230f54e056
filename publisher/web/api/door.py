"""The programs' only way in: no operation is reached without a token that may do it.

Each operation says, as pages of the desk do, what act it is and whose the thing is: so an operation
without a permission cannot be written by oversight, and a test walks all of them. What Django Ninja
does begins behind the door: reading what was sent, and writing the answer.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypedDict, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view
from ninja.operation import Operation as NinjaOperation
from typing_extensions import Unpack

from publisher.flows.audit import Doer
from publisher.flows.rights import may
from publisher.flows.second_factor import lacks
from publisher.models import Act, Person, Via
from publisher.web.api.bearer import bearer, limited
from publisher.web.api.once import once
from publisher.web.api.problems import MEDIA_TYPE, Denied, Expected, Told, told
from publisher.web.desk.door import Guard, OwnersOf, person

View = TypeVar("View", bound=Callable[..., Any])
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Run = Callable[..., HttpResponse]
_SECOND_FACTOR = (
    "The organisation asks its people for a second factor; whose token this is has to add one at "
    "the desk, on its own account’s page."
)
JSON, FILES = "application/json", "multipart/form-data"


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One thing that programs may do."""

    name: str
    method: Method
    path: str  #: below `/api/v1`
    guard: Guard
    gives: str  #: media type of its answer
    needs_mark: bool  #: asks which state was seen, by `If-Match`


#: all of them, in the order of the reference
OPERATIONS: dict[str, Operation] = {}


class Making(Protocol):
    """Makes a function an operation, and gives it back."""

    def __call__(self, view: View) -> View:
        """Make it one."""


class Said(TypedDict, total=False):
    """What is to be known of an operation."""

    gives: Any  #: the shape of the answer; left out: it has no body
    status: int  #: of the answer; left out: 200
    media_type: str  #: of the answer, where it is not JSON
    needs_mark: bool  #: the program must say which state it saw


@dataclass
class Area:
    """Operations that belong together: a heading of the reference."""

    name: str
    about: str
    router: Router = field(default_factory=Router)

    def get(
        self,
        path: str,
        act: Act | None = Act.VIEW,
        owners_of: OwnersOf | None = None,
        **said: Unpack[Said],
    ) -> Making:
        """Make a function an operation that reads.

        Args:
            path: below `/api/v1`, with names in braces.
            act: what it amounts to; None: whoever has a token may.
            owners_of: whose the thing is; without it, leave from any organisation will do.
            said: what else is to be known of it.
        """
        return self._making("GET", path, Guard(act, owners_of), said)

    def post(
        self,
        path: str,
        act: Act | None = Act.VIEW,
        owners_of: OwnersOf | None = None,
        **said: Unpack[Said],
    ) -> Making:
        """Make a function an operation that does something; see `get`."""
        return self._making("POST", path, Guard(act, owners_of), said)

    def put(
        self,
        path: str,
        act: Act | None = Act.VIEW,
        owners_of: OwnersOf | None = None,
        **said: Unpack[Said],
    ) -> Making:
        """Make a function an operation that makes a thing what is sent; see `get`."""
        return self._making("PUT", path, Guard(act, owners_of), said)

    def delete(
        self,
        path: str,
        act: Act | None = Act.VIEW,
        owners_of: OwnersOf | None = None,
        **said: Unpack[Said],
    ) -> Making:
        """Make a function an operation that takes something away; see `get`."""
        return self._making("DELETE", path, Guard(act, owners_of), said)

    def _making(self, method: Method, path: str, guard: Guard, said: Said) -> Making:
        def made(view: View) -> View:
            one = Operation(
                name=view.__name__,
                method=method,
                path=path,
                guard=guard,
                gives=said.get("media_type", JSON),
                needs_mark=said.get("needs_mark", False),
            )
            assert one.name not in OPERATIONS, one.name
            OPERATIONS[one.name] = one
            decorate_view(lambda run: _through(one, run))(view)
            summary, _, more = inspect.cleandoc(view.__doc__ or "").partition("\n\n")
            self.router.api_operation(
                [method],
                path,
                response={said.get("status", 200): said.get("gives")},
                operation_id=one.name,
                summary=summary.rstrip("."),
                description=more or " ",
                tags=[self.name],
            )(view)
            return view

        return made


def doer(request: HttpRequest) -> Doer:
    """Give who does what a program asks, for the audit trail."""
    return Doer(person=person(request), via=Via.API)


def need(request: HttpRequest, act: Act, owners: frozenset[str] | None = None) -> None:
    """Refuse what the token may not.

    Raises:
        PermissionDenied: it may not do this to a thing of these organisations.
    """
    if not may(person(request), act, owners):
        raise PermissionDenied


def _through(one: Operation, run: Run) -> Run:
    reads = _Reads(run.__self__)  # type: ignore[attr-defined]  # a method of Ninja's operation

    def opened(request: HttpRequest, **named: Any) -> HttpResponse:  # noqa: ANN401  # the route's
        who: Person | None = None
        try:
            who = bearer(request)
            request.user = who
            _ask(one, request, named)
            reads.refuse_others(request)
            answer = _done(one, request, lambda: run(request, **named))
        except Expected as error:
            answer = told(error)
        answer.setdefault("Cache-Control", "no-store")
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return limited(answer, who) if who else answer

    return opened


def _ask(one: Operation, request: HttpRequest, named: dict[str, Any]) -> None:
    """Refuse who may not do it to this thing, and an answer in a form that is not there."""
    _refuse_nul([*map(str, named.values()), *request.GET, *_values(request)])
    if one.guard.act is not None and lacks(person(request)):
        raise Denied("not-allowed", _SECOND_FACTOR)
    owners = one.guard.owners_of(request, **named) if one.guard.owners_of else None
    if one.guard.act is not None:
        need(request, one.guard.act, owners)
    if not (request.accepts(one.gives) or request.accepts(MEDIA_TYPE)):
        raise Denied("not-acceptable", f"This is {one.gives}; accept that.")


def _done(one: Operation, request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    return run() if one.method == "GET" else once(request, run)


class _Reads:
    """What an operation reads of a request, as Ninja knows it."""

    def __init__(self, operation: NinjaOperation) -> None:
        models = {one.__ninja_param_source__: one for one in operation.models}
        self._query = frozenset(getattr(models.get("query"), "__ninja_flatten_map__", ()))
        self.body = JSON if "body" in models else (FILES if "file" in models else "")

    def refuse_others(self, request: HttpRequest) -> None:
        """Refuse what would be overlooked: a parameter that is none, a body of another type."""
        if unknown := sorted(set(request.GET) - self._query):
            told = [Told(field=f"query.{one}", sentence="is no parameter here") for one in unknown]
            raise Denied("invalid", f"“{unknown[0]}” is no parameter here.", problems=told)
        if self.body and request.content_type != self.body:
            raise Denied("wrong-type", f"Send {self.body}, and say so in Content-Type.")


def _values(request: HttpRequest) -> list[str]:
    return [value for name in request.GET for value in request.GET.getlist(name)]


def _refuse_nul(texts: list[str]) -> None:
    # PostgreSQL keeps no NUL, so nothing that it keeps can be meant.
    if any("\0" in text for text in texts):
        raise Denied("invalid", "No text holds the character U+0000.")
