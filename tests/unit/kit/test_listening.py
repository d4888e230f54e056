"""The address and port the pages listen on."""

import pytest

from publisher.kit.listening import address
from publisher.settings import WrongSetting


@pytest.mark.parametrize(
    ("listen", "split"),
    [("127.0.0.1:8000", ("127.0.0.1", 8000)), ("[::1]:80", ("::1", 80))],
)
def test_an_address_to_listen_on_is_split(listen, split):
    """IPv6 stands in brackets."""
    assert address(listen) == split


@pytest.mark.parametrize("listen", ["8000", "localhost", ":8000", "host:port", "host:99999"])
def test_a_wrong_address_to_listen_on_is_a_sentence(listen):
    """Which shows what it should look like."""
    with pytest.raises(WrongSetting, match=r"127\.0\.0\.1:8000"):
        address(listen)
