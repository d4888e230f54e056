"""A plan folder may hold anything: each thing is one sentence, and reading always ends."""

import os
from pathlib import Path

import pytest

from publisher.plan.read import source
from tests.plans import AUDIENCE, ENTRY, entry, smallest_plan

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
DEEP = "a: " + "[" * 200 + "]" * 200
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def sentences(folder: Path) -> list[str]:
    return [str(problem) for problem in source(folder).all_problems()]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        pytest.param(
            AUDIENCE,
            "name: caf\xe9\n".encode("cp1252"),
            f"{AUDIENCE}:1:10: is not UTF-8 text (byte 0xe9); save it as UTF-8 (it may be "
            "Windows-1252, or not text at all)",
            id="Windows-1252",
        ),
        pytest.param(
            AUDIENCE,
            "name: x\n".encode("utf-16"),
            f"{AUDIENCE}: is UTF-16 text; save it as UTF-8",
            id="UTF-16",
        ),
        pytest.param(
            AUDIENCE,
            b"name: x\0y\n",
            f"{AUDIENCE}:1:8: holds a NUL byte: this is not a text file",
            id="NUL",
        ),
        pytest.param(
            ENTRY,
            entry("Dear \ue000reader.name\ue001"),
            f"{ENTRY}:7:6: holds the control or private-use character U+E000; take it out",
            id="a forged hole",
        ),
        pytest.param(
            ENTRY,
            entry(title='"\\uE000reader.name\\uE001"'),
            f"{ENTRY}:2:8: holds the control or private-use character U+E000; take it out",
            id="a forged hole in an escape",
        ),
        pytest.param(
            ENTRY,
            entry("One.\n\nDear &#xE000;reader.name&#xE001;"),
            f"{ENTRY}:9: “&#xE000;” stands for a character that is kept for us",
            id="a forged hole in HTML",
        ),
        pytest.param(
            ENTRY,
            entry('{{ "\\ue000reader.name\\ue001" }}'),
            f"{ENTRY}:7: “\\ue000” stands for a character that is kept for us",
            id="a forged hole in a template's string",
        ),
        pytest.param(
            AUDIENCE,
            BOMB,
            f"{AUDIENCE}:1:4: anchors and aliases (& and *) are not for plans; write it out",
            id="a billion laughs",
        ),
        pytest.param(AUDIENCE, DEEP, f"{AUDIENCE}:1:33: is nested more than 30 deep", id="deep"),
        pytest.param(
            AUDIENCE,
            "a: " + "[" * 300_000,
            f"{AUDIENCE}:1:33: is nested more than 30 deep",
            id="deeper than a stack",
        ),
        pytest.param(
            AUDIENCE,
            "name: !!python/object/apply:os.system [id]\n",
            f"{AUDIENCE}:1:7: tags (!) are not for plans; write the plain value",
            id="a tag",
        ),
        pytest.param(
            AUDIENCE,
            "name: x\n---\nname: y\n",
            f"{AUDIENCE}:2:1: a second document begins here; one file is one document",
            id="two documents",
        ),
        pytest.param(
            AUDIENCE,
            "? [a, b]\n: c\n",
            f"{AUDIENCE}:1:3: a name must be a single word, not a list or mapping",
            id="a list as a name",
        ),
        pytest.param(
            AUDIENCE,
            "just words",
            f"{AUDIENCE}:1:1: must be lines of a name, a colon and a value",
            id="words",
        ),
        pytest.param(AUDIENCE, "", f"{AUDIENCE}:1:1: is empty", id="empty"),
        pytest.param(AUDIENCE, b"x" * 1_000_001, f"{AUDIENCE}: is larger than 1 MB", id="large"),
        pytest.param(
            "templates/x.j2",
            b"x" * 500_001,
            "templates/x.j2: is larger than 500 kB",
            id="a large template",
        ),
        pytest.param(
            "calendar/pictures/a.png",
            PNG + bytes(5_000_000),
            "calendar/pictures/a.png: is larger than 5 MB",
            id="a large picture",
        ),
        pytest.param(
            "calendar/pictures/a.png",
            b"<svg onload='alert(1)'/>",
            "calendar/pictures/a.png: is not a PNG, JPEG, GIF or WebP picture, whatever its name "
            "says",
            id="no picture",
        ),
        pytest.param(
            "calendar/pictures/a.jpg",
            PNG,
            "calendar/pictures/a.jpg: holds image/png; name it so that it ends in .png",
            id="another picture",
        ),
        pytest.param(
            "calendar/pictures/a.svg",
            b"<svg/>",
            "calendar/pictures/a.svg: is not read by anything; files here end in .gif, .jpeg, "
            ".jpg, .png, .webp",
            id="svg",
        ),
        pytest.param(
            "channels/__init__.py",
            b"",
            "channels/__init__.py: Python does not belong in a plan: an importable `calendar` or "
            "`channels` would stand in the way of other packages; adapters and forms live in the "
            "engine",
            id="Python",
        ),
        pytest.param(
            "audiences/members.yml",
            b"",
            "audiences/members.yml: is not read by anything; files here end in .yaml",
            id="another ending",
        ),
        pytest.param(
            "audiences/deeper/members.yaml",
            b"",
            "audiences/deeper/members.yaml: stands in no folder that is read: audiences, "
            "audiences/messages, calendar, calendar/annexes, calendar/pictures, channels, "
            "channels/organisations, "
            "templates",
            id="a folder too deep",
        ),
        pytest.param(
            "audiences/All Members.yaml",
            b"x: y",
            "audiences/All Members.yaml: the file's name is its short name, and “All Members” is "
            "not a short name; use lower-case letters, digits and hyphens, 80 at most",
            id="a name with a space",
        ),
        pytest.param(
            "calendar/hello.ics",
            b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "calendar/hello.ics: has no event (VEVENT) in it",
            id="no event",
        ),
    ],
)
def test_bad_content_is_one_sentence(tmp_path, path, content, expected):
    """Whatever a file holds, the answer is a sentence that says where and what to do."""
    folder = smallest_plan(tmp_path, {path: content})

    assert sentences(folder)[0] == expected


def test_a_file_of_fifty_megabytes_is_not_read(tmp_path):
    """A sparse file of any size costs nothing: its size is looked at first."""
    folder = smallest_plan(tmp_path)
    with (folder / "audiences" / "huge.yaml").open("wb") as file:
        file.truncate(50_000_000_000)

    assert sentences(folder) == ["audiences/huge.yaml: is larger than 1 MB"]


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    """A link may not bring a file of the machine into a mail."""
    folder = smallest_plan(tmp_path / "plan")
    (folder / "calendar" / "secret.md").symlink_to("/etc/hostname")
    (folder / "templates" / "above").symlink_to(tmp_path)
    (folder / "templates" / "gone.j2").symlink_to(folder / "nothing")

    problems = sentences(folder)

    assert [problem.split(":")[0] for problem in problems] == [
        "calendar/secret.md",
        "templates/above",
        "templates/gone.j2",
    ]
    assert all("leads out of the plan folder" in problem for problem in problems)


def test_a_link_within_the_folder_is_followed(tmp_path):
    """Two audiences may share one file."""
    folder = smallest_plan(tmp_path)
    (folder / "audiences" / "everyone.yaml").symlink_to("everybody.yaml")

    found = source(folder)

    assert found.problems == []
    assert set(found.plan.audiences) == {"everybody", "everyone"}


def test_a_link_to_a_folder_above_does_not_go_round(tmp_path):
    """A folder in itself is named, not walked for ever."""
    folder = smallest_plan(tmp_path)
    (folder / "templates" / "round").symlink_to(folder / "templates")

    assert sentences(folder) == ["templates/round: is a link to a folder it is in"]


def test_a_folder_named_like_a_file_is_refused(tmp_path):
    """`calendar/x.md/` is not an entry, and what is in it is not read."""
    folder = smallest_plan(tmp_path, {"calendar/x.md/inside.md": entry()})

    assert sentences(folder)[0].startswith("calendar/x.md/inside.md: stands in no folder")


def test_a_pipe_is_not_waited_for(tmp_path):
    """Reading a named pipe would wait for ever."""
    folder = smallest_plan(tmp_path)
    os.mkfifo(folder / "calendar" / "pipe.md")

    assert sentences(folder) == ["calendar/pipe.md: is neither a file nor a folder"]


def test_names_that_differ_in_capitals_only_are_refused(tmp_path):
    """Many systems keep only one of the two."""
    folder = smallest_plan(tmp_path, {"templates/Odd.j2": b"x", "templates/odd.j2": b"y"})

    [sentence] = sentences(folder)

    assert sentence == (
        "templates/odd.j2: has the same name as templates/Odd.j2 but for capitals; "
        "many systems keep only one"
    )


def test_a_name_of_broken_bytes_is_shown_and_refused(tmp_path):
    """A file's name may be any bytes."""
    folder = smallest_plan(tmp_path)
    (Path(os.fsdecode(os.fsencode(folder) + b"/calendar/\xff\x07.md"))).write_bytes(b"")

    assert sentences(folder) == ["calendar/??.md: has a name that is not plain text; rename it"]


def test_a_byte_order_mark_and_crlf_are_read_as_if_they_were_not_there(tmp_path):
    """Files from Windows are as good as others."""
    text = entry("One.\n\n::: for language=fr\nDeux.\n:::").replace("\n", "\r\n")
    folder = smallest_plan(tmp_path, {ENTRY: b"\xef\xbb\xbf" + text.encode()})

    words = source(folder).plan.entries["hello"].words

    assert sentences(folder) == []
    assert [(one.language, one.words) for one in words] == [("en", "One."), ("fr", "Deux.")]


def test_editors_leftovers_and_readmes_are_left_alone(tmp_path):
    """Backups, hidden files and READMEs are no part of a plan."""
    names = ["README.md", "readme", "hello.md~", "#hello.md#", ".DS_Store", ".hidden.md"]
    folder = smallest_plan(tmp_path, {f"calendar/{name}": b"\xff" for name in names})

    assert sentences(folder) == []
