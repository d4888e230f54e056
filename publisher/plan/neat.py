"""A spec as a person would write it in a file: nothing that goes without saying."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from publisher.models.specs import (
    AtWallTime,
    BeforeEvent,
    ChannelSpec,
    ChoiceSpec,
    EntrySpec,
    OnLaunch,
    OrganisationSpec,
    OutletSpec,
    RuleSpec,
    Spec,
    Variant,
)
from publisher.models.specs.shared import localised

#: what each spec's file name, or the name it stands under, says already
_SAID_ELSEWHERE: dict[type[Spec], set[str]] = {
    OutletSpec: {"slug", "channel"},
    EntrySpec: {"slug", "words"},
    ChoiceSpec: set(),
}


def neat(spec: Spec) -> dict[str, Any]:
    """Give what a file says for a spec, as plain values in the order of its fields."""
    return _fields(spec, _SAID_ELSEWHERE.get(type(spec), {"slug"}))


def neat_organisation(one: OrganisationSpec, choices: Iterable[ChoiceSpec]) -> dict[str, Any]:
    """Give an organisation's file."""
    chosen = [neat(choice) for choice in choices]
    return {**neat(one), **({"choices": chosen} if chosen else {})}


def neat_channel(one: ChannelSpec, outlets: Iterable[OutletSpec]) -> dict[str, Any]:
    """Give a channel's file."""
    named = {outlet.slug: neat(outlet) for outlet in outlets}
    return {**neat(one), **({"outlets": named} if named else {})}


def neat_entry(one: EntrySpec) -> dict[str, Any]:
    """Give an entry's front matter."""
    language = one.words[0].language
    return {**({} if language == "en" else {"language": language}), **neat(one)}


def selectors(variant: Variant, language: str) -> dict[str, str]:
    """Give what stands after `::: for`; nothing for words outside any block."""
    said = variant.model_dump(exclude={"words"}, exclude_none=True)
    if said["language"] == language:
        del said["language"]
    return said


def _fields(spec: BaseModel, hidden: set[str]) -> dict[str, Any]:
    said = {}
    for name, field in type(spec).model_fields.items():
        value = getattr(spec, name)
        if name not in hidden and (field.is_required() or value != _default(field)):
            said[field.alias or name] = _english(field, value) or _value(value)
    return said


def _default(field: FieldInfo) -> object:
    return field.get_default(call_default_factory=True, validated_data={})


def _english(field: FieldInfo, value: Any) -> str | None:  # noqa: ANN401 — any field's
    """Give the words alone where there are English ones and no others."""
    in_languages = any(getattr(one, "func", None) is localised for one in field.metadata)
    return str(value["en"]) if in_languages and value.keys() == {"en"} else None


def _value(value: Any) -> Any:  # noqa: ANN401 — what a field of any spec may hold
    for shape, write in _WRITTEN.items():
        if isinstance(value, shape):
            return write(value)
    return value


def _launch(when: OnLaunch) -> str:
    after = "" if when.after == "0 minutes" else f" + {when.after}"
    return f"launch{after}" + (f" at {when.at:%H:%M}" if when.at else "")


def _rule(rule: RuleSpec) -> dict[str, Any]:
    said = _fields(rule, set())
    if isinstance(said.get("is"), list) and len(said["is"]) == 1:
        said["is"] = said["is"][0]
    return said


#: the first that fits; everything else is a plain value
_WRITTEN: dict[type[Any], Callable[[Any], Any]] = {
    AtWallTime: str,
    OnLaunch: _launch,
    BeforeEvent: lambda when: _fields(when, {"kind"}),
    RuleSpec: _rule,
    BaseModel: lambda spec: _fields(spec, set()),
    list: lambda items: [_value(item) for item in items],
    dict: lambda items: {name: _value(item) for name, item in items.items()},
    datetime: lambda at: f"{at:%Y-%m-%d %H:%M}",
    date: date.isoformat,
    time: lambda clock: f"{clock:%H:%M:%S}".removesuffix(":00"),
}
