"""Nobody is named in the log, and no secret stands in it, whatever goes wrong (case 8)."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading

import httpx2
import pytest
from sqlalchemy import text

from tests.factories.people import cookie_of, mailed_token
from tests.serving import free_port

MARI = "mari@example.org"
TYPED = {"email": MARI, "password": "kuldne-voti-mere-pohjas", "q": "cx-looked-for", "name": "Cx Renamed"}


class Running:
    """The service as ``serve`` runs it, in a process of its own; what it writes goes into a file."""

    def __init__(self, world, folder, level):
        self.url, self.kept = f"http://127.0.0.1:{free_port()}", folder / "log.txt"
        settings = {
            "DATABASE_URL": world.database.engine.url.render_as_string(hide_password=False), "LOG": level,
            "PUBLIC_URL": self.url, "SECRET_KEY": world.settings.secret_key.get_secret_value(),
            "FILES": str(world.settings.files),
        }  # fmt: skip
        self.file = self.kept.open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "challenge", "serve", "--port", self.url.rsplit(":", 1)[1]],
            env={**os.environ, **{f"CHALLENGE_{name}": value for name, value in settings.items()}},
            stdout=self.file, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.client = httpx2.Client(
            base_url=self.url, timeout=60, limits=httpx2.Limits(max_keepalive_connections=0),
            headers={"sec-fetch-site": "same-origin"},
        )  # fmt: skip
        while not self.answers():
            assert self.process.poll() is None, self.kept.read_text()
            threading.Event().wait(0.1)

    def answers(self):
        with contextlib.suppress(httpx2.ConnectError):
            return self.client.get("/healthz").status_code == 200
        return False

    def end(self):
        self.client.close()
        self.process.terminate()
        self.process.wait(60)
        self.file.close()
        return self.kept.read_text()


def token_of_letter(world):
    """The letter is written when the answer is out."""
    for _turn in range(600):
        with contextlib.suppress(IndexError):
            return mailed_token(world, MARI)
        threading.Event().wait(0.1)
    raise AssertionError("no letter came")


def secrets_of_a_day(world, client):
    """Sign in, look around, be refused, crash; gives back everything that must stand in no log."""
    assert client.post("/sign-in", data={"email": MARI}).status_code == 303
    link = token_of_letter(world)
    session = cookie_of(client.post(f"/sign-in/{link}"))
    cookie = {"cookie": f"__Host-sid={session}"}
    assert client.post("/account", data={"name": TYPED["name"], "locale": "en"}, headers=cookie).status_code == 303
    made = client.post("/account/tokens", data={"name": "a program", "days": "30"}, headers=cookie)
    (token,) = set(re.findall(r"cc_[\w-]{20,}", made.text))
    assert client.get("/api/v1/proposals", headers={"authorization": f"Bearer {token}"}).status_code == 200
    assert client.post("/sign-in/password", data=TYPED).status_code == 422
    assert client.get("/people", params=TYPED, headers=cookie).status_code == 403
    with world.acting() as w:  # somebody breaks the database behind the service's back
        w.session.connection().execute(text("ALTER TABLE sign_in_link RENAME COLUMN token_hash TO gone"))
    assert client.post("/sign-in", data={"email": MARI}).status_code == 303  # the crash comes after the answer
    assert client.post(f"/sign-in/{link}").status_code == 500
    return {link, session, token, MARI, "Mari", *TYPED.values()}


@pytest.mark.abuse(8)
def test_whatever_goes_wrong_the_log_names_nobody_and_no_secret(world, tmp_path):
    running = Running(world, tmp_path, "info")
    try:
        secrets = secrets_of_a_day(world, running.client)
    finally:
        log = running.end()
    assert re.search(r"crash at POST /sign-in/(?!\w)", log)
    assert re.search(r"challenge/people/actions/sign_in\.py.*in claim_link", log)
    assert "sqlalchemy.exc." in log
    assert {secret for secret in secrets if secret.lower() in log.lower()} == set()
