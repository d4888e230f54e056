"""A link is worth something only if nobody else can make it."""

from datetime import UTC, datetime

import pytest

from publisher.kit.signing import (
    address_hash,
    read_reader_token,
    read_request_token,
    reader_token,
    request_token,
)

KEY = "a8c5b53e29e49eef7531"
ASKED = datetime(2027, 3, 12, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize("placement", [KEY, ""])
def test_a_readers_token_comes_back_as_it_was_made(placement):
    """The two links in a mail lead to its reader and to the newsletter it was."""
    assert read_reader_token(reader_token(17, placement)) == (17, placement)


def test_a_mail_program_that_changes_case_does_not_break_a_link():
    """Some do, and a reader who wants to leave must still be able to."""
    assert read_reader_token(reader_token(17, KEY).upper()) == (17, KEY)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "17",
        f"17-{KEY}-",
        f"17-{KEY}-{'0' * 32}",
        f"18{reader_token(17, KEY)[2:]}",
        reader_token(17, KEY)[:-1],
        reader_token(17, KEY) + "0",
        reader_token(17, KEY) + "\n",
        reader_token(17, KEY).replace("1", "١"),
        request_token(17, ASKED),
        "9" * 4000,
        "\x00",
    ],
    ids=lambda _token: "token",  # the key, and so each token, is another in each process
)
def test_a_token_we_did_not_make_is_refused(token):
    """Guessed, cut, lengthened, in other digits, or made for another purpose: all refused."""
    with pytest.raises(ValueError, match="not one of ours"):
        read_reader_token(token)


def test_a_request_names_the_reader_and_the_moment():
    """To the microsecond: what was asked later needs a link of its own."""
    assert read_request_token(request_token(17, ASKED)) == (17, ASKED)
    with pytest.raises(ValueError, match="not one of ours"):
        read_request_token(reader_token(17, KEY))


def test_an_address_has_one_hash_whatever_its_case():
    """So a forgotten address stays forgotten when it comes back in capitals."""
    assert address_hash("Ana@Example.ORG ") == address_hash("ana@example.org")
    assert address_hash("ana@example.org") != address_hash("ana@example.com")
    assert len(address_hash("ana@example.org")) == 64
