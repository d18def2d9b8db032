"""Who sends slowly, without end or from too many connections is let go; everybody else is answered meanwhile."""

import contextlib
import select
import socket
import time
from pathlib import Path

import pytest

from tests.http.conftest import everything

CLIENTS = 60
LOOPBACK = "127.0.0.1"
ROOMY = {"connections_per_address": 200, "head_seconds": 0.5, "body_seconds": 0.5}


def trickle(clients, honest) -> list[bytes]:
    """A byte to each at a time until the server has closed them all; what each was told."""
    told, still = dict.fromkeys(clients, b""), set(clients)
    while still:
        honest()
        for client in select.select(list(still), [], [], 0.02)[0]:
            try:
                piece = client.recv(65_536)
            except ConnectionResetError:
                piece = b""
            told[client] += piece
            if not piece:
                still.discard(client)
        for client in still:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # noticed by reading, next turn
                client.send(b"x")
    return list(told.values())


HEAD = b"GET / HTTP/1.1\r\n"
SLOW = {
    "head": lambda served: HEAD + served.host + b"X-A: ",
    "first line": lambda _served: b"GET /",
    "body": lambda served: (
        b"POST /sign-in HTTP/1.1\r\n" + served.host + b"Sec-Fetch-Site: same-origin\r\nContent-Length: 200000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
    ),
    "chunks": lambda served: (
        b"POST /sign-in HTTP/1.1\r\n" + served.host + b"Sec-Fetch-Site: same-origin\r\nTransfer-Encoding: chunked\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n10000\r\nemail="
    ),
}


@pytest.mark.parametrize("kind", SLOW)
def test_sixty_slow_clients_are_let_go_while_others_are_answered(serve, kind):
    served = serve(**ROOMY)
    clients = [served.connect() for _number in range(CLIENTS)]
    for client in clients:
        client.sendall(SLOW[kind](served))
    answers = []

    told = trickle(clients, lambda: answers.append(served.ask()[:15]))

    assert set(answers) == {b"HTTP/1.1 200 OK"}
    assert {answer[:12] for answer in told} <= {b"HTTP/1.1 408", b""}
    assert any(answer.startswith(b"HTTP/1.1 408") for answer in told)
    for client in clients:
        client.close()


def test_who_connects_and_says_nothing_is_let_go(serve):
    served = serve(head_seconds=0.2)
    with served.connect() as client:
        assert everything(client) == b""


def test_a_slow_body_that_keeps_its_pace_is_read_to_the_end(serve):
    served = serve(body_seconds=0.2, body_rate=1_000)
    body = b"email=nobody%40example.org&x=" + b"x" * 2_000
    with served.connect() as client:
        client.sendall(
            b"POST /sign-in HTTP/1.1\r\n" + served.host + b"Sec-Fetch-Site: same-origin\r\nConnection: close\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body)
        )
        began = time.monotonic()
        client.sendall(body[:1_000])
        select.select([client], [], [], 0.5)  # longer than the body's seconds, shorter than a thousand bytes earn
        client.sendall(body[1_000:])
        assert time.monotonic() - began > 0.4
        assert not everything(client).startswith(b"HTTP/1.1 408")


def test_a_connection_may_wait_between_requests_only_so_long(serve):
    served = serve(head_seconds=0.3)
    with served.connect() as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\n" + served.host + b"\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
        client.sendall(b"GET /healthz HTTP/1.1\r\nX-A: ")
        assert everything(client).startswith(b"HTTP/1.1 408")


@pytest.mark.abuse(30)
def test_a_head_without_end_is_refused(served):
    with served.connect() as client:
        client.sendall(b"GET / HTTP/1.1\r\n" + served.host + b"X-A: ")
        answer, sent = b"", 0
        while not answer and sent < 1_000_000:
            try:
                sent += client.send(b"x" * 8_192)
            except (BrokenPipeError, ConnectionResetError):
                break
            if select.select([client], [], [], 0.01)[0]:
                answer = client.recv(65_536)
    assert sent < 1_000_000
    assert answer[:12] in {b"HTTP/1.1 431", b""}


def test_one_address_has_so_many_connections(serve):
    served = serve(connections_per_address=5)
    busy = [served.connect() for _number in range(5)]
    for client in busy:
        client.sendall(b"GET / HT")
    wait_until_read(served, busy)
    refused = served.ask()
    assert refused.startswith(b"HTTP/1.1 429 ")
    assert b"content-security-policy: default-src 'none'" in refused
    busy[0].sendall(b"TP/1.1\r\n" + served.host + b"Connection: close\r\n\r\n")
    assert everything(busy[0]).startswith(b"HTTP/1.1 200")
    assert served.ask().startswith(b"HTTP/1.1 200")
    for client in busy:
        client.close()


def wait_until_read(served, clients) -> None:
    """Until the server has what these sent: nothing of it waits in the kernel any more."""
    ports = {client.getsockname()[1] for client in clients}
    while {port for port, waiting in queues(served.port) if not waiting} < ports:
        select.select([], [], [], 0.01)


def queues(port: int):
    """(the client's port, bytes not read yet) of each connection to this port of loopback."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _number, local, remote, _state, waiting = line.split()[:5]
        if int(local.split(":")[1], 16) == port:
            yield int(remote.split(":")[1], 16), int(waiting.split(":")[1], 16)


def test_when_there_is_no_room_who_has_most_gives_some(serve):
    served = serve(connections=6)
    many = [socket.create_connection((LOOPBACK, served.port), 10, ("127.0.0.2", 0)) for _number in range(6)]
    for client in many:
        client.sendall(b"GET / HT")
    wait_until_read(served, many)
    assert served.ask().startswith(b"HTTP/1.1 200")
    assert everything(many[0]) == b""
    more = socket.create_connection((LOOPBACK, served.port), 10, ("127.0.0.2", 0))
    with more:
        more.sendall(b"GET / HT")
        wait_until_read(served, [more])
        with socket.create_connection((LOOPBACK, served.port), 10, ("127.0.0.2", 0)) as last:
            assert everything(last).startswith(b"HTTP/1.1 429 ")  # nobody takes room from themselves
    for client in many:
        client.close()


def test_an_idle_connection_makes_room(serve):
    served = serve(connections_per_address=5)
    idle = [served.connect() for _number in range(5)]
    for client in idle:
        client.sendall(b"GET /healthz HTTP/1.1\r\n" + served.host + b"\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 200")
    assert served.ask().startswith(b"HTTP/1.1 200")
    assert everything(idle[0]) == b""
    for client in idle:
        client.close()


def test_all_of_a_trusted_proxy_may_come_at_once(serve):
    served = serve(connections_per_address=5, trusted_proxies="127.0.0.0/8")
    clients = [served.connect() for _number in range(20)]
    for client in clients:
        client.sendall(b"GET / HT")
    wait_until_read(served, clients)
    assert served.ask().startswith(b"HTTP/1.1 200")
    for client in clients:
        client.close()


def test_what_is_no_request_is_answered_with_the_headers(served):
    with served.connect() as client:
        client.sendall(b"this is not http\r\n\r\n")
        answer = everything(client)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"x-content-type-options: nosniff" in answer


def test_nobody_says_which_server_this_is(served):
    assert b"\r\nserver:" not in served.ask().lower()
