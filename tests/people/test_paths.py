from urllib.parse import urljoin, urlsplit

import pytest

from challenge.people.paths import own_path

OURS = [
    "/",
    "/home",
    "/account",
    "/rounds/ABCD1234?tab=windows",
    "/cities?q=J%C3%B5geva&after=x",
    "/a/b/c#part",
    "/sign-in",
]
FOREIGN = [
    "", "home", "https://evil.example", "http:evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "/\\/evil.example", "\\/\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example",
    "/%2f/evil.example", "/%5cevil.example", "/%2F%2Fevil.example", "javascript:alert(1)", "JavaScript:alert(1)",
    "data:text/html,x", "//evil.example@ours", "/@evil.example", "//ours@evil.example", "/home@evil.example",
    "https:/evil.example", "https:///evil.example", "/.//evil.example", "/..//evil.example", "/a//evil.example",
    "/./evil", "/../evil", "/\x00/evil.example", "/\x7f", "/\u2028/evil.example", "/\u202eevil", "/．．/evil",
    "／／evil.example",
    "/home\\", "//", "///", "?next=//evil", "#//evil", "//evil.example/%2f..", "/" + "a" * 301, "/api/v1/rounds",
    "/sign-in/token", "/sign-out", "/language/et", "https://ours.example.evil.example", "/home\r\nSet-Cookie: a=b",
]  # fmt: skip


@pytest.mark.parametrize("path", OURS)
def test_pages_of_ours_are_followed(path):
    assert own_path(path) == path


@pytest.mark.abuse(23)
@pytest.mark.parametrize("path", FOREIGN)
def test_everything_else_goes_home(path):
    assert own_path(path) == "/home"
    assert own_path(path, "/") == "/"


@pytest.mark.abuse(23)
@pytest.mark.parametrize("path", OURS + FOREIGN)
def test_no_host_but_ours_is_ever_reached(path):
    reached = urlsplit(urljoin("http://127.0.0.1:8000/sign-in", own_path(path)))

    assert (reached.scheme, reached.netloc) == ("http", "127.0.0.1:8000")


@pytest.mark.abuse(23)
def test_sign_in_page_does_not_carry_a_foreign_address_on(world):
    for path in FOREIGN[2:20]:
        page = world.client().get("/sign-in", params={"next": path}).text
        assert "evil.example" not in page.replace("&#34;", "")
