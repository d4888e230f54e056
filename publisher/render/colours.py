"""An organisation's colours, with those that follow from them, always readable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from publisher.models.errors import PlanError, Problem
from publisher.models.specs import OrganisationSpec

_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\Z", re.IGNORECASE)
#: WCAG 2.2, 1.4.3: the contrast that text needs.
ENOUGH = 4.5
PAPER, NIGHT = "#ffffff", "#16181d"

Colour = tuple[float, float, float]  #: red, green, blue from 0 to 1


def palette(organisation: OrganisationSpec) -> Mapping[str, str]:
    """Give `main`, `ink` on it, `link` on paper, `link_night` on a dark screen, `tint`.

    Raises:
        PlanError: a colour is not written as #rrggbb, or its ink cannot be read on it.
    """
    return dict(_palette(organisation.slug, tuple(organisation.brand.items())))


@lru_cache(maxsize=256)
def _palette(organisation: str, brand: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    named = dict(brand)
    main, ink = named.get("main", "#1f3a5f"), named.get("ink", "#ffffff")
    for field, colour in brand:
        if not _HEX.match(colour):
            raise _wrong(organisation, field, f"“{colour}” is not a colour such as #1f3a5f")
    if contrast(main, ink) < ENOUGH:
        found = contrast(main, ink)
        sentence = f"{ink} on {main} has a contrast of {found:.1f} : 1; text needs 4.5 : 1"
        raise _wrong(organisation, "ink", sentence)
    return {
        "main": main,
        "ink": ink,
        "link": _readable(main, PAPER, towards="#000000"),
        "link_night": _readable(main, NIGHT, towards="#ffffff"),
        "tint": _mixed(main, PAPER, 0.07),
        **named,
    }


def _wrong(organisation: str, field: str, sentence: str) -> PlanError:
    path = f"channels/organisations/{organisation}.yaml"
    return PlanError([Problem(path=path, field=f"brand.{field}", sentence=sentence)])


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, from 1 to 21.

    Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    lights = sorted((_light(one), _light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _light(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(colour: str) -> Colour:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def _mixed(colour: str, other: str, share: float) -> str:
    parts = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(255 * (a * share + b * (1 - share))):02x}" for a, b in parts)


def _readable(colour: str, ground: str, *, towards: str) -> str:
    for share in range(20, -1, -1):
        mixed = _mixed(colour, towards, share / 20)
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    return towards
