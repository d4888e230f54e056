"""Addresses as people type them, a million of them as strictly as one."""

import re

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from publisher.kit.address import plain_address

LOCAL = st.text(alphabet="abzAZ09.+-_!#'\"@ é\u0301名", min_size=0, max_size=70)
DOMAIN = st.sampled_from(
    ["example.org", "EXAMPLE.org", "münchen.example", "a..b.org", "localhost", "test", "-x.org"]
) | st.text(alphabet="abZ09.-_é", max_size=30)


def library(typed: str) -> str | None:
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


@given(LOCAL, DOMAIN)
@example("a" * 64, "example.org")
@example("a" * 65, "example.org")
@example("a" * 60, ".".join(["b" * 60] * 4))
@example("a@b", "example.org")
@example("a.", "example.org")
@settings(max_examples=300, deadline=None)
def test_what_is_quick_is_as_strict_as_the_library(local, domain):
    """The same addresses, written in the same way, and the same refused."""
    typed = f"{local}@{domain}".strip(" ")
    try:
        ours = plain_address(typed)
    except ValueError:
        ours = None

    assert ours == library(typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "there is no address"),
        ("ana@exam\nple.org", "a line break"),
        ("ana", "cannot be written to"),
        ("ana@", "cannot be written to"),
    ],
)
def test_what_is_none_is_refused_without_repeating_it(typed, sentence):
    """Addresses do not belong in logs."""
    with pytest.raises(ValueError, match=sentence) as refused:
        plain_address(typed)
    assert not re.search(r"\bana\b", str(refused.value))


def test_spaces_around_it_go_and_its_domain_is_lowered():
    """The local part is its owner's matter."""
    assert plain_address("  Ana@Example.ORG ") == "Ana@example.org"
