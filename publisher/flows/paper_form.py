"""Read a proposal form that somebody filled in with a word processor.

Source: ECMA-376 part 1, §17.5.2: each answer is a content control whose tag is its name.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from publisher.models.errors import Refused
from publisher.plan.master_file import WORD, wrong_with

MAX_BYTES = 5_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LONGEST = 5000  #: letters of an answer; a longer one is none of ours


def read(content: bytes) -> dict[str, str]:
    """Give the answers by their names; of a choice its value, not the words shown.

    Raises:
        Refused: it is no Word document, one that could do harm, or none of our forms.
    """
    if len(content) > MAX_BYTES:
        raise Refused(f"A form has {MAX_BYTES // 1_000_000} MB at most.")
    if wrong := wrong_with(content, WORD):
        raise Refused(f"The file {wrong}.")
    found = dict(_answers(_body(content)))
    if "title" not in found:
        raise Refused("This is none of our forms: it has no field for a title to be read from.")
    return found


def _body(content: bytes) -> Any:  # noqa: ANN401  # lxml's element
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = archive.read("word/document.xml")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("The file is damaged: its text cannot be read.") from error


def _answers(body: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  # lxml's element
    for control in body.iter(f"{_W}sdt"):
        properties, said = control.find(f"{_W}sdtPr"), control.find(f"{_W}sdtContent")
        tag = properties.find(f"{_W}tag") if properties is not None else None
        if tag is None or said is None:
            continue
        empty = properties.find(f"{_W}showingPlcHdr") is not None
        yield str(tag.get(f"{_W}val", "")), "" if empty else _value(properties, _text(said))


def _value(properties: Any, text: str) -> str:  # noqa: ANN401  # lxml's element
    for item in properties.iter(f"{_W}listItem"):
        if item.get(f"{_W}displayText") == text:
            return str(item.get(f"{_W}value", ""))
    return text


def _text(said: Any) -> str:  # noqa: ANN401  # lxml's element
    pieces = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " "}
    made = "\n".join(
        "".join(
            (one.text or "") if one.tag == f"{_W}t" else pieces.get(one.tag, "")
            for one in line.iter()
        )
        for line in (list(said.iter(f"{_W}p")) or [said])
    )
    return made.strip()[:_LONGEST]
