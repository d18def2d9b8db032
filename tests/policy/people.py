"""Who is who in the scene, what is kept of it, and what its records share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from challenge.kernel import attachment
from challenge.kernel.comment import Comment
from challenge.kernel.patch import Patch, token_of
from challenge.kernel.work import Work
from tests.cast import PEOPLE
from tests.factories.jury import JURY
from tests.factories.proposals import ANSWERS
from tests.policy.canaries import Aviary

NOW = JURY + timedelta(days=20)
# Who asks. The name of the persona, and who of the cast it is.
PERSONAS = {
    "visitor": "nobody",
    "city": "mari",  # leads the city whose challenges and pilot it is, and which is a partner
    "partner city": "sofia",
    "other city": "katrin",
    "researcher": "ravi",
    "other researcher": "eero",
    "juror": "lena",  # has handed in on the item
    "juror at work": "tiina",  # has a draft on the same item
    "other juror": "oskar",
    "conflicted juror": "ilse",
    "coordinator": "jaan",
    "conflicted coordinator": "niamh",
    "other coordinator": "kadri",
    "judging coordinator": "aoife",  # is on the panel of the round as well
    "observer": "olev",
    "administrator": "anna",
}


@dataclass
class Scene:
    """What was made: the canaries, and codes by noun and by the parameters of addresses."""

    aviary: Aviary = field(default_factory=Aviary)
    codes: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    def code(self, noun: str, record: Any) -> Any:
        self.codes.setdefault(noun, []).append(record.code)
        return record


def put_file(w: Work, world: Any, scene: Scene, workflow: str, record: Any, about: str, kind: str) -> None:
    cx = scene.aviary
    text = f"measured: {cx(kind, 'file', about)}"
    name = f"{cx(kind, 'attachment.name', about)}.txt"
    stored = attachment.store(world.settings.files, text.encode(), name)
    scene.files[record.code] = [attachment.attach(w, workflow, record, stored).code]


def texts(scene: Scene, kind: str, about: str) -> dict[str, Any]:
    cx = scene.aviary
    title = cx("proposal_face" if kind == "proposal" else kind, "proposal.title", about)
    summary = cx(kind, "proposal.summary", about)
    return {
        "title": title, "summary": summary,
        "answers": {**ANSWERS, "title": title, "summary": summary, "method": cx(kind, "proposal.answers", about)},
    }  # fmt: skip


def written(w: Work, scene: Scene, workflow: str, record: Any, about: str, kind: str, by: str) -> None:
    """An earlier text of its summary, a comment on it and another text suggested for it."""
    cx, where = scene.aviary, {"workflow": workflow, "subject_code": record.code, "question": "summary"}
    now = token_of(record.answers["summary"])
    w.add(
        Patch(
            **where, number=1, by_id=PEOPLE[by].id, at=w.now, base="", token=now, put=cx(kind, "patch.put", about),
        )
    )  # fmt: skip
    w.add(
        Comment(
            **where, by_id=PEOPLE[by].id, text=cx(kind, "comment.text", about),
            proposed=cx(kind, "comment.proposed", about), base=now,
        )
    )  # fmt: skip
