import base64
import difflib
import itertools
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from challenge.kernel import receipt
from challenge.kernel.ask import Words, count_words, local_instant
from challenge.kernel.codes import ALPHABET, new_code, read_code
from challenge.kernel.diff import changes, words
from challenge.kernel.errors import Invalid
from challenge.kernel.i18n import _, _n, speaking
from challenge.kernel.money import euros, read_euros
from challenge.kernel.paging import after, cursor
from challenge.kernel.receipt import Receipt


@pytest.mark.abuse(3)
def test_codes_are_eight_readable_characters():
    code = new_code()
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)


@given(st.text(alphabet=ALPHABET, min_size=8, max_size=8))
def test_a_code_is_read_as_it_was_meant(code):
    typed = f"{code[:4]}-{code[4:]}".lower().replace("0", "o").replace("1", "l")
    assert read_code(typed) == code


@given(st.integers(min_value=0, max_value=10**13))
def test_money_is_read_as_it_is_shown(cents):
    with speaking("en"):
        assert read_euros(euros(cents)) == cents
    with speaking("et"):
        assert read_euros(euros(cents)) == cents


@pytest.mark.parametrize("typed", ["", "a", "1,2,3.4.5", "NaN", "inf", "1.234", "12.345,678"])
def test_what_is_no_money_is_refused(typed):
    with pytest.raises(ValueError):
        read_euros(typed)


@pytest.mark.parametrize(("typed", "cents"), [("1 234,50", 123450), ("1,234.50", 123450), ("€860,000", 86_000_000),
                                              ("1.234,5", 123450), ("12,5", 1250)])  # fmt: skip
def test_money_is_read_in_both_ways_of_writing(typed, cents):
    assert read_euros(typed) == cents


@given(st.text(), st.text())
def test_a_diff_leads_from_old_to_new(old, new):
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new


TOKEN = re.compile(r"\s+|\S+")
few_words = st.lists(st.sampled_from("abc"), max_size=30).map(" ".join)


@given(few_words, few_words)
def test_a_diff_is_short(old, new):
    pieces = words(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    stayed = sum(len(TOKEN.findall(piece.text)) for piece in pieces if piece.kind == "same")
    another = difflib.SequenceMatcher(None, TOKEN.findall(old), TOKEN.findall(new), autojunk=False)
    assert stayed >= sum(block.size for block in another.get_matching_blocks())
    assert all(one.kind != other.kind for one, other in itertools.pairwise(pieces))


def test_texts_that_differ_without_end_are_changed_as_a_whole():
    pieces = words("Begin. " + "a b " * 20_000 + "end", "Begin. " + "b c " * 20_000 + "end")
    assert [piece.kind for piece in pieces] == ["same", "removed", "added", "same"]
    assert (pieces[0].text, pieces[3].text) == ("Begin. ", " end")


def test_changes_name_only_what_differs():
    assert list(changes({"a": "x", "b": "y"}, {"a": "x", "b": "z", "c": "new"})) == ["b", "c"]


def test_words_are_counted_and_limited():
    assert count_words("one  two\nthree") == 3
    assert Words(3).check("one two three") == "one two three"
    with pytest.raises(PydanticCustomError):
        Words(2).check("one two three")


def test_a_cursor_that_is_not_ours_is_refused():
    assert after(cursor("a", 1), str, int) == ["a", 1]
    for bad in ("%%%", cursor(1, "a"), cursor("a"), "e30"):
        with pytest.raises(Invalid):
            after(bad, str, int)


@pytest.mark.parametrize(("local", "error"), [("2027-03-28T03:30", "time_missing"), ("2026-10-25T03:30", "time_twice")])
def test_the_hours_of_a_clock_change_are_refused(local, error):
    with pytest.raises(PydanticCustomError) as caught:
        local_instant(datetime.fromisoformat(local), ZoneInfo("Europe/Tallinn"))
    assert caught.value.type == error


ZONES = ["Europe/Tallinn", "Europe/Dublin", "America/Mexico_City", "Asia/Kolkata", "America/Sao_Paulo", "UTC"]


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_a_typed_time_is_stored_and_shown_as_it_was_typed(local, zone):
    try:
        instant = local_instant(local, ZoneInfo(zone))
    except PydanticCustomError:
        return
    assert instant.tzinfo is UTC
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def test_texts_are_translated_when_they_are_shown():
    text = _n("One answer needs you", "%(n)s answers need you", 2)
    assert str(text) == "2 answers need you"
    assert str(_("%(city)s has withdrawn.", city="Tartu")) == "Tartu has withdrawn."


def test_a_receipt_is_verified_offline_and_no_change_of_it_passes(world):
    secret = b"a secret"
    with world.acting("mari") as w:
        made = receipt.issue(
            w, secret,
            Receipt(
                workflow="submission", subject_code="ABCDEFGH", revision_number=1, revision_hash="f" * 64,
                received_at=w.now, deadline=w.now + timedelta(days=1), grace_seconds=120, within_grace=False,
                rules_version=1, person_id=1, signature="",
            ),
        )  # fmt: skip
        key = receipt.public_key(secret)
        assert receipt.holds(made, key)
        for name, forged in {"received_at": w.now - timedelta(seconds=1), "revision_hash": "e" * 64,
                             "within_grace": True, "signature": base64.b64encode(b"0" * 64).decode(),
                             }.items():  # fmt: skip
            kept = getattr(made, name)
            setattr(made, name, forged)
            assert not receipt.holds(made, key), name
            setattr(made, name, kept)
        assert not receipt.holds(made, receipt.public_key(b"another secret"))
