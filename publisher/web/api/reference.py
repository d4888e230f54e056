"""The API told to people: a page drawn from what is published for machines, without any script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from publisher.kit import words
from publisher.kit.text import direction
from publisher.settings import settings
from publisher.web.api.problems import KINDS
from publisher.web.api.schema import document
from publisher.web.language import tongue
from publisher.web.page import static_address

Json = dict[str, Any]
#: parameters that many operations have, explained once
_EVERYWHERE = {"Idempotency-Key", "If-Match", "If-None-Match"}


@dataclass(frozen=True, kw_only=True)
class Type:
    """What a value is, in a word or two."""

    text: str
    shape: str = ""  #: the one it is, or is a list of; explained below on the page

    @property
    def anchor(self) -> str:
        """Where on the page its shape is."""
        return f"shape-{slug(self.shape)}"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One value with a name."""

    name: str
    type: Type
    required: bool
    about: str
    place: str = ""  #: of a parameter: path, query


@dataclass(frozen=True, kw_only=True)
class Told:
    """One operation."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    parameters: list[Field]
    headers: list[str]  #: those of `_EVERYWHERE` that it takes
    takes: Type | None
    gives: Type | None
    status: str


@require_safe
@gzip_page
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, shape and kind of problem."""
    said, spoken = document(), tongue(request)
    values = {
        "tongue": spoken,
        "say": spoken.say,
        "languages": words.LANGUAGES,
        "direction": direction,
        "static": static_address,
        "path": request.path,
        "site": settings().site_url,
        "areas": list(areas(said)),
        "shapes": dict(shapes(said)),
        "slug": slug,
        "codes": codes,
        "kinds": KINDS.values(),
    }
    answer = render(request, "api/reference.html", values)
    answer["Content-Language"] = spoken.tag
    answer["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


def areas(said: Json) -> Iterator[tuple[Json, list[Told]]]:
    """Give each area with its operations."""
    told: dict[str, list[Told]] = {tag["name"]: [] for tag in said["tags"]}
    for path, methods in said["paths"].items():
        for method, one in methods.items():
            told[one["tags"][0]].append(_told(path, method, one))
    for tag in said["tags"]:
        yield tag, told[tag["name"]]


def shapes(said: Json) -> Iterator[tuple[str, tuple[str, list[Field]]]]:
    """Give each shape with what it is and its fields."""
    for name, shape in sorted(said["components"]["schemas"].items()):
        if "properties" in shape:
            yield name, (shape.get("description", ""), list(_fields(shape)))


def slug(name: str) -> str:
    """Give a name as part of an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def codes(text: str) -> Markup:
    """Give a sentence as HTML, with what stands between backticks as code."""
    parts = text.split("`")
    shown = (Markup("<code>{}</code>").format(one) if at % 2 else escape(one)
             for at, one in enumerate(parts))  # fmt: skip
    return Markup("").join(shown)


def _told(path: str, method: str, one: Json) -> Told:
    known = one.get("parameters", [])
    status = next(code for code in one["responses"] if code.startswith("2"))
    return Told(
        name=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        description=one["description"],
        parameters=[_parameter(each) for each in known if each["name"] not in _EVERYWHERE],
        headers=[each["name"] for each in known if each["name"] in _EVERYWHERE],
        takes=_content(one.get("requestBody", {})),
        gives=_content(one["responses"][status]),
        status=status,
    )


def _parameter(one: Json) -> Field:
    return Field(
        name=one["name"],
        type=_type(one["schema"]),
        required=one["required"],
        about=one.get("description", ""),
        place=one["in"],
    )


def _content(said: Json) -> Type | None:
    for media_type, content in said.get("content", {}).items():
        found = _type(content["schema"])
        if media_type == "application/json":
            return found
        return Type(text=media_type)
    return None


def _fields(shape: Json) -> Iterator[Field]:
    required = shape.get("required", [])
    for name, said in shape["properties"].items():
        yield Field(
            name=name,
            type=_type(said),
            required=name in required,
            about=_about(said),
        )


def _about(said: Json) -> str:
    examples = [json.dumps(one, ensure_ascii=False) for one in said.get("examples", [])]
    return " ".join([said.get("description", ""), *examples]).strip()


def _type(said: Json) -> Type:
    """Say what a schema is; of several, each."""
    if "$ref" in said:
        name = said["$ref"].rpartition("/")[2]
        return Type(text=name, shape=name)
    if several := said.get("anyOf") or said.get("allOf"):
        found = [_type(one) for one in several]
        shape = next((one.shape for one in found if one.shape), "")
        return Type(text=" | ".join(one.text for one in found), shape=shape)
    if "enum" in said:
        return Type(text=" | ".join(str(one) or "“”" for one in said["enum"]))
    if said.get("type") == "array":
        inner = _type(said.get("items", {}))
        return Type(text=f"{inner.text}[]", shape=inner.shape)
    if isinstance(values := said.get("additionalProperties"), dict):
        inner = _type(values)
        return Type(text=f"{{name: {inner.text}}}", shape=inner.shape)
    return Type(text=" ".join(filter(None, (str(said.get("type", "any")), said.get("format")))))
