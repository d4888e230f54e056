"""The API told to machines: OpenAPI 3.1, with what the door adds to each operation."""

from __future__ import annotations

from functools import cache
from typing import Any

from publisher.settings import settings
from publisher.web.api.api import programs
from publisher.web.api.door import OPERATIONS, Operation
from publisher.web.api.once import HEADER, SHAPE
from publisher.web.api.problems import KINDS, MEDIA_TYPE

PREFIX = "/api/v1"
Json = dict[str, Any]
#: what any operation may answer
_ALWAYS = (400, 401, 403, 404, 405, 406, 409, 422, 429, 500)
_PROBLEM = {
    "title": "Problem",
    "description": "What cannot be done, and why: RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "problems"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Which kind; a page about it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person."},
        "problems": {
            "type": "array",
            "description": "Each thing that is wrong, with its place.",
            "items": {
                "type": "object",
                "required": ["sentence"],
                "properties": {
                    "sentence": {"type": "string"},
                    "field": {"type": "string"},
                    "path": {"type": "string"},
                    "line": {"type": ["integer", "null"]},
                    "column": {"type": ["integer", "null"]},
                },
            },
        },
    },
}


@cache
def document() -> Json:
    """Give the whole description; the same object each time, never to be changed."""
    said: Json = dict(programs().get_openapi_schema(path_prefix=PREFIX.strip("/") + "/"))
    said["servers"] = [{"url": settings().site_url}]
    said["tags"] = [{"name": area.name, "description": area.about} for area in _areas()]
    schemas = said["components"]["schemas"]
    schemas["Problem"] = _PROBLEM
    said["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token, as `publisher_…`."}
    }
    said["security"] = [{"token": []}]
    for path in said["paths"].values():
        for method, one in path.items():
            _add(one, OPERATIONS[one["operationId"]], method)
    return said


def _areas() -> tuple[Any, ...]:
    from publisher.web.api.areas import AREAS

    return AREAS


def _add(one: Json, operation: Operation, method: str) -> None:
    """Say what the door asks and answers."""
    one["description"] = _described(one, operation)
    answers: Json = {str(status): said for status, said in one["responses"].items()}
    for said in answers.values():
        said.setdefault("headers", {}).update(_limits())
        _of_type(said, operation.gives)
    statuses = set(_ALWAYS)
    if method != "get":
        statuses.add(413)
        _parameter(one, HEADER, "The program’s own word for this request: sent again with the "
                   "same word, it is answered the same and nothing is done twice.",
                   pattern=SHAPE)  # fmt: skip
    if operation.needs_mark:
        statuses |= {412, 428}
        _parameter(one, "If-Match", "The `ETag` that you were given.")
        _parameter(one, "If-None-Match", "`*`, for something new.", enum=["*"])
    if "requestBody" in one:
        statuses.add(415)
    for status in sorted(statuses):
        answers.setdefault(str(status), _problem(status))
    one["responses"] = answers


def _described(one: Json, operation: Operation) -> str:
    act = operation.guard.act
    leave = f"Needs the leave `{act}`." if act else "Needs any token."
    return "\n\n".join(filter(None, (one.get("description", "").strip(), leave)))


def _of_type(said: Json, media_type: str) -> None:
    content = said.get("content")
    if content and media_type not in content:
        said["content"] = {media_type: {"schema": {"type": "string"}}}


def _problem(status: int) -> Json:
    titles = [kind.title for kind in KINDS.values() if kind.status == status]
    return {
        "description": "; ".join(titles),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _parameter(one: Json, name: str, about: str, **schema: object) -> None:
    one.setdefault("parameters", []).append(
        {"name": name, "in": "header", "required": False, "description": about,
         "schema": {"type": "string", **schema}}
    )  # fmt: skip


def _limits() -> Json:
    return {
        name: {"description": about, "schema": {"type": "string"}}
        for name, about in (
            ("RateLimit-Policy", "How often a token may ask."),
            ("RateLimit", "How often it may still ask now."),
        )
    }
