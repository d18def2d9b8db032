"""Names become bars: their forms, their spellings, what is left alone; and every part of a proposal is declared."""

import pytest

from challenge.people.spelling import plain
from challenge.policy.redaction import BAR, CHOSEN, PARTS, Marker, Treatment, copy_of, is_like
from challenge.proposals import content
from challenge.proposals.models import BudgetLine, OwnShare
from challenge.proposals.schemas import FullProposalForm
from challenge.proposals.states import BudgetCategory
from tests.cast import PLACES
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round

NAMES = (
    "Ravi Rao",
    "Ravi",
    "Rao",
    "Sepp",
    "Kask",
    "Mägi",
    "Luik",
    "Rebane",
    "TalTech",
    "Tartu Ülikool",
    "Li",
    "O'Brien",
)


def marked(text, names=NAMES, kept=("Tartu", "Helsinki")):
    return Marker(names, kept, plain)(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ravi Rao", "RAO", "rao", "Raole", "Raoga", "Ra\u00ado", "R\u200bao", "Rаo", "Ｒａｏ", "Ma\u0308gi",
        "Mägile", "Mäele", "Mäe", "Magi", "Sepa", "Sepaga", "Seppa", "Kase", "Kasele", "Luige", "Rebase", "TALTECHi",
        "Taltechist", "TalTechiga", "Tartu Ülikooli", "Tartu\nÜlikoolis", "Tartu-Ülikool", "Li", "O’Brien",
        "x.y@taltech.ee", "x.y (at) taltech.ee", "https://taltech.ee/people?id=1", "www.taltech.ee",
        "+372 5555 5555", "0000-0002-1825-0097",
    ],
)  # fmt: skip
def test_a_name_is_hidden_in_all_its_forms(text):
    assert marked(text) == BAR
    assert marked(f"Led by {text} today.") == f"Led by {BAR} today."


@pytest.mark.parametrize(
    "text",
    [
        "Tartu and Helsinki", "Tartus, Helsingis", "lithium", "li", "kasutada", "kasu", "separate", "raudtee",
        "luigelaul on pikk", "360 000 €", "2027-10-05", "magistrand", "ravimine", "36 months",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_name_stays(text):
    assert marked(text) == text


def test_names_side_by_side_are_one_bar_and_counted_once():
    mark = Marker(NAMES, (), plain)
    assert mark("Ravi Rao Kask leads, Rao's team") == f"{BAR} leads, {BAR}'s team"
    assert mark.count == 2


def test_a_bar_tells_nothing_of_the_length_of_a_name():
    assert marked("Li") == marked("Tartu Ülikool") == BAR


def test_what_is_spared_is_readable_and_a_longer_name_with_it_is_not():
    assert marked("Kask Kask, Tartu Kask", kept=("Kask", "Tartu")) == "Kask Kask, Tartu Kask"
    assert marked("Tartu Ülikool, Tartu", kept=("Tartu",)) == f"{BAR}, Tartu"


def test_a_long_name_is_recognised_by_its_beginning():
    assert is_like("rebassaare", "rebassaarelik")
    assert not is_like("rao", "raostumine")


def test_every_part_of_a_kept_version_is_declared(world):
    with world.acting() as w:
        made = make_proposal(w, make_round(w))
        place = {"proposal_id": made.id, "organisation_id": PLACES["taltech"].id, "year": 1}
        w.add(BudgetLine(**place, category=BudgetCategory.STAFF, cents=5))
        w.add(OwnShare(**place, cents=5))
        kept = content.snapshot(w, made)
    assert set(kept) == set(PARTS)
    assert {name for name in FullProposalForm.model_fields if name in CHOSEN} == CHOSEN


def test_a_partner_has_the_same_number_for_what_it_spends_and_what_it_pays():
    partners = ("A", "B", "TRT")
    given = {
        "cities": [{"city": "TRT"}],
        "budget": [{"partner": one, "name": one, "category": "staff", "cents": cents, "year": 2}
                   for one, cents in zip(partners, (5, 9, 7), strict=True)],
        "own_shares": [{"partner": one, "name": one, "cents": 1, "year": 2} for one in partners],
    }  # fmt: skip
    copy = copy_of(given, Marker(NAMES, (), plain))
    assert [one["name"] for one in copy["budget"]] == [f"{BAR} 2", f"{BAR} 1", "TRT"]
    assert [one["name"] for one in copy["own_shares"]] == [f"{BAR} 2", f"{BAR} 1", "TRT"]
    assert copy["own_shares"][0] == {"partner": "", "name": f"{BAR} 2", "year": 2, "cents": 1}


def test_what_is_not_declared_is_in_no_copy():
    given = {"title": "Rao", "secret": "Rao", "files": ["abc"], "months": 3, "cities": [], "budget": []}
    assert copy_of(given, Marker(NAMES, (), plain)) == {"title": BAR, "months": 3, "cities": [], "budget": []}
    assert PARTS["files"] is Treatment.DROPPED


def test_partners_are_numbered_by_what_they_spend_and_cities_named():
    lines = [
        {"partner": code, "name": name, "category": "staff", "cents": cents}
        for code, name, cents in (("A", "TalTech", 5), ("T", "Tartu", 9), ("B", "Aalto", 7), ("A", "TalTech", 1))
    ]
    given = {"cities": [{"city": "T", "name": "Tartu"}], "budget": lines}
    copy = copy_of(given, Marker(NAMES, (), plain))
    assert [line["name"] for line in copy["budget"]] == [f"{BAR} 2", "Tartu", f"{BAR} 1", f"{BAR} 2"]
    assert [line["partner"] for line in copy["budget"]] == ["", "T", "", ""]
