"""Logs hold neither addresses nor secrets."""

import logging

import pytest

from publisher.kit.logs import Line


def line(message: str, **fields: object) -> str:
    """Give the line that a record makes."""
    return Line().format(logging.makeLogRecord({"msg": message, "levelname": "INFO", **fields}))


@pytest.mark.parametrize(
    "address",
    ["anna@example.org", "anna+tag@mail.example.org", '"a b"@example.org', "ü@exämple.org"],
)
def test_an_address_in_a_services_answer_is_hidden(address):
    """Mail servers repeat the address they refuse; the log does not."""
    said = line("refused", answer=f"550 5.1.1 <{address}>: user unknown")

    assert "example.org" not in said
    assert "exämple.org" not in said
    assert "550 5.1.1" in said


def test_a_field_named_like_a_secret_is_hidden():
    """Whatever a password is, it is not shown."""
    assert "hunter2" not in line("connected", password="hunter2")


def test_fields_follow_the_words():
    """A line can be read by people and cut by programs."""
    assert line("delivery", placement="ab12", seconds=0.41).endswith(
        "delivery placement=ab12 seconds=0.41"
    )
