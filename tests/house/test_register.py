"""The register of processing names every table, and every column in it that names a person."""

import re

import pytest

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.privacy.register import NOTHING_PERSONAL, holdings

schema.load_models()
TABLES = sorted(metadata.tables)
HOLDINGS = {holding.table: holding for holding in holdings()}
SAYS_WHO = re.compile(r"e?mail|address|user_agent|phone|(first|last|full)_name|^ip$|^person")
SECRET = re.compile(r"hash$|secret|password|^token|^key$|_key$|public_key|credential")
NOT_SECRET = {("revision", "hash"), ("receipt", "revision_hash")}


def names_people(table):
    """The columns that refer to a person."""
    columns = metadata.tables[table].columns
    return {c.name for c in columns if any(key.column.table.name == "person" for key in c.foreign_keys)}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_classified(table):
    where = "challenge/privacy/activities.py, or in NOTHING_PERSONAL of challenge/privacy/register.py"
    assert (table in HOLDINGS) != (table in NOTHING_PERSONAL), f"name {table} once, in {where}"
    if table in NOTHING_PERSONAL:
        assert names_people(table) == set()
        assert [c.name for c in metadata.tables[table].columns if SAYS_WHO.search(c.name)] == []


@pytest.mark.parametrize("table", sorted(HOLDINGS))
def test_every_column_that_names_a_person_finds_their_rows(table):
    holding, columns = HOLDINGS[table], set(metadata.tables[table].columns.keys())
    assert names_people(table) <= set(holding.people)
    assert {*holding.people, *holding.shown, *holding.emptied} <= columns
    assert holding.people or holding.find is not None


@pytest.mark.parametrize("table", sorted(HOLDINGS))
def test_no_secret_is_given_away(table):
    given = {(table, column) for column in HOLDINGS[table].shown if SECRET.search(column)}
    assert given <= NOT_SECRET


def test_nothing_is_registered_that_is_not_there():
    assert {*HOLDINGS, *NOTHING_PERSONAL} == set(TABLES)


def test_the_patterns_find_what_they_are_for():
    assert SAYS_WHO.search("email_key")
    assert SECRET.search("token_hash")
    assert names_people("outcome") == {"proposed_by", "approved_by", "accepted_by"}
