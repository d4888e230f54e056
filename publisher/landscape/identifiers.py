"""Read what standards bodies call their documents: numbers, parts, editions and drafts.

An identifier is evidence, not proof: records that name the wrong twin exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """One name of one document, taken apart."""

    publishers: tuple[str, ...]  #: as `("ISO", "IEC")`
    number: str  #: `9594`, `X.509`
    part: str = ""  #: `8`, `2-60`; ITU-T has none
    kind: str = ""  #: `TS`, `TR`, `Guide`, `Suppl.`
    draft: str = ""  #: `DIS`, `CD`; empty: no draft, or none that the name tells
    year: int | None = None
    amendment: str = ""  #: what it changes of the document, as `Amd 1`
    also: str = ""  #: the second number of an ITU-T document, as `Y.1704.3`

    @property
    def works(self) -> tuple[str, ...]:
        """Give the names that all editions, drafts and amendments of the document share.

        ISO, IEC and their joint documents draw on one row of numbers: `ISO/IEC 60559` is
        `IEC 60559`. Guides and workshop agreements have rows of their own.
        """
        if self.publishers[0] == "ITU-T":
            series = f"{self.kind} " if self.kind else ""
            return tuple(f"ITU-T {series}{one}" for one in (self.number, self.also) if one)
        number = f"{_modern(self)}-{self.part}" if self.part else _modern(self)
        own = self.kind if self.kind in _OWN_ROWS else ""
        own = own or next((one for one in self.publishers if one in _OWN_ROWS), "")
        return (f"{own} {number}",) if own else (number,)


#: publishers and kinds whose numbers are no numbers of International Standards
_OWN_ROWS = frozenset({"Guide", "IWA", "CISPR", "DIR", "DATA", "TTA", "HL7"})
_ISO = re.compile(
    r"\b(?:(?P<early>AWI|WD|CD|DIS) (?=IWA))?"
    r"(?P<publishers>(?:ISO|IEC|CISPR)(?:/(?:ISO|IEC|IEEE|CISPR|ASTM|CIE|OIML|SAE|IDF|HL7|"
    r"IIW|UNDP|ITU|CEN|ASME|OECD))*|IWA)"
    r"(?:[ /]+(?P<kinds>(?:(?:TS|TR|PAS|ISP|R|D?Guide|GUIDE|SRD|TTA|DATA|DIR|HL7|"
    r"PWI|NP|AWI|WD|CD|CDV|DIS|FDIS|PRF|DTS|DTR|DPAS|FDTS|FDTR)[ /]+)*))?[ ]?"
    r"(?P<number>\d+[A-Z]?)(?P<part>(?:-\d+[A-Z]?)*)\b(?:\s?:\s?(?P<year>(?:19|20)\d\d))?"
    r"(?P<amendment>(?:[/+ ](?:[A-Z]{2,4} ?)?(?:Amd|AMD|Cor|COR|DAM|DAmd|Add|ISH|Suppl) ?\d*)?)"
)
_ITU = re.compile(
    r"\b(?:(?:(?:Rec\.|Recommendation)\s*)?(?:ITU-T|CCITT)|(?P<bare>Rec\.|Recommendation))\s*"
    r"(?:(?:Rec\.?|Recommendation)\s*)?(?:(?P<series>[A-Z])\s?Suppl\.\s?(?P<supplement>\d+)|"
    r"(?P<number>[A-Z]\.\d+(?:\.\d+)*(?:bis|ter)?)(?:/(?P<also>[A-Z]\.\d+(?:\.\d+)*))?)"
    r"(?P<rest>(?:\s\((?:V\d+|\d{4}|\d\d/\d{4})\))*(?:\s(?:Technical )?(?:Amd|Cor|Suppl|Annex|Add)"
    r"\.? ?\w*)?(?:\s\(\d\d/\d{4}\))?)"
)
_DRAFTS = frozenset("PWI NP AWI WD CD CDV DIS FDIS PRF DTS DTR DPAS FDTS FDTR DGuide".split())  # noqa: SIM905  # reads as what it is
#: drafts whose name tells the kind that they will be
_WILL_BE = {"DTS": "TS", "FDTS": "TS", "DTR": "TR", "FDTR": "TR", "DPAS": "PAS", "DGuide": "Guide"}


def identifier(text: str) -> Identifier | None:
    """Read an identifier that stands at the start of a text; None: there is none."""
    start = text.strip()[:200]
    if found := _ISO.match(start):
        return _iso(found)
    found = _ITU.match(start)
    return _itu(found) if found else None


def mentions(text: str) -> list[Identifier]:
    """Give the identifiers that a text names, in the order in which they stand."""
    found = [(one.start(), _iso(one)) for one in _ISO.finditer(text)]
    found += [(one.start(), _itu(one)) for one in _ITU.finditer(text)]
    return [one for _, one in sorted(found, key=lambda each: each[0])]


def works_in(text: str) -> tuple[str, ...]:
    """Give the works that a text names, each once; see `Identifier.works`."""
    return tuple(dict.fromkeys(work for one in mentions(text) for work in one.works))


def work(text: str) -> tuple[str, ...]:
    """Give the works that an identifier stands for; one that cannot be read stands for itself."""
    found = identifier(text)
    return found.works if found else (" ".join(text.split()),)


def _iso(found: re.Match[str]) -> Identifier:
    kinds = re.split(r"[ /]+", (found["kinds"] or "").strip())
    draft = found["early"] or next((one for one in kinds if one in _DRAFTS), "")
    kind = next((one for one in kinds if one and one not in _DRAFTS), _WILL_BE.get(draft, ""))
    return Identifier(
        publishers=tuple(found["publishers"].split("/")),
        number=found["number"],
        part=found["part"].lstrip("-"),
        kind="Guide" if kind == "GUIDE" else kind,
        draft=draft,
        year=int(found["year"]) if found["year"] else None,
        amendment=found["amendment"].strip("/+ "),
    )


def _itu(found: re.Match[str]) -> Identifier:
    rest = found["rest"] or ""
    years = re.findall(r"(?:19|20)\d\d", rest)
    amendment = re.search(r"(?:Amd|Cor|Suppl|Annex|Add)\.? ?\w*", rest)
    return Identifier(
        publishers=("ITU-T",),
        number=found["number"] or f"{found['series']}.{found['supplement']}",
        kind="Suppl." if found["supplement"] else "",
        year=int(years[-1]) if years else None,
        amendment=amendment[0] if amendment else "",
        also=found["also"] or "",
    )


def _modern(one: Identifier) -> str:
    """Give the number as it is written since 1997, when IEC added 60000 to its own."""
    alone = one.publishers == ("IEC",) and one.kind != "Guide"
    if alone and one.number.isdecimal() and int(one.number) < 10_000:
        return str(int(one.number) + 60_000)
    return one.number


def split(text: str) -> tuple[str, str]:
    """Part the identifier that begins a text, as in a feed's headlines, from its title."""
    bare = text.strip()
    found = _ITU.match(bare) or _ISO.match(bare)
    if not found:
        return "", bare
    return found[0].strip(), bare[found.end() :].strip(" -–—:,")
