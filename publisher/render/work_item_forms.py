"""What each organisation's form for new work asks, in its own order and words.

The paper form, the filled one and the page at `/propose/` are written from the same table. An
organisation without a layout of its own has the common one. Labels stand in `kit/words`.

Sources: ISO/IEC Directives, Part 1, Annex C (justification of proposals) and ISO Form 4; IEC form
NP; Recommendation ITU-T A.1, Annex A (template for a new work item). Layout and words are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from publisher.kit import words

Kind = Literal["line", "text", "date", "choice"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One field."""

    name: str  #: the same in every layout, where it means the same
    label: str = ""  #: of its sentence, `work_item.<label>`; empty: its name
    kind: Kind = "line"
    most: int = 300  #: characters
    required: bool = False
    options: tuple[str, ...] = ()  #: of a choice, each with a sentence `work_item.option_<option>`


@dataclass(frozen=True, kw_only=True)
class Part:
    """Questions under one heading, `work_item.<name>`."""

    name: str
    questions: tuple[Question, ...]


_TITLE = Question(name="title", required=True)
_SCOPE = Question(name="scope", kind="text", most=4000, required=True)
_PURPOSE = Question(name="purpose", kind="text", most=4000, required=True)
_RELATED = Question(name="related", kind="text", most=3000)
_DUPLICATE = Question(name="duplicate", kind="text", most=3000, required=True)
_LIAISON = Question(name="liaison", kind="text", most=1500)
_STARTS = Question(name="starts", kind="date", most=10)
_LEADER = Question(name="leader", most=200)
_TRACK = Question(
    name="track", kind="choice", most=20, options=("months_18", "months_24", "months_36")
)
_DRAFT = Question(name="draft", kind="choice", most=20, options=("outline", "draft", "no_draft"))


def _committee(label: str) -> Question:
    return Question(name="committee", label=label, most=200, required=True)


def _kind(*options: str) -> Question:
    return Question(name="kind", kind="choice", most=20, options=options)


#: who proposes is asked apart, because it is a person's: see `PROPOSER`
_COMMON = (
    Part(
        name="about",
        questions=(
            _TITLE,
            _SCOPE,
            _PURPOSE,
            _committee("committee"),
            _kind("standard", "specification", "report"),
        ),
    ),
    Part(name="neighbours", questions=(_RELATED, _DUPLICATE, _LIAISON)),
    Part(name="timetable", questions=(_STARTS, _TRACK)),
)
LAYOUTS: Mapping[str, Sequence[Part]] = {
    "iso": (
        Part(
            name="about",
            questions=(
                _committee("committee_iso"),
                _TITLE,
                _kind("standard", "specification", "report", "revision"),
                _SCOPE,
                _PURPOSE,
                _DRAFT,
            ),
        ),
        Part(name="neighbours", questions=(_RELATED, _DUPLICATE, _LIAISON)),
        Part(name="timetable", questions=(_TRACK, _STARTS, _LEADER)),
    ),
    "iec": (
        Part(
            name="about",
            questions=(
                _committee("committee_iec"),
                _TITLE,
                _SCOPE,
                Question(
                    name="purpose", label="purpose_iec", kind="text", most=4000, required=True
                ),
                _kind("standard", "specification", "report", "revision"),
            ),
        ),
        Part(
            name="neighbours",
            questions=(
                Question(name="horizontal", kind="choice", most=20, options=("yes", "no")),
                Question(name="systems", most=200),
                _RELATED,
                _DUPLICATE,
                _LIAISON,
            ),
        ),
        Part(name="timetable", questions=(_DRAFT, _STARTS, _TRACK, _LEADER)),
    ),
    "itu-t": (
        Part(
            name="about",
            questions=(
                _committee("committee_itu"),
                _TITLE,
                Question(name="scope", label="scope_itu", kind="text", most=4000, required=True),
                Question(
                    name="purpose", label="purpose_itu", kind="text", most=4000, required=True
                ),
                _kind("recommendation", "supplement", "technical_paper", "revision"),
                Question(name="process", kind="choice", most=20, options=("aap", "tap", "agreed")),
            ),
        ),
        Part(
            name="neighbours",
            questions=(
                Question(name="related", label="related_itu", kind="text", most=3000),
                _DUPLICATE,
                Question(name="liaison", label="liaison_itu", kind="text", most=1500),
            ),
        ),
        Part(
            name="timetable",
            questions=(
                Question(name="supporters", kind="text", most=1500),
                _STARTS,
                Question(name="leader", label="leader_itu", most=200),
            ),
        ),
    ),
}
#: the last part of every form
PROPOSER = Part(
    name="proposer",
    questions=(
        Question(name="body", required=True),
        Question(name="name", most=200, required=True),
        Question(name="address", most=254, required=True),
    ),
)


def parts(organisation: str) -> tuple[Part, ...]:
    """Give the parts of an organisation's form, that of the proposer last."""
    return (*LAYOUTS.get(organisation, _COMMON), PROPOSER)


def questions(organisation: str) -> Iterator[Question]:
    """Give the questions of an organisation's form but for the proposer's."""
    for part in parts(organisation):
        if part is not PROPOSER:
            yield from part.questions


def told(organisation: str, language: str) -> dict[str, Any]:
    """Give a form with its words, as JSON values: what a paper is made of, and frozen with it.

    Args:
        organisation: its slug.
        language: a language tag; where we have no sentences in it, English.
    """
    tag = words.known([language])

    def say(name: str) -> str:
        return words.say(tag, "work_item." + name)

    def question(one: Question) -> dict[str, Any]:
        hints = words.sentences(tag)
        return {
            **asdict(one),
            "label": say(one.label or one.name),
            "hint": hints.get(f"work_item.hint_{one.name}", ""),
            "empty": say(f"empty_{one.kind}"),
            "options": [[option, say(f"option_{option}")] for option in one.options],
        }

    return {
        "parts": [
            {
                "name": part.name,
                "heading": say(part.name),
                "questions": list(map(question, part.questions)),
            }
            for part in parts(organisation)
        ],
        "online": say("online"),
        "required": say("required"),
        "page": say("page"),
        "of": say("of"),
        "found": {
            name: say(f"found_{name}") for name in ("heading", "item", "why", "answer", "none")
        },
    }
