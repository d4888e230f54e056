"""Stages: what each organisation calls them, in ISO's harmonised codes and in plain words."""

from __future__ import annotations

import re
from typing import Literal

State = Literal[
    "proposal", "drafting", "enquiry", "approval", "published", "withdrawn", "cancelled", "unknown"
]

_CODE = re.compile(r"\d\d\.\d\d")
#: by the code's first two digits; source: https://www.iso.org/stage-codes.html
_BY_STAGE: dict[str, State] = {
    "00": "proposal", "10": "proposal", "20": "drafting", "30": "drafting", "40": "enquiry",
    "50": "approval", "60": "published", "90": "published", "95": "withdrawn",
}  # fmt: skip
#: `.98` is a project abandoned, before it was published
_ABANDONED = ".98"
#: source: https://www.iec.ch/standards-development/stages, and what the records of IEC's
#: webstore and of ITU-T's list of Recommendations say
_WORDS = {
    "pwi": "00.00", "preliminary": "00.00", "pnw": "10.00", "np": "10.00", "proposed": "10.00",
    "anw": "20.00", "awi": "20.00", "wd": "20.20", "under study": "20.20", "draft": "20.20",
    "cd": "30.20", "acd": "30.00", "cdv": "40.20", "ccdv": "40.20", "dis": "40.20",
    "adis": "50.00", "fdis": "50.20", "cfdis": "50.20", "rfdis": "50.60", "decfdis": "50.00",
    "consented": "50.20", "determined": "50.20", "last call": "50.20", "apub": "60.00",
    "bpub": "60.00", "ppub": "60.60", "published": "60.60", "in force": "60.60",
    "approved": "60.60", "revised": "95.99", "replaced": "95.99", "superseded": "95.99",
    "wpub": "95.99", "withdrawn": "95.99", "withdrawal": "95.99", "deleted": "20.98",
    "cancelled": "20.98", "delpub": "95.99",
}  # fmt: skip


def stage_code(stage: str) -> str:
    """Give ISO's harmonised code for any organisation's stage; empty: it is not known."""
    said = " ".join(stage.casefold().split())
    return said if _CODE.fullmatch(said) else _WORDS.get(said, "")


def state(code: str) -> State:
    """Say how far a harmonised code is; `unknown` for any other."""
    if code.endswith(_ABANDONED) and code < "60":
        return "cancelled"
    return _BY_STAGE.get(code[:2], "unknown")
