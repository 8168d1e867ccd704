"""The pure rules: which addresses and URLs may be called, when it is tried again, how messages are signed."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from opsplan.vocabulary.errors import Invalid
from opsplan.webhooks.rules import messages, retrying
from opsplan.webhooks.rules.addresses import REFUSED_V4, REFUSED_V6, is_public, may_be_called, network_of
from opsplan.webhooks.rules.urls import location_of, refuse_address
from opsplan.webhooks.sealing import Sealing

REFUSED = {
    "unspecified": ("0.0.0.0", "0.1.2.3", "::"),
    "loopback": ("127.0.0.1", "127.255.255.254", "::1"),
    "private": ("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "fc00::1", "fd12:3456::1"),
    "link-local": ("169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"),
    "site-local": ("fec0::1",),
    "carrier": ("100.64.0.0", "100.127.255.255"),
    "metadata": (
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "fd00:ec2::254",
    ),
    "documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "benchmark": ("198.18.0.1", "198.19.255.255", "2001:2::1"),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"),
    "reserved": ("240.0.0.1", "255.255.255.255"),
    "protocol": ("192.0.0.1", "192.88.99.1", "2001::1", "2001:20::1", "2620:4f:8000::1", "5f00::1", "100::1"),
    "mapped": ("::ffff:8.8.8.8", "::ffff:127.0.0.1", "::ffff:169.254.169.254"),
    "compatible": ("::8.8.8.8", "::127.0.0.1"),
    "translated": ("::ffff:0:8.8.8.8",),
    "6to4": ("2002:0808:0808::1", "2002:7f00:1::1"),
    "Teredo": ("2001:0:4136:e378:8000:63bf:3fff:fdd2",),
    "NAT64": ("64:ff9b::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b:1::1"),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts])
def test_no_special_address_may_be_called(kind, text):
    """An address of each special range is refused, in the forms that hide an IPv4 address within IPv6 as well."""
    assert not is_public(ip_address(text)), kind


@pytest.mark.parametrize(
    "text",
    [
        *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
        *("128.0.0.1", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
        *("198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2003::1"),
    ],
)
def test_the_public_internet_may_be_called(text):
    """Addresses beside the ranges are open."""
    assert is_public(ip_address(text))


@pytest.mark.parametrize("network", [*REFUSED_V4, *REFUSED_V6], ids=str)
def test_each_range_is_refused_from_its_first_address_to_its_last(network):
    """Both ends of each range, and its middle."""
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_what_python_takes_for_private_is_refused(address):
    """Its own table, which differs between releases, never goes further than ours."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert not is_public(address)


@given(st.ip_addresses(v=6))
def test_of_ipv6_only_global_unicast_is_open(address):
    """The same, and nothing outside of 2000::/3."""
    if not address.is_global or address.is_multicast or address not in ip_network("2000::/3"):
        assert not is_public(address)


def test_a_network_that_a_setting_names_is_open():
    """It opens its own addresses alone, in their own form."""
    named = [ip_network("127.0.0.0/8"), ip_network("fd00:1::/32")]
    assert may_be_called(IPv4Address("127.0.0.5"), named)
    assert may_be_called(IPv6Address("fd00:1::7"), named)
    for other in ("10.0.0.1", "::ffff:127.0.0.1", "fd00:2::1", "::1"):
        assert not may_be_called(ip_address(other), named)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://cases.example/hook", "https://cases.example/hook"),
        ("https://cases.example", "https://cases.example/"),
        ("https://Cases.EXAMPLE:443/a?b=c", "https://cases.example/a?b=c"),
        ("https://cases.example:8443/", "https://cases.example:8443/"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://ខ្មែរ.example/", "https://xn--j2e0cg3n2c.example/"),
        ("https://93.184.215.14/x", "https://93.184.215.14/x"),
        ("https://[2606:4700::1111]:8443/", "https://[2606:4700::1111]:8443/"),
    ],
)
def test_a_url_has_one_form(url, plain):
    """Names are in lower case and ASCII; the usual port is left out."""
    assert location_of(url, (443, 8443)).url == plain


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://cases.example/", "does not begin with https"),
        ("ftp://cases.example/", "does not begin with https"),
        ("//cases.example/", "does not begin with https"),
        ("https://anna:word@cases.example/", "user or password"),
        ("https://anna@cases.example/", "user or password"),
        ("https://cases.example@127.0.0.1/", "user or password"),
        ("https://cases.example/#part", "fragment"),
        ("https://cases.example/#", "fragment"),
        ("https://cases.example:22/", "port 22"),
        ("https://cases.example:0/", "port 0"),
        ("https://cases.example:99999/", "no URL"),
        ("https://cases.example:x/", "no URL"),
        ("https:///path", "no host"),
        ("https://127.1/", "no host"),
        ("https://2130706433/", "no host"),
        ("https://0x7f000001/", "no host"),
        ("https://cases.0x7f/", "no host"),
        ("https://0177.0.0.1/", "no host"),
        ("https://cases.example./", "no host"),
        ("https://cases..example/", "no host"),
        ("https://-cases.example/", "no host"),
        ("https://xn--a.example/", "no host"),
        ("https://[fe80::1%25eth0]/", "no host"),
        ("https://[::1/", "no URL"),
        ("https://cases.example\\@127.0.0.1/", "backslashes"),
        ("https://cases.example/\r\nHost: other", "control"),
        ("https://cases.exam\tple/", "control"),
        ("https://cases.example/a b", "blanks"),
        ("https://cases.example/é", "%XX"),
        ("https://cases.example/%zz", "%XX"),
        ("https://cases.example/" + "x" * 2_000, "longer"),
    ],
)
def test_what_is_no_plain_https_url_is_refused(url, words):
    """Each with its reason, the field and a remedy."""
    with pytest.raises(Invalid, match=words) as refused:
        location_of(url, (443,))
    assert refused.value.field == "input.url"
    assert refused.value.remedy


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]"])
def test_an_address_that_is_never_called_is_refused_at_once(address):
    """Unless the operator has named its network; a name is asked for when it is called."""
    location = location_of(f"https://{address}/", (443,))
    with pytest.raises(Invalid, match="is no public address") as refused:
        refuse_address(location, ())
    assert (refused.value.field, refused.value.value) == ("input.url", location.url)
    refuse_address(location, (network_of("0.0.0.0/0"), network_of("::/0")))
    for fine in ("https://93.184.215.14/", "https://localhost.example/"):
        refuse_address(location_of(fine, (443,)), ())


def test_retries_follow_the_schedule_and_then_end():
    """The pauses of the specification, up to a tenth longer; ten attempts in all, over three days."""
    pauses = [retrying.pause_after(attempts, 0.0) for attempts in range(1, 11)]
    assert pauses[-1] is None
    assert sum((each for each in pauses if each), timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    assert retrying.pause_after(1, 1.0) == timedelta(seconds=5.5)


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        ("120", timedelta(seconds=120)),
        ("99999999999", timedelta(hours=24)),
        ("Tue, 01 Dec 2026 00:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 30 Nov 2026 00:05:00 GMT", timedelta(0)),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        (None, None),
    ],
)
def test_what_an_endpoint_wishes_is_read(header, wish):
    """Seconds or a date; nonsense is no wish."""
    assert retrying.wish_of(header, datetime(2026, 12, 1, tzinfo=UTC)) == wish


def test_a_wish_is_followed_within_bounds():
    """It makes a pause longer, never shorter, and never longer than a day."""
    assert retrying.pause_after(1, 0.0, timedelta(minutes=2)) == timedelta(minutes=2)
    assert retrying.pause_after(3, 0.0, timedelta(seconds=1)) == timedelta(minutes=30)
    assert retrying.pause_after(1, 0.0, timedelta(days=300)) == timedelta(hours=24)


@given(st.binary(min_size=24, max_size=64), st.binary(min_size=24, max_size=64), st.text(max_size=100))
def test_each_secret_verifies_what_all_of_them_sign(first, second, text):
    """The signatures of overlapping secrets stand side by side; the specification's own library takes either."""
    body = messages.challenge("webhook_endpoint_1", "2026-12-01T00:00:00.000Z", text)
    headers = messages.headers("msg_1", datetime.now(UTC), body, [first, second])
    for secret in (first, second):
        assert Webhook(messages.secret_text(secret)).verify(body, headers)["data"]["challenge"] == text
    assert len(headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [
        (b"word", True),
        (b" word\n", True),
        (b'{"challenge": "word"}', True),
        (b'"word"', True),
        (b'{"challenge": "other"}', False),
        (b'{"type": "webhook.challenge", "data": {"challenge": "word"}}', False),
        (b"wordword", False),
        (b"", False),
        (b"[" * 5_000, False),
        (b"\xff\xfe", False),
    ],
)
def test_a_challenge_is_answered_by_the_word_alone(answer, is_right):
    """Who sends all back that it gets has proven nothing."""
    assert messages.answers("word", answer) is is_right


@given(st.binary(min_size=1, max_size=64))
def test_a_secret_opens_for_its_endpoint_and_key_alone(secret):
    """What is kept shows nothing of it, and is of no use elsewhere."""
    sealing = Sealing(b"k" * 32)
    sealed = sealing.seal(secret, "webhook_endpoint_1")
    assert sealing.open(sealed, "webhook_endpoint_1") == secret
    assert sealing.open(sealed, "webhook_endpoint_2") is None
    assert sealing.open(sealed[:-1], "webhook_endpoint_1") is None
    assert sealing.open(b"", "webhook_endpoint_1") is None
    assert Sealing(b"l" * 32).open(sealed, "webhook_endpoint_1") is None
