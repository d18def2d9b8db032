"""Requests to providers: only to addresses of the public network, in few seconds, with a small answer, no redirects."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from functools import cache

import httpx2

SECONDS = 8.0  # for one whole request, its answer read
STEP = httpx2.Timeout(4.0)  # for a step of it
BYTES = 256 * 1024


@cache
def _trusted() -> ssl.SSLContext:
    """Which certificates are believed; reading them takes long, so it is done once."""
    return httpx2.create_ssl_context(trust_env=False)


class Outgoing(httpx2.BaseTransport):
    """Looks the host up itself and connects to the very address that was checked (no second look-up can differ)."""

    def __init__(self, *, private_network: bool = False) -> None:
        self.private_network = private_network
        self.inner = httpx2.HTTPTransport(verify=_trusted(), trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it; raises ``httpx2.TransportError`` for what must not be asked and for what takes too long or much."""
        deadline = time.monotonic() + SECONDS
        if request.url.scheme != "https" and not self.private_network:
            raise httpx2.UnsupportedProtocol("only https is spoken to the public network", request=request)
        host = request.url.host
        address = self._address(request, host)
        headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"accept-encoding"]
        asked = httpx2.Request(
            request.method, request.url.copy_with(host=address), headers=[*headers, (b"Accept-Encoding", b"identity")],
            stream=request.stream, extensions={**request.extensions, "sni_hostname": host},
        )  # fmt: skip
        answer = self.inner.handle_request(asked)
        try:
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise httpx2.DecodingError("a compressed answer was not asked for", request=request)
            content = bytearray()
            for part in answer.iter_raw():
                content += part
                if len(content) > BYTES:
                    raise httpx2.ReadError("the answer is too large", request=request)
                if time.monotonic() > deadline:
                    raise httpx2.ReadTimeout("the answer takes too long", request=request)
        finally:
            answer.close()
        kept = [
            (name, value)
            for name, value in answer.headers.raw
            if name.lower() not in {b"transfer-encoding", b"content-length"}
        ]
        return httpx2.Response(answer.status_code, headers=kept, content=bytes(content), request=request)

    def close(self) -> None:
        """Give the connections back."""
        self.inner.close()

    def _address(self, request: httpx2.Request, host: str) -> str:
        """The first address of the host, when all of them may be asked."""
        try:
            found = [info[4][0] for info in socket.getaddrinfo(host, request.url.port or 443, type=socket.SOCK_STREAM)]
        except OSError as error:
            raise httpx2.ConnectError(f"{host} is not known", request=request) from error
        if not self.private_network and not all(is_public(str(address)) for address in found):
            raise httpx2.ConnectError(f"{host} is an address inside a private network", request=request)
        return str(found[0])


def is_public(address: str) -> bool:
    """Whether this is an address of the public network, also when it is one of IPv4 dressed as one of IPv6."""
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast
