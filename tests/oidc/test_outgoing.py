import httpx2
import pytest

from challenge.people.oidc.outgoing import Outgoing, is_public


@pytest.mark.abuse(21)
@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["193.40.5.1", "8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_addresses_of_the_network_are(address):
    assert is_public(address)


@pytest.mark.abuse(21)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_a_private_address_is_not_asked(liar, host):
    port = liar.issuer.rsplit(":", 1)[1]
    with httpx2.Client(transport=Outgoing(), trust_env=False) as client, pytest.raises(httpx2.ConnectError):
        client.get(f"https://{host}:{port}/jwks")
    assert liar.asked == []


@pytest.mark.abuse(21)
def test_plain_http_is_not_spoken_to_the_network(liar):
    with httpx2.Client(transport=Outgoing(), trust_env=False) as client, pytest.raises(httpx2.UnsupportedProtocol):
        client.get(f"{liar.issuer}/jwks")
    assert liar.asked == []


def test_it_is_where_the_settings_say_so(liar):
    with httpx2.Client(transport=Outgoing(private_network=True), trust_env=False) as client:
        assert client.get(f"{liar.issuer}/jwks").json()["keys"]
