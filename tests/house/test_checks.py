"""Every CHECK bites: for each one a row is found that breaks it and no other, and the database names it.

The rows are searched for, not written down, so a new CHECK is covered the day it is made; one that nothing but
another CHECK's fault can break is never found, and so reported as needless.
"""

import random
import sqlite3
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.kernel.triggers import existing

schema.load_models()
INSTANTS = (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
NUMBERS = (1, 0, 2, -1, 4, 1_000, 10_000_000)
WORDS = ("x", "", "EE", "in_review")
TRIES = 4_000


def checks(table):
    """Name → expression as SQL text, as the migrated database has it."""
    found = {}
    for check in table.constraints:
        if isinstance(check, sa.CheckConstraint):
            name = str(check.name)
            name = name if name.startswith("ck_") else f"ck_{table.name}_{name}"
            compiled = check.sqltext.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
            found[name] = str(compiled)
    return found


def candidates(column):
    """Values that are worth trying in this column."""
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    if isinstance(kind, sa.Enum):
        values = (*kind.enums, "nonsense")
    elif isinstance(kind, sa.Boolean):
        values = (False, True)
    elif isinstance(kind, (sa.Integer, sa.Numeric, sa.Float)):
        values = NUMBERS
    elif isinstance(kind, sa.JSON):
        values = ({},)
    elif isinstance(kind, sa.Date):
        values = (date(2027, 1, 1), date(2027, 2, 1))
    elif isinstance(kind, sa.DateTime):
        values = INSTANTS
    elif isinstance(kind, sa.LargeBinary):
        values = (b"x",)
    else:
        values = tuple(word for word in WORDS if len(word) <= (getattr(kind, "length", None) or len(word)))
    return (None, *values) if column.nullable else values


class Search:
    """Rows of one table, judged by all its CHECKs at once."""

    def __init__(self, table):
        self.columns = {column.name: candidates(column) for column in table.columns}
        self.checks = checks(table)
        named = ", ".join(f'? AS "{name}"' for name in self.columns)
        judged = ", ".join(f"({text})" for text in self.checks.values())
        self.sql = f'SELECT {judged} FROM (SELECT {named}) AS "{table.name}"'
        self.connection = sqlite3.connect(":memory:")
        self.chance = random.Random(1)  # noqa: S311 -- a walk that is the same each time

    def broken(self, row):
        """Names of the CHECKs this row breaks; unknown (NULL) is not broken, in both databases."""
        values = [str(v) if isinstance(v, (date, datetime, dict)) else v for v in row.values()]
        results = self.connection.execute(self.sql, values).fetchone()
        return {name for name, holds in zip(self.checks, results, strict=True) if holds == 0}

    def row(self, wanted):
        """A row that breaks exactly ``wanted`` (a set of at most one name): a random walk on the columns at fault."""
        row = {name: values[0] for name, values in self.columns.items()}
        best = self.broken(row) ^ wanted
        for _ in range(TRIES):
            if not best:
                return row
            text = self.checks[self.chance.choice(sorted(best))]
            columns = [name for name in self.columns if name in text]
            changed = dict(row)
            for name in self.chance.sample(columns, min(len(columns), self.chance.randint(1, 3))):
                changed[name] = self.chance.choice(self.columns[name])
            wrong = self.broken(changed) ^ wanted
            if len(wrong) <= len(best) or self.chance.random() < 0.05:
                row, best = changed, wrong
        return None


TABLES = [table for table in metadata.sorted_tables if checks(table)]


def put(connection, table, row):
    """Insert past the types, which would refuse a word no enum knows before the database is asked."""
    values = {
        table.c[name]: sa.literal(value, sa.String) if isinstance(table.c[name].type, sa.Enum) else value
        for name, value in row.items()
    }
    connection.execute(table.insert().values(values))


def alone(connection, *, is_sqlite):
    """From here on nothing but columns and CHECKs judges a row: no foreign key, no trigger."""
    if not is_sqlite:
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # counts only outside a transaction
    for name in existing(connection):
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def test_every_check_bites(database):
    bitten = 0
    with database.engine.connect() as connection:
        alone(connection, is_sqlite=database.is_sqlite)
        for table in TABLES:
            search = Search(table)
            connection.execute(table.delete())
            sound = search.row(set())
            assert sound is not None, f"{table.name}: no row satisfies its CHECKs"
            with connection.begin_nested() as attempt:
                put(connection, table, sound)
                attempt.rollback()
            for name in search.checks:
                bad = search.row({name})
                assert bad is not None, f"{name}: only other CHECKs' faults break it"
                with pytest.raises(IntegrityError, match=rf"\b{name}\b"), connection.begin_nested():
                    put(connection, table, bad)
                bitten += 1
        connection.rollback()
    assert bitten == sum(len(checks(table)) for table in TABLES) > 130


def test_the_search_finds_needless_checks():
    """A CHECK that another one implies is reported, so the test above can fail."""
    table = sa.Table(
        "thing", sa.MetaData(), sa.Column("size", sa.Integer, nullable=False),
        sa.CheckConstraint("size > 0", name="ck_thing_positive"),
        sa.CheckConstraint("size > -10", name="ck_thing_needless"),
    )  # fmt: skip

    search = Search(table)

    assert search.row({"ck_thing_positive"}) is not None
    assert search.row({"ck_thing_needless"}) is None
