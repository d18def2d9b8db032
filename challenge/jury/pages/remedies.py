"""What stands in the way where an assignment cannot be done, and what helps: whose load, whom to invite, which rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from challenge.cities.words import language_label
from challenge.jury.queries import Member, Shown
from challenge.kernel.i18n import Text, _, _n
from challenge.rounds.queries import rules_of
from challenge.rounds.words import Listed
from challenge.submissions.rules import theme_title

if TYPE_CHECKING:
    from challenge.rounds.models import Round

NAMED = 3  # jurors whose load is worked out; any one of them is enough


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way out, with what it means here; ``url`` leads to where it is done."""

    text: Text
    url: str
    details: tuple[Text, ...] = ()


def why(found: Shown) -> Text:
    """What stands in the way, and how many reviews are lacking."""
    cause, short = found.suggestion.result["cause"], found.suggestion.result["short"]
    if cause == "load_min":
        return _n(
            "It cannot be done: the fewest reviews set for these jurors are one more than these proposals need.",
            "It cannot be done: the fewest reviews set for these jurors are %(n)s more than these proposals need.",
            short,
        )
    if cause == "demand":
        return _n(
            "It cannot be done: one review more is needed than these jurors may take.",
            "It cannot be done: %(n)s reviews more are needed than these jurors may take.",
            short,
        )
    if cause == "rules":
        return _("It cannot be done: these proposals, these jurors and what you asked for cannot be had together.")
    if cause == "fixed":
        return _("It cannot be done: more reviews have begun here than there is room for.")
    return _("Nothing was found in a minute: what you asked for is hard to have together.")


def asked_for(found: Shown, round_: Round) -> list[Text]:
    """The rules of the suggestion that are in the way."""
    inputs, rules = found.suggestion.inputs, rules_of(round_)
    said = [
        _("%(juror)s: at most %(most)s reviews of %(theme)s", juror=member.name, most=inputs["per_theme"],
          theme=theme_title(rules, theme))
        for member, theme in found.quotas
    ]  # fmt: skip
    if found.suggestion.result["same_panel"]:
        text = _n("The very same jurors for at most one proposal", "The very same jurors for at most %(n)s proposals",
                  inputs["same_panel"])  # fmt: skip
        said.append(text)
    return said


def remedies(found: Shown, round_: Round) -> Iterator[Remedy]:
    """What helps, the mildest first; each is enough for what is named here, and then one asks again."""
    result, (proposals, jurors) = found.suggestion.result, found.stuck
    cause, short = result["cause"], result["short"]
    board = f"/rounds/{round_.code}/assignment?gate={found.suggestion.gate}"
    if cause in ("rules", "time"):
        yield Remedy(_("Ask again with higher numbers under “More rules for this suggestion”, or none."), board)
    if cause == "load_min":
        yield Remedy(
            _("Lower the fewest reviews of one of these jurors."), f"/rounds/{round_.code}/jurors",
            tuple(_lowered(member, short) for member in jurors[:NAMED]),
        )  # fmt: skip
    if cause == "demand" and jurors:
        yield Remedy(
            _("Let one of these jurors read more."), f"/rounds/{round_.code}/jurors",
            tuple(_raised(found, member, short) for member in jurors[:NAMED]),
        )  # fmt: skip
    if cause == "demand" or (cause == "rules" and short):
        yield _invited(found, round_, short, len(proposals))
        url = f"/rounds/{round_.code}/conflicts"
        yield Remedy(_("Look at the conflicts of interest: one that was only inferred may be lifted."), url)
    if cause in ("demand", "load_min"):
        fewer = _("Ask for fewer reviews of each proposal: that is a rule of the round, and two people change it.")
        more = _("Ask for more reviews of each proposal: that is a rule of the round, and two people change it.")
        yield Remedy(fewer if cause == "demand" else more, f"/rounds/{round_.code}")
    if cause == "fixed":
        yield Remedy(_("Go on by hand on the board."), board)


def _raised(found: Shown, member: Member, short: int) -> Text:
    load, most = member.load.get(found.suggestion.gate, 0), member.juror.load_max
    return _("%(juror)s: at most %(new)s instead of %(old)s", juror=member.name, old=most, new=max(load, most) + short)


def _lowered(member: Member, short: int) -> Text:
    least = member.juror.load_min
    return _("%(juror)s: at least %(new)s instead of %(old)s", juror=member.name, old=least, new=max(least - short, 0))


def _invited(found: Shown, round_: Round, short: int, proposals: int) -> Remedy:
    """How many at least: one person reads a proposal once."""
    rules, wanted = rules_of(round_), found.suggestion.result["wanted"]
    people = -(-short // max(proposals, 1))
    details = []
    if people == 1:
        text = _n("Invite a juror who takes one of these reviews and has no conflict of interest here.",
                  "Invite a juror who takes %(n)s of these reviews and has no conflict of interest here.",
                  short)  # fmt: skip
    else:
        text = _("Invite at least %(people)s jurors without a conflict of interest here, who take %(reviews)s of these"
                 " reviews together.", people=people, reviews=short)  # fmt: skip
    if wanted["themes"]:
        themes = tuple(theme_title(rules, theme) for theme in wanted["themes"])
        details.append(_("Who knows: %(themes)s", themes=Listed(themes)))
    if wanted["languages"]:
        languages = tuple(language_label(code) for code in wanted["languages"])
        details.append(_("Who reads: %(languages)s", languages=Listed(languages)))
    if rules.jurors_from_elsewhere:
        details.append(_("From a country that no partner city and no organisation of these proposals is in."))
    return Remedy(text, f"/rounds/{round_.code}/jurors", tuple(details))
