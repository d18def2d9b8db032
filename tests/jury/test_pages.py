"""A juror's way through the pages, and a coordinator's."""

import pytest
from sqlmodel import select

from challenge.jury import actions
from challenge.jury.models import Juror, Review
from challenge.jury.queries import order_for
from challenge.jury.schemas import Reopening
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.attachment import ALLOWED, Attachment
from challenge.people.models import Membership, Person
from challenge.people.states import Seat
from challenge.proposals import content
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories.jury import (
    CRITERIA,
    PANEL,
    juror_of,
    jury_of,
    make_conflict,
    make_judged,
    make_review,
    make_submitted,
    proposal_of,
    review_of,
    round_of,
)
from tests.factories.proposals import TEXT

JSON = {"accept": "application/json"}


def filled_in(version, mark="4", comment="Argued with data.", **more):
    """The scoring form as a browser sends it."""
    marks = {f"{key}-mark": mark for key in CRITERIA} | {f"{key}-mark_comment": comment for key in CRITERIA}
    return {"version": str(version), "revision": "1", "comment": "Fund it.", "confidence": "3", **marks, **more}


def version_of(world, code):
    with world.acting(writing=False) as w:
        return review_of(w, code).version


def test_from_the_question_to_the_next_item(world):
    codes = jury_of(world, "lena", proposals=2)
    lena, review = world.client("lena"), f"/reviews/{codes['lena1']}"

    question = lena.get(review)
    assert "Ravi Rao" in question.text
    assert "Helsinki" in question.text
    assert TEXT not in question.text
    assert lena.post(f"{review}/declaration", data={}).status_code == 422
    assert lena.post(f"{review}/declaration", data={"answer": "family"}).status_code == 422
    assert lena.post(f"{review}/declaration", data={"answer": "none"}).headers["location"] == review

    reading = lena.get(review)
    assert TEXT in reading.text
    assert reading.text.count('type="radio"') == 5 * 11 + 3 + 7  # marks, confidence, kinds of conflict
    sent = lena.post(review, data=filled_in(version_of(world, codes["lena1"]), step="check"))
    assert sent.headers["location"] == f"{review}/check"
    assert "Argued with data." in lena.get(f"{review}/check").text
    fired = lena.post(f"{review}/transitions/submit", data={"version": version_of(world, codes["lena1"])})
    assert fired.headers["location"] == review

    done = lena.get(review)
    assert "locked" in done.text
    assert f"/reviews/{codes['lena2']}" in done.text
    assert "1 of 2 submitted" in lena.get("/reviews").text


def test_a_draft_is_saved_as_one_types(world):
    codes = jury_of(world, "lena", state=ReviewState.DECLARED)
    lena, review = world.client("lena"), f"/reviews/{codes['lena1']}"

    first = lena.post(review, data={"version": "1", "impact-mark": "3,5", "impact-mark_comment": "Half"}, headers=JSON)
    assert first.json()["text"] == "Saved 12:00:00"
    again = filled_in(first.json()["version"], mark="")
    second = lena.post(review, data=again, headers=JSON)
    assert second.status_code == 200
    assert second.json()["version"] > first.json()["version"]
    late = lena.post(review, data=filled_in(first.json()["version"], comment="From another tab"), headers=JSON)
    assert (late.status_code, late.json()["url"]) == (409, review)
    page = lena.post(review, data=filled_in(first.json()["version"], comment="From another tab"))
    assert page.status_code == 409
    assert "From another tab" in page.text
    assert "Argued with data." in page.text


def test_a_mark_off_the_scale_and_a_comment_too_long_are_said_where_they_stand(world):
    codes = jury_of(world, "lena", state=ReviewState.DECLARED)
    lena, review = world.client("lena"), f"/reviews/{codes['lena1']}"
    for wrong in ("5.5", "3.3", "-1", "four", "nan", "1e1"):
        answer = lena.post(review, data={**filled_in(1), "impact-mark": wrong})
        assert answer.status_code == 422, wrong
        assert 'href="#impact-mark"' in answer.text
        assert "Argued with data." in answer.text
    answer = lena.post(review, data={**filled_in(1), "plan-mark_comment": "x" * 4001})
    assert answer.status_code == 422
    assert 'href="#plan-mark-comment"' in answer.text


@pytest.mark.abuse(2)
def test_after_submitting_the_own_edit_is_refused(world):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        proposal, juror = proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"])
        codes["lena1"] = make_submitted(w, proposal, juror).code
    answer = world.client("lena").post(f"/reviews/{codes['lena1']}", data=filled_in(1, mark="1"))
    assert answer.status_code == 409
    with world.acting(writing=False) as w:
        assert proposal_of(w, codes["p1"]).reviews_eligible == 1


def test_stepping_aside_leads_back_to_the_queue(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    lena, recuse = world.client("lena"), f"/reviews/{codes['lena1']}/transitions/recuse"
    assert lena.post(recuse, data={"kind": "city"}).status_code == 422
    answer = lena.post(recuse, data={"kind": "city", "explanation": "I was elected there."})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reviews")
    assert "I was elected there." in world.client("jaan").get(f"/rounds/{codes['round']}/conflicts").text


def test_files_open_after_the_question_and_only_those_of_the_version(world):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        files = [
            w.add(
                Attachment(
                    workflow="proposal", subject_code=proposal.code, sha256=letter * 64, size=4, name=f"{letter}.pdf",
                    content_type=ALLOWED["pdf"], at=w.now,
                )
            ).code
            for letter in "ab"
        ]  # fmt: skip
        w.session.get_one(Attachment, 2).removed_at = w.now
        content.keep(w, proposal)
        root = world.settings.files / "aa" / ("a" * 64)
        root.parent.mkdir(parents=True)
        root.write_bytes(b"%PDF")
        code = make_review(w, proposal, juror_of(w, codes["juror_lena"])).code
    lena = world.client("lena")
    assert lena.get(f"/reviews/{code}/files/{files[0]}").status_code == 404
    lena.post(f"/reviews/{code}/declaration", data={"answer": "none"})
    assert lena.get(f"/reviews/{code}/files/{files[0]}").content == b"%PDF"
    assert lena.get(f"/reviews/{code}/files/{files[1]}").status_code == 404
    assert world.client("oskar").get(f"/reviews/{code}/files/{files[0]}").status_code == 404


@pytest.mark.abuse(9)
def test_a_coordinator_builds_the_panel_and_assigns(world):
    codes = jury_of(world, "lena", proposals=2, state=None)
    jaan, base = world.client("jaan"), f"/rounds/{codes['round']}"
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["oskar"].id, organisation_id=PLACES["tartu"].id, seat=Seat.MEMBER))

    assert jaan.post(f"{base}/jurors", data={"name": "Oskar", "email": "not an address"}).status_code == 422
    invited = {"name": "Oskar Olsen", "email": "oskar@example.org", "locale": "en", "load_max": "3"}
    assert jaan.post(f"{base}/jurors", data=invited).status_code == 303
    assert jaan.post(f"{base}/jurors", data=invited).status_code == 422
    with world.acting(writing=False) as w:
        oskar = w.session.exec(select(Juror).where(Juror.person_id == PEOPLE["oskar"].id)).one().code
    pairs = [f"{codes['p1']}:{codes['juror_lena']}", f"{codes['p1']}:{oskar}"]

    answer = jaan.post(f"{base}/assignment", data={"assign": pairs})
    assert answer.status_code == 422
    assert "Oskar Olsen · Proposal 1" in answer.text
    board = jaan.get(f"{base}/assignment").text
    assert "Conflict" in board
    assert f'value="{pairs[1]}"' not in board
    assert jaan.post(f"{base}/assignment", data={"assign": f"{codes['p2']}:{codes['juror_lena']}"}).status_code == 303
    assert jaan.post(f"{base}/assignment", data={"assign": "ZZZZZZZZ:ZZZZZZZZ"}).status_code == 404
    assert jaan.post(f"{base}/assignment", data={}).status_code == 422
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(Review)).all()) == 2


def test_a_coordinator_decides_on_conflicts(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    jaan, base = world.client("jaan"), f"/rounds/{codes['round']}/conflicts"
    with world.acting() as w:
        person = w.session.get_one(Person, PEOPLE["lena"].id).code
        conflict = make_conflict(w, proposal_of(w, codes["p1"]), "kadri", state=ConflictState.DECLARED).code
    given = {"person": person, "proposal": codes["p1"], "kind": "family", "reason": "Her brother leads it."}

    assert jaan.post(base, data={**given, "reason": ""}).status_code == 422
    assert jaan.post(base, data={**given, "person": "ZZZZZZZZ"}).status_code == 422
    assert jaan.post(base, data=given).status_code == 303
    assert jaan.post(base, data=given).status_code == 422
    assert jaan.post(f"{base}/inferred").status_code == 303
    lift = f"/conflicts/{conflict}/transitions/lift"
    assert jaan.post(lift, data={}).status_code == 422
    assert jaan.post(lift, data={"reason": "Long ago."}).headers["location"] == base
    assert "Long ago." in jaan.get(base).text
    with world.acting(writing=False) as w:
        assert review_of(w, codes["lena1"]).state is ReviewState.RECUSED


def test_observers_read_the_pages_of_the_jury_and_change_nothing(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    olev, base = world.client("olev"), f"/rounds/{codes['round']}"
    for name in ("jurors", "assignment", "conflicts", "ranking"):
        answer = olev.get(f"{base}/{name}")
        assert answer.status_code == 200
        assert answer.text.count('method="post"') == 1  # signing out
    for path in ("jurors", "assignment", "conflicts", "conflicts/inferred", "ranking/ties"):
        assert olev.post(f"{base}/{path}", data={}).status_code == 403
    assert olev.post(f"/jurors/{codes['juror_lena']}/departure", data={}).status_code == 403


def test_the_ranking_says_why(world):
    codes = jury_of(world, *PANEL, proposals=3, state=None)
    with world.acting() as w:
        for p, marks in (("p1", (40, 40, 40)), ("p2", (40, 40, 40)), ("p3", (25, 40, 30))):
            for name, mark in zip(PANEL, marks, strict=True):
                make_submitted(w, proposal_of(w, codes[p]), juror_of(w, codes[f"juror_{name}"]), mark)
        make_conflict(w, proposal_of(w, codes["p3"]), "ilse")
    jaan, base = world.client("jaan"), f"/rounds/{codes['round']}/ranking"

    text = jaan.get(base).text
    assert "2 of 3 proposals are over every threshold" in text
    assert "Equal with Proposal 2 in everything the rules ask: the panel decides." in text
    assert "The scores of Ilse Ivask do not count: conflict of interest." in text
    assert "Jurors are far apart on" in text
    places = {f"place-{codes['p1']}": "2", f"place-{codes['p2']}": "1"}
    url = f"{base}/ties?gate=full_proposal"
    assert jaan.post(url, data={**places, f"place-{codes['p1']}": "1", "reason": "So."}).status_code == 422
    assert jaan.post(url, data=places).status_code == 422
    assert jaan.post(url, data={**places, "reason": "More cities follow."}).status_code == 303
    assert "placed by: the panel’s decision" in jaan.get(base).text


def test_queue_and_ranking_ask_as_often_for_three_as_for_one(world):
    codes = jury_of(world, "lena", proposals=1, state=ReviewState.ASSIGNED)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "oskar")  # a list that shows somebody is noted, an empty one not
    asked = []
    for _more in range(2):
        times = []
        for who, path in (
            ("lena", "/reviews"), ("jaan", f"/rounds/{codes['round']}/ranking"),
            ("jaan", f"/rounds/{codes['round']}/assignment"), ("jaan", f"/rounds/{codes['round']}/conflicts"),
        ):  # fmt: skip
            assert world.client(who).get(path).status_code == 200  # connections are open, templates loaded
            with counted(world) as found:
                assert world.client(who).get(path).status_code == 200
            times.append(len(found))
        asked.append(times)
        with world.acting() as w:
            for _number in range(2):
                proposal = make_judged(w, round_of(w, codes["round"]))
                make_submitted(w, proposal, juror_of(w, codes["juror_lena"]))
                make_conflict(w, proposal, "oskar")
    assert asked[0] == asked[1]


@pytest.mark.abuse(3)
def test_each_juror_has_an_order_of_her_own(world):
    codes = jury_of(world, "lena", "oskar", proposals=6)
    for who in ("lena", "oskar"):
        text = world.client(who).get("/reviews").text
        shown = sorted(range(1, 7), key=lambda number: text.index(f">Proposal {number}</a>"))
        own = {number: order_for(codes[f"juror_{who}"], codes[f"{who}{number}"]) for number in range(1, 7)}
        assert shown == sorted(own, key=own.__getitem__)
    reviews = [f"REVIEW{number:02}" for number in range(30)]
    orders = [sorted(reviews, key=lambda code: order_for(juror, code)) for juror in ("JURORAAA", "JURORBBB")]
    assert orders[0] != orders[1] != reviews


def test_a_juror_whose_review_is_opened_again_reads_why_and_what_was_submitted(world):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        code = make_submitted(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), 35).code
    lena, url = world.client("lena"), f"/reviews/{code}"
    assert "Opened again" not in lena.get(url).text
    for who, given in (("jaan", Reopening(reason="Two comments were swapped.")), ("kadri", None)):
        with world.acting(who) as w:
            actions.fire(w, review_of(w, code), "reopen", given)

    page = lena.get(url).text
    for text in ("Opened again", "Two comments were swapped.", "What you submitted before"):
        assert text in page
    assert page.count("Clear, and costed for both cities.") == 2 * len(CRITERIA)  # before, and in the fields
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, code), "submit")
    assert "Opened again" not in lena.get(url).text
