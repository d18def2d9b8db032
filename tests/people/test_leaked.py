"""Passwords that leaked are refused, by a local file of hashes, whatever its size and line ends."""

from __future__ import annotations

import hashlib
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.people import leaked
from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.factories.people import PASSWORD

SAID = "is on a list of leaked passwords"
OTHERS = ["kolm tammepuud mere kaldal", "neli tammepuud mere kaldal", "viis tammepuud mere kaldal"]


def hash_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def write(path, passwords, *, end="\n", last=True, lower=False):
    """A list as the downloader of Have I Been Pwned writes it."""
    lines = [f"{hash_of(password)}:{count}" for count, password in enumerate(passwords, start=1)]
    text = end.join(sorted(lines)) + (end if last and lines else "")
    path.write_bytes((text.lower() if lower else text).encode())
    return path


@pytest.fixture
def listing(world, tmp_path):
    """The service knows a list, with one password in it that is good otherwise; where the list is."""
    path = write(tmp_path / "pwned.txt", [PASSWORD, *OTHERS])
    world.settings = world.settings.model_copy(update={"leaked_passwords": path})
    return path


def choose(world, password):
    return world.client("mari").post("/account/password", data={"password": password})


def kept(world) -> str | None:
    with world.acting(writing=False) as w:
        return w.session.get_one(Person, PEOPLE["mari"].id).password_hash


def test_a_leaked_password_is_refused_in_words_and_another_one_taken(world, listing):
    refused = choose(world, PASSWORD)
    assert (refused.status_code, SAID in refused.text, kept(world)) == (422, True, None)
    assert PASSWORD not in refused.text
    assert choose(world, "uus tammepuu mere kaldal 7").status_code == 303
    assert kept(world) is not None


def test_without_a_list_it_is_taken(world):
    assert choose(world, PASSWORD).status_code == 303


def test_a_list_that_is_gone_lets_no_password_in(world, listing, caplog):
    listing.unlink()
    refused = choose(world, "uus tammepuu mere kaldal 7")
    assert (refused.status_code, "so none is set" in refused.text, kept(world)) == (422, True, None)
    assert [record.levelno for record in caplog.records if "leaked" in record.getMessage()] == [logging.ERROR]


@given(
    st.lists(st.text(min_size=1, max_size=4), max_size=40, unique=True), st.sampled_from(["\n", "\r\n"]), st.booleans(),
    st.booleans(), st.data(),
)  # fmt: skip
def test_searching_is_the_same_as_looking_at_every_line(tmp_path_factory, passwords, end, last, lower, data):
    path = write(tmp_path_factory.mktemp("lists") / "pwned.txt", passwords, end=end, last=last, lower=lower)
    hashes = {hash_of(password) for password in passwords}
    asked = [*passwords, data.draw(st.text(max_size=4))]
    for password in asked:
        assert leaked.is_listed(path, password) == (hash_of(leaked.normal(password)) in hashes)
    assert (leaked.fault(path) is None) == bool(passwords)


def test_few_places_of_a_large_list_are_read(tmp_path, monkeypatch):
    path = write(tmp_path / "pwned.txt", map(str, range(20_000)))
    places, real = [], leaked._line_from
    monkeypatch.setattr(leaked, "_line_from", lambda file, place: places.append(place) or real(file, place))
    first, last = sorted(map(str, range(20_000)), key=hash_of)[::19_999]
    for password, answer in ((first, True), (last, True), ("no such", False)):
        places.clear()
        assert leaked.is_listed(path, password) is answer
        assert len(places) <= 20


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        (b"\n" * 10, "is no list of SHA-1 hashes, one a line"),
        (b"password\nletmein\n", "is no list of SHA-1 hashes, one a line"),
        (b"x" * 5_000, "is no list of SHA-1 hashes, one a line"),
        ("".join(f"{hash_of(str(n))}:1\n" for n in range(50)).encode(), "is not sorted by hash"),
    ],
)
def test_what_is_no_sorted_list_is_named_at_the_start(tmp_path, content, fault):
    path = tmp_path / "list"
    path.write_bytes(content)
    assert leaked.fault(path) == fault
    assert leaked.is_listed(path, PASSWORD) is False  # and reading it harms nobody
