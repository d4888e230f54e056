"""The pace of each domain of recipients."""

from datetime import timedelta

import pytest

from publisher.dispatch.domains import BEAT_SECONDS, DomainPace, Domains, Lines
from publisher.models.specs import PaceSpec
from tests.flows.stored import NOW


def test_an_address_is_held_to_its_domains_pace_or_to_that_of_any_other():
    """Letters' case does not matter, and an endpoint is no address."""
    domains = Domains({"gmail.com": 600, "*": 60})

    assert domains.pace("Ana@GMail.com") == DomainPace(domain="gmail.com", per_minute=600)
    assert domains.pace("ana@example.org") == DomainPace(domain="example.org", per_minute=60)
    assert domains.pace("") is None
    assert Domains({"gmail.com": 600}).pace("ana@example.org") is None


@pytest.mark.parametrize("per_minute", [1, 6, 60, 6000])
def test_a_line_is_as_long_as_its_pace_has_it_and_moves_up_in_groups(per_minute):
    """A hundred in it leave in a hundred mails' time, a beat apart and a beat from now."""
    pace = DomainPace(domain="gmail.com", per_minute=per_minute)
    lines = Lines({"gmail.com": NOW - timedelta(hours=1)})

    moments = [lines.join(pace, now=NOW) for _ in range(100)]

    assert moments == sorted(moments)
    beat = timedelta(seconds=BEAT_SECONDS)
    assert beat <= moments[0] - NOW <= 2 * beat
    needed = timedelta(minutes=99 / per_minute)
    assert needed <= moments[-1] - moments[0] + beat <= needed + 2 * beat
    assert {one.timestamp() % BEAT_SECONDS for one in moments} == {0}
    longer = Lines({"gmail.com": NOW + timedelta(hours=1)})
    assert longer.join(pace, now=NOW) >= NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"gmail": 600}, "“gmail” is not a domain such as gmail.com, and not *"),
        ({"gmail.com": 0}, "how many a minute go to “gmail.com” is a whole number from 1"),
        ({"gmail.com": True}, "how many a minute go to “gmail.com” is a whole number from 1"),
        (600, "“domains” says for each domain how many a minute: { gmail.com: 600 }"),
    ],
)
def test_a_pace_that_cannot_be_meant_says_so(said, sentence):
    """In a sentence that shows how to write it."""
    with pytest.raises(ValueError, match=r"\n.*") as error:
        PaceSpec(domains=said)
    assert sentence in str(error.value)


def test_domains_are_kept_as_addresses_have_them():
    """In lower case, and in their own letters."""
    said = PaceSpec(domains={"GMail.com": 600, "xn--bcher-kva.example.org": 5, "*": 60})
    assert said.domains == {"gmail.com": 600, "bücher.example.org": 5, "*": 60}
