"""MJML to the HTML that mail programs show alike, with its CSS written into each element."""

from __future__ import annotations

import re
from functools import cache

import css_inline
import mrml
import regex

from publisher.kit.text import wrapped
from publisher.models.errors import PlanError, Problem

#: mrml writes attributes with Rust's debug escapes, which spell these out: \u{e000}, \", \\.
_SPELT_OUT = regex.compile(r"[\p{C}\p{Zl}\p{Zp}\p{Mn}\p{Me}\u200c\u200d--[\n]]+|\\", flags=regex.V1)
#: where a line may end unseen, so that mails need no lines of more than 998 octets
_LINE_ENDS = (
    "</tr>",
    "</table>",
    "</p>",
    "</li>",
    "</h1>",
    "</h2>",
    "</h3>",
    "<tbody>",
    "<tr>",
    "<![endif]-->",
)
#: mrml would fetch faces it knows from a third party, which would learn who opened the mail
_NO_FONTS: dict[str, str] = {}
_LONG_TEXT = re.compile(r"(?<=>)[^<>]{400,}(?=</(?!pre))")


def html(mjml: str, path: str) -> str:
    """Turn MJML into HTML.

    Raises:
        PlanError: it is not well-formed MJML.
    """
    kept: list[str] = []
    mark = "zq"
    while mark in mjml:
        mark += "q"

    def keep(match: regex.Match[str]) -> str:
        kept.append(match[0])
        return f"{mark}{len(kept) - 1}x"

    try:
        made = mrml.to_html(
            _SPELT_OUT.sub(keep, mjml), render_options=mrml.RenderOptions(fonts=_NO_FONTS)
        ).content
    except (OSError, ValueError) as error:
        sentence = f"this cannot be read as MJML: {error}"
        raise PlanError([Problem(path=path, sentence=sentence)]) from error
    inlined = re.sub(rf"{mark}(\d+)x", lambda match: kept[int(match[1])], _inliner().inline(made))
    for end in _LINE_ENDS:
        inlined = inlined.replace(end, f"{end}\n")
    return _LONG_TEXT.sub(_folded, inlined)


def _folded(match: re.Match[str]) -> str:
    return wrapped(match[0], 300)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(
        keep_style_tags=True, load_remote_stylesheets=False, keep_at_rules=True
    )
