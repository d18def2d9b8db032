"""What people say of an answer, and what becomes of it: the same acts for the page and for the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from challenge.http import mentions, saving, together
from challenge.http.conflicts import WRITTEN, said
from challenge.http.forms import FieldView
from challenge.kernel import comment
from challenge.kernel.ask import Ask
from challenge.kernel.comment import MOST_PROPOSED, MOST_TEXT, Comment
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import N_, _
from challenge.kernel.patch import Origin, token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

CHANGED = Problem("changed", _("The text changed in the meantime. Look at what differs now, then choose."))
NOTHING = _("Write a comment, or change the text you suggest")


class Changed(Refused):
    """Another text stands there than the one somebody looked at."""


class Remark(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: Annotated[str, Field(max_length=MOST_TEXT, title=N_("Comment")), Ask("textarea", rows=4)] = ""
    proposed: Annotated[
        str,
        Field(max_length=MOST_PROPOSED, title=N_("The text you suggest"),
              description=N_("Change what stands there. Somebody who may write takes it over, or not.")),
        Ask("textarea", rows=8),
    ] = ""  # fmt: skip
    tell: Annotated[
        list[str],
        Field(max_length=60, title=N_("Who hears of it"),
              description=N_("They get a mail. Or write @ and the name in the comment.")),
        Ask("checkboxes"),
    ] = []  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the answer that stands."""

    field: FieldView
    text: str
    token: str
    can_write: bool

    @property
    def is_text(self) -> bool:
        """Whether another text can be suggested."""
        return self.field.widget in WRITTEN


def answer_of(drafts: Drafts, w: Work, code: str, question: str) -> tuple[Any, Answer]:
    """The record and its question, for whoever works on it. Raises Missing, Forbidden."""
    record = drafts.acts.find(w, code)
    together.demand(drafts, w, record)
    form = drafts.form(w, record)
    if question not in form.model.model_fields:
        raise Missing
    field = form.field(question)
    return record, Answer(field, said(field), token_of(record.answers.get(question)), can_write(drafts, w, record))


def can_write(drafts: Drafts, w: Work, record: Any) -> bool:
    """Whether the actor may change the answers now."""
    try:
        drafts.editable(w, record.code)
    except (Refused, Forbidden):
        return False
    return True


def say(drafts: Drafts, w: Work, record: Any, answer: Answer, given: Remark, base: str, *, suggests: bool) -> Comment:
    """A comment, or another text for the one ``base`` names; whoever is named hears of it. Raises Invalid."""
    suggests = suggests and answer.is_text and token_of(given.proposed) != base
    if not given.text and not suggests:
        raise Invalid(Problem("nothing_said", NOTHING, {"text": NOTHING}))
    made = comment.add(
        w, drafts.workflow, record, answer.field.name, text=given.text,
        proposed=given.proposed if suggests else None, base=base,
    )  # fmt: skip
    mentions.tell(drafts, w, record, answer.field, given.text, given.tell)
    return made


def settle(drafts: Drafts, w: Work, record: Any, answer: Answer, code: str, act: str, base: str) -> Comment:
    """Resolve a comment, open it again, or take its text over. Raises Missing, Refused, Forbidden, Changed."""
    saving.lock(w, record)
    found = comment.one(w, drafts.workflow, record, answer.field.name, code)
    match act:
        case "reopen":
            comment.reopen(w, found)
        case "resolve":
            comment.close(w, found)
        case "accept":
            drafts.editable(w, record.code)
            if found.proposed is None:
                raise Missing
            if base != token_of(record.answers.get(answer.field.name)):
                raise Changed(CHANGED)
            comment.close(w, found, accepted=True)
            drafts.revise(w, record, {answer.field.name: found.proposed}, Origin(suggested_by_id=found.by_id))
        case _:
            raise Missing
    return found
