"""What the form reads aloud, and how a frame is dressed."""

from datetime import date, datetime

import pytest

from publisher.web.desk.entry.frames import _dressed, has_dark_styles
from publisher.web.desk.entry.repeats import in_plain_words, next_days
from publisher.web.language import Tongue


@pytest.mark.parametrize(
    ("rule", "language", "said"),
    [
        ("FREQ=MONTHLY;BYDAY=1MO", "en", "every month, the first Monday"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "en", "every 3 months, the last Friday"),
        ("FREQ=WEEKLY;BYDAY=TU,TH", "fr", "chaque semaine, mardi, jeudi"),
        (
            "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1",
            "en",
            "every year, on day 1 of the month, September",
        ),
        ("FREQ=DAILY;COUNT=5", "es", "cada día, 5 veces"),
        ("FREQ=MONTHLY;BYDAY=2WE", "zh", "每月, 第二个星期三"),
        ("now and then", "en", ""),
    ],
)
def test_a_repetition_is_read_aloud(rule, language, said):
    """In the language of who looks; what is no rule is not."""
    tongue = Tongue(tag=language, chosen=False)

    assert in_plain_words(rule, tongue.say, language) == said


def test_the_next_days_stand_beside_it():
    """So that a slip in the rule shows itself."""
    start = datetime.fromisoformat("2027-03-01T09:00")
    now = datetime.fromisoformat("2027-04-10T00:00+00:00")

    found = next_days("FREQ=MONTHLY;BYDAY=1MO", start, now)

    assert found == [date(2027, month, day) for month, day in ((5, 3), (6, 7), (7, 5), (8, 2))]


@pytest.mark.parametrize("dark", [True, False])
def test_a_frame_has_the_asked_scheme_whatever_the_viewers_own(dark):
    """By the document's own styles."""
    html = "<head><style>@media (prefers-color-scheme: dark) { p { color: red } }</style></head>"

    dressed = _dressed(html, dark=dark)

    assert has_dark_styles(html)
    assert ("(min-width: 0)" in dressed) is dark
    assert f"color-scheme:only {'dark' if dark else 'light'}" in dressed
