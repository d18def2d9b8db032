"""Double-blind: whoever judges reads no name anywhere, whatever address they ask for; others read them all."""

import re
from dataclasses import dataclass, field
from html import unescape
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select

from challenge.jury.blind import actions
from challenge.jury.consensus.models import Minutes
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.states import ReviewState
from challenge.kernel import attachment
from challenge.kernel.letter import Letter
from challenge.notifications.actions import tell
from challenge.rounds.states import Blind
from challenge.settings import Settings
from tests import running
from tests.cast import PEOPLE
from tests.conftest import BOTH, fresh_database
from tests.factories.blind import GUEST, LEAD, NAMES, SENTENCE, blind_round, confirmed, named_in
from tests.factories.consensus import make_consensus, make_reaction
from tests.factories.files import pdf
from tests.factories.jury import FULL, make_juror, make_review, make_submitted, proposal_of, round_of
from tests.policy.crawl import LINK, Asker, addresses, every_route
from tests.policy.people import Scene
from tests.world import World

ABOUT = re.compile(r"/(reviews|proposals|rounds|consensus|jurors|home|inbox|account)")
URL = "http://127.0.0.1:8000"


@dataclass
class Read:
    """What somebody was shown: where names stand, and how many pages there were."""

    named: dict[str, set[str]] = field(default_factory=dict)
    shown: int = 0

    @property
    def names(self):
        return set().union(*self.named.values())


@dataclass
class Seen:
    """What was read in a world at work, and what its juror was written."""

    read: dict[str, Read]
    mails: list[str]


def at_work(world, blind):
    """Four proposals: asked about, being read, discussed with a consensus to answer, opened again with a reason."""
    codes = blind_round(world, blind, proposals=4, files=True)
    if blind is Blind.DOUBLE_BLIND:
        confirmed(world, *(codes[f"p{at}"] for at in range(1, 5)))
    with world.acting("jaan") as w:
        if blind is Blind.DOUBLE_BLIND:
            file = attachment.of(w, "proposal", codes["p4"])[0]
            clean = attachment.store(world.settings.files, pdf(LEAD), file.name, anonymous=True)
            actions.put_file(w, proposal_of(w, codes["p4"]), file.sha256, clean)
            actions.confirm(w, proposal_of(w, codes["p4"]), None)
    with world.acting() as w:
        round_ = round_of(w, codes["round"])
        jurors = {name: make_juror(w, round_, name) for name in ("lena", "oskar", "ilse")}
        works = [proposal_of(w, codes[f"p{at}"]) for at in range(1, 5)]
        lena = jurors["lena"]
        codes["asked"] = make_review(w, works[0], lena).code
        codes["reading"] = make_review(w, works[3], lena, state=ReviewState.DRAFT).code
        for juror in jurors.values():
            codes["done"] = make_submitted(w, works[2], juror, 30).code
        consensus = make_consensus(w, works[2], "oskar", state=ConsensusState.PROPOSED)
        w.note("consensus", consensus, "propose")
        codes["consensus"] = consensus.code
        make_reaction(w, works[2], text=SENTENCE)
        w.add(Minutes(round_id=round_.id, round_code=round_.code, proposal_id=works[2].id, gate=FULL, text=SENTENCE,
                      saved_at=w.now, saved_by_id=PEOPLE["jaan"].id))  # fmt: skip
        again = make_submitted(w, works[1], lena, 30)
        again.state = ReviewState.REOPENED
        put = {"reason": SENTENCE}
        w.step("review", again.code, "reopen", old="submitted", new="reopened", scope=round_.code, given=put)
        w.step("discussion", works[2].code, "open_discussion", old=None, new=None, scope=round_.code,
               given={"gate": FULL})  # fmt: skip
        codes["again"], codes["juror"] = again.code, lena.code
        codes |= {f"file{at}": file.code for at, file in enumerate(attachment.of(w, "proposal", works[3].code), 1)}
    return codes


def scene_of(codes):
    scene = Scene()
    scene.codes = {
        "rounds": [codes["round"]], "proposals": [codes[f"p{at}"] for at in (3, 4, 1, 2)],
        "reviews": [codes[name] for name in ("asked", "reading", "again", "done")], "jurors": [codes["juror"]],
        "consensus": [codes["consensus"]], "partners": ["ZZZZZZZZ"],
    }  # fmt: skip
    files = [codes["file1"], codes["file2"]]
    scene.files = dict.fromkeys(scene.codes["reviews"] + scene.codes["proposals"], files)
    return scene


async def walk(asker, wanted, *, follow):
    """Every address, then every link of what is shown."""
    read, waiting, known = Read(), list(wanted), set(wanted)
    while waiting:
        address = waiting.pop()
        answer = await asker.get(address, in_words=False)
        assert answer.status < 500, address
        read.shown += answer.status == 200
        if found := named_in(answer.body + answer.head):
            read.named[address] = found
        for link in map(unescape, LINK.findall(answer.body)) if follow else ():
            if link not in known and ABOUT.match(link):
                known.add(link)
                waiting.append(link)
    return read


@pytest.fixture(scope="module", params=BOTH)
def seen(request, tmp_path_factory):
    found = {}
    for blind in (Blind.DOUBLE_BLIND, Blind.JURORS_HIDDEN):
        folder = tmp_path_factory.mktemp("blind")
        with fresh_database(request.param, request, folder) as database:
            world = World(database, _settings(folder))
            codes = at_work(world, blind)
            with world.acting() as w:
                while tell(w, URL):
                    pass
            routes = sorted({path for method, path in every_route() if method == "GET"})
            wanted = [address for _path, address in addresses(scene_of(codes), routes)]
            names = ("lena", "jaan") if blind is Blind.DOUBLE_BLIND else ("lena",)
            read = {
                name: running.run(
                    walk(
                        Asker(world.app, world.client(name).token),
                        wanted if (name, blind) == ("lena", Blind.DOUBLE_BLIND) else _short(codes),
                        follow=(name, blind) == ("lena", Blind.DOUBLE_BLIND),
                    )
                )
                for name in names
            }
            with world.acting(writing=False) as w:
                letters = w.session.exec(select(Letter).where(Letter.person_id == PEOPLE["lena"].id))
                mails = [f"{one.subject} {one.text} {one.html}" for one in letters]
            found[blind] = Seen(read, mails)
    return found


def _short(codes):
    """Where names stand for whoever may read them."""
    reviews = [f"/reviews/{codes[name]}" for name in ("asked", "reading", "done", "again")]
    panel = [f"/proposals/{codes['p3']}/discussion", f"/consensus/{codes['consensus']}", f"/proposals/{codes['p3']}"]
    return [*reviews, *panel, f"/rounds/{codes['round']}/meeting"]


def _settings(folder):
    return Settings(secret_key="a secret for the tests only, long enough", files=folder / "files", public_url=URL)


@pytest.mark.abuse(1, 10)
def test_a_juror_reads_no_name_on_any_page_and_in_no_answer_of_the_api(seen):
    read = seen[Blind.DOUBLE_BLIND].read["lena"]
    assert read.named == {}
    assert read.shown > 40


def test_the_same_walk_finds_every_name_where_jurors_may_know_them(seen):
    assert seen[Blind.JURORS_HIDDEN].read["lena"].names == set(NAMES)


def test_the_coordinator_reads_every_name(seen):
    assert seen[Blind.DOUBLE_BLIND].read["jaan"].names == set(NAMES)


def test_no_mail_to_a_juror_names_anybody(seen):
    for blind, names in ((Blind.DOUBLE_BLIND, set()), (Blind.JURORS_HIDDEN, set(NAMES))):
        assert len(seen[blind].mails) >= 3
        assert named_in(" ".join(seen[blind].mails)) == names


def test_a_file_needs_one_without_names_and_the_question_of_conflicts_names_cities_only(world):
    codes = at_work(world, Blind.DOUBLE_BLIND)
    lena, review = world.client("lena"), f"/reviews/{codes['reading']}"
    page = lena.get(review).text
    shown = [part.split('"')[0] for part in page.split(f"{review}/files/")[1:]]
    assert len(shown) == 1
    assert "document-" in page
    answer = lena.get(f"{review}/files/{shown[0]}")
    assert (answer.status_code, PdfReader(BytesIO(answer.content)).metadata) == (200, None)
    assert b"Lindvere" not in answer.content
    assert "Lindvere" not in answer.headers["content-disposition"]
    for code in (codes["file1"], codes["file2"]):
        assert lena.get(f"{review}/files/{code}").status_code == 404
        assert world.client("jaan").get(f"/proposals/{codes['p4']}/files/{code}").status_code == 200

    question = lena.get(f"/reviews/{codes['asked']}").text
    assert "Helsinki" in question
    assert "without names" in question
    assert GUEST not in question
