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


@pytest.mark.parametrize(
    "token",
    [
        f"17-{'ab12' * 5}-{'0f' * 16}",
        f"17--{'0f' * 16}",
        f"5-{'0F' * 16}",
        f"1k-c8x2ab-{'0f' * 16}",
        f"publisher_ab2cd3_{'0f' * 20}_-a",
    ],
)
def test_a_link_that_opens_something_is_hidden(token):
    """A reader's own, an invitation, a proposal's, one for a new password."""
    said = line(f"Not Found: /desk/come/{token}/")

    assert "0f0f0f" not in said.lower()
    assert "/desk/come/<token>/" in said


@pytest.mark.parametrize("endless", ["a" * 200_000, '"' * 200_000, "1" * 200_000, "-a" * 100_000])
def test_an_endless_word_costs_no_endless_time(endless):
    """A hostile server's answer is read once, not once from each of its letters."""
    assert line("refused", answer=endless + " anna@example.org").endswith('<address>"')


def test_a_field_named_like_a_secret_is_hidden():
    """Whatever a password is, it is not shown."""
    assert "hunter2" not in line("connected", password="hunter2")


def test_fields_follow_the_words():
    """A line can be read by people and cut by programs."""
    assert line("delivery", placement="ab12", seconds=0.41).endswith(
        "delivery placement=ab12 seconds=0.41"
    )
