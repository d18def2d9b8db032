"""A mail tells its one reader nothing about who judged, and nothing about who else was told (case 7)."""

from __future__ import annotations

import re

import pytest

from challenge.notifications.actions import tell
from challenge.notifications.delivery import deliver
from challenge.people.models import Person
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from tests import smtp
from tests.cast import PEOPLE
from tests.factories.jury import CRITERIA, FULL, JURY, make_juror
from tests.factories.proposals import get, proposal_in

HEADS = {
    "from", "to", "subject", "date", "message-id", "auto-submitted", "content-language", "mime-version",
    "content-type", "content-transfer-encoding", "x-peer",
}  # fmt: skip


def story(world):
    """A proposal goes to the jury; two jurors are given it, one hands in, one steps aside; two people ask for links."""
    code = proposal_in(world, ProposalState.IN_JURY)
    world.now = JURY
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        jurors = {}
        for name in ("lena", "oskar"):
            person = w.session.get_one(Person, PEOPLE[name].id)
            person.name, person.email = f"CNRY-{name} CNRY", f"cnry-{name}@example.org"
            jurors[name] = make_juror(w, round_, name).code
        address = f"/api/v1/rounds/{round_.code}/assignment"
    reviews = {}
    for name, juror in jurors.items():
        asked = {"proposal": code, "juror": juror, "gate": FULL}
        reviews[name] = world.client("jaan").post(address, json=asked).json()["code"]
    lena, oskar = world.client("lena"), world.client("oskar")
    aside = {"kind": "family", "explanation": "CNRY-reason of oskar"}
    assert oskar.post(f"/api/v1/reviews/{reviews['oskar']}/transitions/recuse", json=aside).status_code == 200
    review = f"/api/v1/reviews/{reviews['lena']}"
    assert lena.post(f"{review}/declaration", json={"answer": "none"}).status_code == 204
    marks = {"marks": {key: {"mark": "4", "comment": "CNRY-comment"} for key in CRITERIA}, "comment": "CNRY"}
    version = lena.get(review).headers["etag"]
    assert lena.patch(review, json=marks, headers={"if-match": version}).status_code == 200
    for name in ("ravi", "mari"):
        world.client().post("/sign-in", data={"email": PEOPLE[name].email})


@pytest.mark.abuse(7)
def test_a_mail_names_its_reader_and_nobody_else(world):
    with smtp.serving() as (url, sink):
        world.settings = world.settings.model_copy(update={"smtp_url": url})
        story(world)
        with world.acting() as w:
            while tell(w, world.settings.public_url):
                pass
        deliver(world.database, world.settings, world.clock)
        mails, taken = sink.mails, list(sink.taken)

    readers = [to for _from, to, _content in taken]
    assert [len(to) for to in readers] == [1] * len(mails)
    assert {"ravi@example.org", "mari@example.org", "cnry-lena@example.org"} <= {to for (to,) in readers}
    assert len(mails) > 10
    assert {sender for sender, _to, _content in taken} == {"no-reply@localhost"}
    assert {str(mail["From"]) for mail in mails} == {"City Challenge <no-reply@localhost>"}
    assert {name.lower() for mail in mails for name in mail} <= HEADS  # no Cc, Reply-To, List-Id, References, Received
    assert [str(mail["To"]) for mail in mails] == [to for (to,) in readers]
    names = [str(mail["Message-ID"]) for mail in mails]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"<[0-9a-f]{32}@127\.0\.0\.1>", name) for name in names)
    for mail, (reader,) in zip(mails, readers, strict=True):
        whole = mail.as_string() + "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
        told = set(re.findall(r"[\w.-]+@example\.org", whole))
        assert told <= {reader}
        assert "cnry" not in whole.lower() or reader.startswith("cnry-")
