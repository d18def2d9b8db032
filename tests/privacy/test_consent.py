"""Nothing rests on consent: nobody is named to everybody, and nothing is sent that one did not take part in.

When something of the kind is built, it needs a page on which consent is given and taken back with the same ease; then
these tests change with ``Basis`` and docs/privacy.md.
"""

import pytest

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.policy.columns import COLUMNS, classes_of
from challenge.policy.kinds import KINDS, Party
from challenge.privacy.activities import ACTIVITIES
from challenge.privacy.holding import Basis
from tests.house.test_register import SAYS_WHO, names_people

schema.load_models()


def for_everybody(kind):
    return kind == "public" or (kind in KINDS and Party.EVERYBODY in KINDS[kind].who)


def test_every_purpose_rests_on_a_duty_or_a_public_task():
    assert {one.basis for one in ACTIVITIES} == set(Basis) == {Basis.PUBLIC_TASK, Basis.SECURITY, Basis.PUBLIC_MONEY}


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_no_column_that_names_a_person_is_published(table):
    published = {name for name, kind in classes_of(table).items() if for_everybody(kind)}

    assert published & names_people(table) == set()
    assert [name for name in published if SAYS_WHO.search(name)] == []


def test_the_names_of_people_are_a_kind_of_their_own():
    assert {kind for name, kind in classes_of("person").items() if name in {"name", "name_plain"}} == {"name"}
    assert {kind for name, kind in classes_of("team_member").items() if name in {"name", "email"}} == {
        "proposal", "team_address",
    }  # fmt: skip
    assert not for_everybody("name")
    assert for_everybody("published")  # the test can fail
    assert "name" in metadata.tables["organisation"].columns
    assert for_everybody(classes_of("organisation")["name"])
