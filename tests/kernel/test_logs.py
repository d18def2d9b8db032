"""The log: in UTC, one line an event, and nothing that was sent can forge a line."""

import logging
import logging.config
import re

import pytest

from challenge.kernel.logs import FORMAT, Lines, config

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ [a-z._]+ \S.*")
HOSTILE = "x\n2027-01-10T09:00:00.000Z INFO challenge.sign_in password: signed in person=ADMIN\r\x1b[2J\u2028\x85y"


def record(message, *arguments, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.makeLogRecord(
        {"name": "challenge", "levelname": "INFO", "msg": message, "args": arguments, "exc_info": info,
         "created": 1_799_571_600.25, "msecs": 250.0}
    )  # fmt: skip


def written(message, *arguments, error=None, words=False):
    return Lines(words=words).format(record(message, *arguments, error=error))


def test_an_instant_is_in_utc_and_says_so():
    assert written("crash at %s", "/x") == "2027-01-10T09:00:00.250Z INFO challenge crash at /x"


def test_what_was_sent_stays_on_its_line():
    assert len(logging.Formatter(FORMAT).format(record("%s", HOSTILE)).splitlines()) > 1  # as it would be without
    line = written("crash at %s", HOSTILE)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    assert r"x\n2027-01-10" in line
    assert written("Tänavavalgustus – Türi") == "2027-01-10T09:00:00.250Z INFO challenge Tänavavalgustus – Türi"


def test_what_an_exception_says_cannot_pass_for_a_line():
    lines = written("crash", error=ValueError(HOSTILE), words=True).split("\n")
    assert [line for line in lines if LINE.fullmatch(line)] == lines[:1]
    assert len(lines) > 2
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])


def test_of_an_exception_its_kind_and_its_lines_are_told_and_never_its_words():
    def crash():
        try:
            return {}["lena@example.org"]
        except KeyError as cause:
            raise ValueError("marks of Lena Lind") from cause

    with pytest.raises(ValueError, match="Lena") as raised:
        crash()
    discreet, whole = written("crash", error=raised.value), written("crash", error=raised.value, words=True)
    assert "builtins.ValueError" in discreet
    assert "builtins.KeyError" in discreet
    assert f"{__file__}:" in discreet
    assert "Lena" not in discreet
    assert "lena@" not in discreet
    assert "Lena" in whole


def test_workers_log_as_a_single_process_does():
    told = config("info")
    made = logging.config.DictConfigurator(told).configure_formatter(told["formatters"]["line"])
    assert isinstance(made, Lines)
    assert made.words is False
    assert config("debug")["formatters"]["line"]["words"] is True
