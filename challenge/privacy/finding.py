"""How a person's rows are found in a table: by a column that names them, by their address, or through another table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, func, select

from challenge.kernel.record import metadata
from challenge.people.actions import keys_of
from challenge.people.models import Person


@dataclass(frozen=True, slots=True)
class Subject:
    """The person whose data it is, by everything they are known by."""

    id: int
    code: str
    email: str
    email_key: str

    @classmethod
    def of(cls, person: Person) -> Subject:
        """As the person is now."""
        return cls(person.id, person.code, person.email, person.email_key)


Finder = Callable[[Table, Subject], ColumnElement[bool]]


def by(column: str) -> Finder:
    """Rows whose column is the person's id."""
    return lambda table, subject: table.c[column] == subject.id


def by_address(column: str) -> Finder:
    """Rows that hold the person's address as it is kept."""
    return lambda table, subject: func.lower(table.c[column]) == subject.email.lower()


def by_address_key(column: str) -> Finder:
    """Rows that hold the skeleton of the person's address."""
    return lambda table, subject: table.c[column] == subject.email_key


def about(workflow: str) -> Finder:
    """Steps that were done to the person."""
    return lambda table, subject: and_(table.c.workflow == workflow, table.c.subject_code == subject.code)


def by_code(column: str) -> Finder:
    """Rows that hold the person's number."""
    return lambda table, subject: table.c[column] == subject.code


def by_tries() -> Finder:
    """Tries to sign in as the person: what is counted is a digest of the address or of the id."""
    return lambda table, subject: table.c.key.in_(keys_of(subject.email, subject.id))


def through(column: str, other: str, *finders: Finder, key: str = "id") -> Finder:
    """Rows that refer, by this column, to rows of another table that are the person's; or that share its ``key``."""

    def found(table: Table, subject: Subject) -> ColumnElement[bool]:
        target = metadata.tables[other]
        inner = finders[0](target, subject)
        for finder in finders[1:]:
            inner |= finder(target, subject)
        return table.c[column].in_(select(target.c[key]).where(inner))

    return found
