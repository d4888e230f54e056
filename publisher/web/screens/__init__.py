"""The pages' HTML: one Jinja2 file a screen; `layout.html` is what they share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from django.http import HttpRequest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from publisher.web.screens.filters import FILTERS


def environment(**options: Any) -> Environment:  # noqa: ANN401  # whatever Django passes
    """Make the environment, for Django's Jinja2 backend."""
    options |= {
        "loader": FileSystemLoader(Path(__file__).parent),
        "undefined": StrictUndefined,
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    made = Environment(**options)  # noqa: S701  # it is set, two lines above
    made.filters |= FILTERS
    # Words in other scripts are shown as they are written; what means something in HTML is not.
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    return made


def everywhere(request: HttpRequest) -> dict[str, object]:
    """Give what a page of ours shows that a view not ours renders; the door has put it there."""
    return cast("dict[str, object]", getattr(request, "shown", {}))
