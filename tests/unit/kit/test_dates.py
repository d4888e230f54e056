"""Days are written as each language's readers write them."""

from datetime import date

import pytest

from publisher.kit.dates import in_words


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "12 March 2027"),
        ("fr", "12 mars 2027"),
        ("zh", "2027年3月12日"),
        ("de", "12. März 2027"),
    ],
)
def test_a_day_is_written_in_words(language, written):
    """In the order and with the marks of the language."""
    assert in_words(date(2027, 3, 12), language) == written
