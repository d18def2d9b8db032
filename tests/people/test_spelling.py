import pytest
from sqlmodel import func, select

from challenge.people import actions
from challenge.people.models import Organisation, Person
from challenge.people.queries import find_by_email
from challenge.people.spelling import address_key, fold, mixes_alphabets, plain
from challenge.people.states import OrganisationKind
from tests.cast import PEOPLE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tallinn", "T\u0430llinn"), ("Tallinn", "Tallinn\u200b"), ("Tallinn", "\u202eTallinn\u202c"),
        ("Tartu", "TARTU"),
        ("Tartu", "Ｔａｒｔｕ"), ("Tartu", "  Tartu "), ("Narva", "Νarva"), ("office", "oﬃce"), ("Paide", "Рaide"),
        ("Õismäe", "O\u0303isma\u0308e"), ("Rakvere linn", "Rakvere\u00a0linn"),
    ],
)  # fmt: skip
def test_look_alikes_have_one_skeleton(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Tartu", "Tarto"), ("Jõgeva", "Jogeva"), ("Elva", "Elvas")])
def test_real_differences_stay(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Jõgeva", "jogeva"), ("Łódź", "lodz"), ("Dún Laoghaire-Rathdown", "dun laoghaire rathdown"),
     ("Straße", "strasse"),
     ("L’Aquila", "laquila"), ("København", "kobenhavn"), ("Þingeyri", "thingeyri"), ("%_", "")],
)  # fmt: skip
def test_names_are_found_as_people_type_them(name, typed):
    assert plain(name) == typed


@pytest.mark.abuse(31)
@pytest.mark.parametrize(
    "email",
    ["MARI@example.org", " mari@Example.ORG", "m\u0430ri@example.org", "mari@ex\u0430mple.org",
     "mari@xn--exmple-4nf.org", "mari\u200b@example.org"],
)  # fmt: skip
def test_look_alike_address_is_the_same_person(world, email):
    assert address_key(email) == "mari@example.org"
    with world.acting("anna") as w:
        before = w.session.exec(select(func.count()).select_from(Person)).one()
        assert find_by_email(w, email).id == PEOPLE["mari"].id
        assert actions.invite_person(w, "Mari Teine", email).id == PEOPLE["mari"].id
        assert w.session.exec(select(func.count()).select_from(Person)).one() == before


def test_keys_follow_the_name_when_it_changes(world):
    with world.acting() as w:
        made = actions.create_organisation(w, kind=OrganisationKind.NGO, name="Öised Aknad", country="ee")
        made.name = "Üks Aken"
        w.session.flush()

    with world.acting(writing=False) as w:
        kept = w.session.get_one(Organisation, made.id)
    assert (kept.name_key, kept.name_plain, kept.country) == ("üks aken", "uks aken", "EE")


@pytest.mark.parametrize(
    ("name", "mixed"),
    [("T\u0430llinn", True), ("Ταrtu", True), ("Nar\u057ea", True), ("Tallinn", False), ("Харків", False),
     ("Αθήνα", False), ("Kharkiv Харків", False), ("Jõgeva 5 µg", False), ("Þingeyri", False)],
)  # fmt: skip
def test_a_word_in_two_alphabets_is_found(name, mixed):
    assert mixes_alphabets(name) is mixed


@pytest.mark.abuse(31)
@pytest.mark.parametrize("name", ["T\u0430llinn", "\u202eTartu", "Tartu\u200b", "Tar\u2066tu", "Tar\u00adtu"])
def test_a_name_that_is_not_what_it_looks_like_is_refused(world, name):
    form = {"name": name, "kind": "ngo", "country": "EE"}
    answer = world.client("jaan").post("/organisations/new", data=form)
    assert answer.status_code == 422
    with world.acting(writing=False) as w:
        assert name not in w.session.exec(select(Organisation.name)).all()
