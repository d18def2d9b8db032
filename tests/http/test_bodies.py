"""How much may be sent: refused by what is declared, and while it is read, before anything is parsed."""

import gc
import re
import select
from pathlib import Path

import pytest

from challenge.http.connections import STATE
from challenge.http.security import CSP, HEADERS
from challenge.http.visit import FORM_BYTES, Visit, is_deep
from tests import running

FORM = b"Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n"
MEGABYTE = 1024 * 1024


def push(client, pieces) -> tuple[int, bytes]:
    """Send until something is answered or the other side is gone: how many bytes went, and the answer."""
    sent = 0
    for piece in pieces:
        if select.select([client], [], [], 0)[0]:
            break
        try:
            client.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            break
        sent += len(piece)
    client.settimeout(10)
    return sent, client.recv(65_536)


def peak_of_memory() -> int:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) * 1024


def forget_the_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


PIECE = b"x" * 65_536
WAYS = {
    "declared": (b"Content-Length: %d\r\n" % (64 * MEGABYTE), [PIECE] * 1024),
    "chunked": (b"Transfer-Encoding: chunked\r\n", [b"10000\r\n" + PIECE + b"\r\n"] * 1024),
}


@pytest.mark.abuse(30)
@pytest.mark.parametrize("way", WAYS)
def test_sixty_four_megabytes_are_refused_before_they_are_read(served, way):
    length, pieces = WAYS[way]
    forget_the_peak()
    before = peak_of_memory()
    with served.connect() as client:
        client.sendall(b"POST /sign-in HTTP/1.1\r\n" + served.host + FORM + length + b"\r\n")
        sent, answer = push(client, pieces)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer
    assert b"content-security-policy: default-src 'none'" in answer
    assert sent < 16 * MEGABYTE
    assert peak_of_memory() - before < 32 * MEGABYTE


@pytest.mark.abuse(30)
@pytest.mark.parametrize("length", [b"-1", b"1e3", b"0x10", b"", b"12, 12", b"99999999999999999999999"])
def test_a_length_that_is_none_is_refused(served, length):
    answer = served.ask(b"POST /sign-in HTTP/1.1", FORM + b"Content-Length: " + length + b"\r\n")
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 413"}
    assert b"x-content-type-options: nosniff" in answer


def test_a_body_with_two_ends_is_no_request(served):
    both = b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n"
    hidden = b"0\r\n\r\nGET /healthz HTTP/1.1\r\n" + served.host + b"\r\n"
    with served.connect() as client:
        client.sendall(b"POST /sign-in HTTP/1.1\r\n" + served.host + FORM + both + b"\r\n" + hidden)
        client.settimeout(10)
        answer = b"".join(iter(lambda: client.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1  # what was hidden behind it was not asked


def test_a_request_names_one_host(served):
    assert served.ask().startswith(b"HTTP/1.1 200 ")
    assert served.ask(more=b"Host: evil.example\r\n").startswith(b"HTTP/1.1 400 ")
    assert served.ask(more=served.host).startswith(b"HTTP/1.1 400 ")


@pytest.mark.abuse(30)
@pytest.mark.parametrize(("more", "status"), [(0, 303), (1, 413)])
def test_the_cap_of_forms_is_exact(world, more, status):
    body = b"next=%2F&x=".ljust(FORM_BYTES + more, b"x")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert world.client("mari").post("/sign-out", content=body, headers=kind).status_code == status


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.abuse(30)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (nested(19), 422), (nested(20), 400), (nested(10_000), 400), (nested(100_000), 400), (b"[1]", 422),
        (b'{"a": "' + b"[" * 5_000 + b'\\""}', 422), (nested(9).decode().encode("utf-16"), 400),
    ],
)  # fmt: skip
def test_json_is_only_so_deep(world, body, status):
    kind = {"content-type": "application/json"}
    answer = world.client("mari").post("/api/v1/submissions", content=body, headers=kind)
    assert answer.status_code == status
    assert answer.json()["code"] == ("json_depth" if status == 400 else "invalid")


@pytest.mark.abuse(29)
@pytest.mark.parametrize(
    "body", [b'"' * 250_000, b'"\\"' * 80_000, b"[]" * 128_000, b"\\" * 250_000, b'{"a":"' * 40_000]
)
def test_looking_how_deep_it_is_never_looks_twice(body):
    assert is_deep(body) is body.startswith(b'{"a":"')


@pytest.mark.abuse(30)
def test_an_endless_json_body_is_too_large_not_unreadable(world):
    kind = {"content-type": "application/json"}
    pieces = iter([b'{"a": "', *[b"x" * 8_192] * 40])
    assert world.client("mari").post("/api/v1/submissions", content=pieces, headers=kind).status_code == 413


@pytest.mark.abuse(30)
@pytest.mark.parametrize(("fields", "status"), [(1_000, 303), (1_001, 400), (9_000, 400)])
@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
def test_a_form_has_only_so_many_fields(world, fields, status, kind):
    if kind == "urlencoded":
        body, content_type = (
            b"&".join([b"email=x%40tartu.ee"] * fields),
            "application/x-www-form-urlencoded",
        )
    else:
        part = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\nx@tartu.ee\r\n'
        body, content_type = part * fields + b"--b--\r\n", "multipart/form-data; boundary=b"
    answer = world.client().post("/sign-in", content=body, headers={"content-type": content_type})
    assert answer.status_code == status


@pytest.mark.abuse(30)
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/?x=" + "x" * 4_080, {}, 200), ("/?x=" + "x" * 4_096, {}, 414), ("/" + "x" * 4_096, {}, 414),
        ("/", {"x-a": "x" * 32_000}, 200), ("/", {"x-a": "x" * 32_768}, 431),
        ("/", {f"x-{number}": "x" * 100 for number in range(400)}, 431),
    ],
)  # fmt: skip
def test_addresses_and_heads_are_only_so_long(world, path, headers, status):
    answer = world.client().get(path, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == CSP


def refusals(world):
    """Every kind of answer that is none of the pages', by status."""
    nobody, mari = world.client(), world.client("mari")
    kind = {"content-type": "application/json"}
    yield 303, nobody.get("/home")
    yield 400, nobody.get("/", headers={"host": "evil.example"})
    yield 400, mari.post("/api/v1/submissions", content=nested(30), headers=kind)
    yield 401, nobody.get("/api/v1/submissions")
    yield 403, mari.post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    yield 404, nobody.get("/nowhere")
    yield 404, nobody.get("/static/nowhere.css")
    yield 404, nobody.get("/api/v1/cities/ZZZZZZZZ")
    yield 405, nobody.request("DELETE", "/")
    yield 405, nobody.request("TRACE", "/")
    yield 405, nobody.post("/static/app.css")
    yield 413, nobody.post("/sign-in", content=b"x" * (FORM_BYTES + 1))
    yield 414, nobody.get("/?x=" + "x" * 5_000)
    yield 422, mari.post("/api/v1/submissions", content=b"{", headers=kind)
    yield 431, nobody.get("/", headers={"x-a": "x" * 40_000})


def test_every_refusal_carries_the_headers(world):
    for status, answer in refusals(world):
        assert answer.status_code == status, answer.request.url
        cached = {"cache-control"} if answer.headers.get("cache-control") != "no-store" else set()
        for name in HEADERS.keys() - cached:
            assert answer.headers[name] == HEADERS[name], (status, name)


def test_a_crash_of_the_refusal_itself_carries_them_too(world):
    def broken(_scope, _status, _problem):
        raise RuntimeError("secret detail")

    world.app.refuse = broken
    client = world.client()
    client._transport.raise_server_exceptions = False
    answer = client.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert answer.headers["content-security-policy"] == CSP


def test_the_servers_figures_reach_its_connections(serve, world):
    assert world.settings.head_seconds == 10
    served = serve(head_seconds=7)
    assert served.ask().startswith(b"HTTP/1.1 200")
    assert STATE == "connections"


def test_a_refused_body_is_let_go_at_once(world):
    app = world.app
    gc.collect()
    others = {id(one) for one in visits()}
    gc.disable()  # what is left then hangs in a cycle, and waits for the rare collections of a running server
    try:
        status = running.run(sent_without_end(app))
        left = [one for one in visits() if id(one) not in others]
    finally:
        gc.enable()
    assert (status, left) == (413, [])


def visits():
    return [one for one in gc.get_objects() if type(one) is Visit]


async def sent_without_end(app) -> int:
    """The status of a form that goes on until it is refused."""
    scope = {
        "type": "http", "method": "POST", "path": "/sign-in", "raw_path": b"/sign-in", "query_string": b"",
        "scheme": "http", "http_version": "1.1", "root_path": "", "client": ("127.0.0.1", 5_000),
        "server": ("127.0.0.1", 8_000),
        "headers": [(b"host", b"127.0.0.1"), (b"sec-fetch-site", b"same-origin"),
                    (b"content-type", b"application/x-www-form-urlencoded"), (b"transfer-encoding", b"chunked")],
    }  # fmt: skip
    answers = []

    async def receive():
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    async def send(message):
        answers.append(message)

    await app(scope, receive, send)
    return answers[0]["status"]
