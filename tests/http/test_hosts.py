"""Whatever host a request names, what is mailed and answered names ours (abuse case 22)."""

import threading

import pytest
from sqlmodel import select

from challenge.kernel.letter import Letter
from tests.http.conftest import everything

OURS = b"127.0.0.1:%d"
WAYS = {
    "host": (b"/sign-in", [b"Host: evil.example"]),
    "host with a user": (b"/sign-in", [b"Host: " + OURS + b"@evil.example"]),
    "two hosts": (b"/sign-in", [b"Host: " + OURS, b"Host: evil.example"]),
    "absolute form": (b"http://evil.example/sign-in", [b"Host: " + OURS]),
    "absolute form, both": (b"http://evil.example/sign-in", [b"Host: evil.example"]),
    "two slashes": (b"//evil.example/sign-in", [b"Host: " + OURS]),
    "forwarded host": (b"/sign-in", [b"Host: " + OURS, b"X-Forwarded-Host: evil.example"]),
    "forwarded": (b"/sign-in", [b"Host: " + OURS, b"Forwarded: host=evil.example;proto=https"]),
    "forwarded prefix": (b"/sign-in", [b"Host: " + OURS, b"X-Forwarded-Prefix: //evil.example"]),
    "rewritten": (b"/sign-in", [b"Host: " + OURS, b"X-Original-URL: http://evil.example/", b"X-Host: evil.example"]),
    "origin and referer": (b"/sign-in", [b"Host: " + OURS, b"Referer: http://evil.example/sign-in"]),
}
SENT = b"email=mari%40example.org"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
TAKEN = {"forwarded host", "forwarded", "forwarded prefix", "rewritten", "origin and referer"}


def written(world, *, wanted):
    """The letters there are; one that is wanted is waited for: it is written when the answer is out."""
    for _turn in range(600):
        with world.acting(writing=False) as w:
            letters = [letter.text for letter in w.session.exec(select(Letter))]
        if letters or not wanted:
            break
        threading.Event().wait(0.1)
    return letters


@pytest.mark.abuse(22)
@pytest.mark.parametrize("way", WAYS)
def test_a_mailed_link_leads_to_us_or_there_is_no_mail(served, way):
    path, heads = WAYS[way]
    head = b"\r\n".join(line.replace(OURS, OURS % served.port) for line in heads) + b"\r\n"
    with served.connect() as client:
        length = b"Content-Length: %d\r\n\r\n" % len(SENT)
        client.sendall(b"POST " + path + b" HTTP/1.1\r\n" + head + FORM + length + SENT)
        answer = everything(client)

    letters = written(served.world, wanted=answer.startswith(b"HTTP/1.1 303 "))
    assert b"//evil.example" not in answer
    assert "evil.example" not in "".join(letters)
    if way in TAKEN:
        assert answer.startswith(b"HTTP/1.1 303 ")
    if answer.startswith(b"HTTP/1.1 303 "):
        assert f"http://127.0.0.1:{served.port}/sign-in/" in letters[0]
    else:
        assert (answer[:10], letters) == (b"HTTP/1.1 4", [])
