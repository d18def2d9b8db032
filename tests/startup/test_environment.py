"""Each unsafe setting keeps production from starting and is named on a line of its own."""

import subprocess
import sys
import zoneinfo
from pathlib import Path

import pytest

from challenge.settings import Settings
from challenge.startup import ENVIRONMENT
from challenge.startup.environment import reaches_the_database_in_private

UNSAFE = [
    ({"secret_key": None}, "CHALLENGE_SECRET_KEY is not set"),
    ({"secret_key": None, "secret_key_file": "/nowhere/secret"}, "CHALLENGE_SECRET_KEY is not set"),
    ({"secret_key": "9f3b61c2d07a4e58"}, "CHALLENGE_SECRET_KEY has 16 bytes"),
    ({"secret_key": "a secret for the tests only, long enough"}, "CHALLENGE_SECRET_KEY is one that others know"),
    ({"secret_key": "ab" * 20}, "CHALLENGE_SECRET_KEY is one that others know"),
    ({"public_url": "http://challenge.tallinn.ee"}, "CHALLENGE_PUBLIC_URL is http"),
    ({"public_url": "https://localhost:8000"}, "CHALLENGE_PUBLIC_URL names localhost"),
    ({"public_url": "https://127.0.0.1"}, "CHALLENGE_PUBLIC_URL names 127.0.0.1"),
    ({"allowed_hosts": "*"}, "CHALLENGE_ALLOWED_HOSTS contains *"),
    ({"trusted_proxies": "*"}, "CHALLENGE_TRUSTED_PROXIES contains *"),
    ({"trusted_proxies": "10.0.0.0/8, 0.0.0.0/0"}, "CHALLENGE_TRUSTED_PROXIES contains 0.0.0.0/0"),
    ({"smtp_url": ""}, "CHALLENGE_SMTP_URL is not set"),
    ({"smtp_url": "console://"}, "CHALLENGE_SMTP_URL is console"),
    ({"smtp_url": "smtp://mail.tallinn.ee"}, "CHALLENGE_SMTP_URL is smtp to another machine"),
    ({"mail_from": "City Challenge <no-reply@localhost>"}, "CHALLENGE_MAIL_FROM is at localhost"),
    ({"scanner": "clamdscam --no-summary -"}, "CHALLENGE_SCANNER names clamdscam: there is no such program"),
    ({"scanner": "  "}, "CHALLENGE_SCANNER names nothing"),
    ({"scanner": "'clamdscan -"}, "CHALLENGE_SCANNER cannot be read"),
    (
        {"leaked_passwords": "/nowhere/pwned.txt"},
        "CHALLENGE_LEAKED_PASSWORDS cannot be read (No such file",
    ),
    ({"leaked_passwords": __file__}, "CHALLENGE_LEAKED_PASSWORDS is no list of SHA-1 hashes"),
    ({"oidc_providers": "- key: tara"}, "CHALLENGE_OIDC: provider 1: "),
    ({"oidc_providers": "tara"}, "CHALLENGE_OIDC_PROVIDERS is not a list"),
    ({"oidc_providers_file": "/nowhere/oidc.yaml"}, "CHALLENGE_OIDC_PROVIDERS_FILE cannot be read"),
    (
        {
            "oidc_providers": '[{"key": "own", "title": "Own", "issuer": "http://10.0.0.1", "client_id": "c",'
            ' "client_secret": "s", "private_network": true}]'
        },
        "CHALLENGE_OIDC: provider own: issuer must begin with https://",
    ),
    ({"demo": "1"}, "CHALLENGE_DEMO is on"),
    ({"log": "debug"}, "CHALLENGE_LOG is debug"),
    ({"clock_shift_seconds": "60"}, "CHALLENGE_CLOCK_SHIFT_SECONDS is 60"),
    ({"workers": "2"}, "CHALLENGE_WORKERS is 2: SQLite is for one process"),
]


@pytest.mark.parametrize(("changes", "line"), UNSAFE, ids=[line for _changes, line in UNSAFE])
def test_it_does_not_start(place, changes, line):
    code, lines = place.start(**changes)

    assert (code, place.served) == (78, False)
    assert [found for found in lines if found.startswith(line)] == lines


@pytest.mark.parametrize("command", ["serve", "work"])
def test_every_fault_is_listed_at_once(place, command):
    changes = {name: value for faults, _line in UNSAFE for name, value in faults.items()}
    code, lines = place.start(command, **changes)

    assert code == 78
    assert len(lines) == len(set(lines)) >= 10


def test_what_is_safe_starts(place):
    assert place.start() == (0, [])
    assert place.served


def test_a_scanner_that_is_there_is_taken(place):
    assert place.start(scanner=f"'{sys.executable}' -c 'raise SystemExit(0)'") == (0, [])


def test_a_relay_on_this_machine_needs_no_encryption(place):
    assert place.start(smtp_url="smtp://127.0.0.1:25") == (0, [])


FAR = "postgresql+psycopg://city:x@db.tallinn.ee/city"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        (FAR, "db.tallinn.ee"), (f"{FAR}?sslmode=prefer", "db.tallinn.ee"), (f"{FAR}?sslmode=allow", "db.tallinn.ee"),
        ("postgresql+psycopg://city@/city?host=10.0.0.5", "10.0.0.5"),
        ("postgresql+psycopg://city@/city?host=/run/postgresql&host=10.0.0.5", "10.0.0.5"),
        (f"{FAR}?sslmode=verify-full", None), (f"{FAR}?sslmode=require", None), (f"{FAR}?sslmode=disable", None),
        ("postgresql+psycopg://city@127.0.0.1/city", None), ("postgresql+psycopg://city@/city", None),
        ("postgresql+psycopg://city@/city?host=/run/postgresql", None), ("sqlite:///var/challenge.db", None),
    ],
)  # fmt: skip
def test_how_a_database_far_away_is_reached_must_be_said(url, host):
    assert reaches_the_database_in_private in ENVIRONMENT
    found = [fault.split()[2] for fault in reaches_the_database_in_private(Settings(database_url=url))]
    assert found == ([host] if host else [])


def test_development_starts_with_all_of_it(place):
    code, _lines = place.start(env="development", secret_key="short", smtp_url="", workers="2")
    assert code == 0
    assert place.served


def test_a_setting_that_cannot_be_read_is_named(place):
    assert place.start(env="produktion", workers="many") == (
        78,
        [
            "CHALLENGE_ENV: Input should be 'development' or 'production'",
            "CHALLENGE_WORKERS: Input should be a valid integer, unable to parse string as an integer",
        ],
    )


@pytest.fixture
def no_zones(monkeypatch):
    """Neither the system's time zones nor those of the package."""
    for name in ("tzdata", "tzdata.zoneinfo", "tzdata.zoneinfo.Europe"):
        monkeypatch.setitem(sys.modules, name, None)
    zoneinfo.reset_tzpath(to=[])
    yield
    zoneinfo.reset_tzpath()


def test_no_time_zones(place, no_zones):
    assert place.start() == (78, ["Time zones are missing: install tzdata."])


def test_the_process_itself_leaves_with_the_code(tmp_path):
    environment = {"CHALLENGE_ENV": "production", "CHALLENGE_DATABASE_URL": f"sqlite:///{tmp_path / 'no.db'}"}
    ended = subprocess.run(
        [sys.executable, "-m", "challenge", "serve"], env=environment, capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ended.returncode == 78
    assert ended.stderr.splitlines()[0].startswith("CHALLENGE_SECRET_KEY is not set")
    assert ended.stdout == ""
