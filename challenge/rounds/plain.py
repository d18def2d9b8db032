"""The rules of a round in plain words, with a mark where a default is ours and not a rule of FinEst."""

from __future__ import annotations

from dataclasses import dataclass, field

from challenge.kernel.i18n import Text, _, _n
from challenge.people.states import KINDS
from challenge.rounds.pieces import Criterion
from challenge.rounds.schemas import RoundDocument, Rules
from challenge.rounds.states import BLINDS, GATES, JUDGES, Gate, Judge, Owed, Pairing
from challenge.rounds.wording import RANKING_WORDS, default_at, field_at, ladder_word, source_of
from challenge.rounds.words import Country, Figure, Listed


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence; ``ours`` where it holds only because this service proposes it."""

    text: Text
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences that belong together, with the criteria where there are any."""

    key: str
    title: Text
    lines: list[Line]
    criteria: list[Criterion] = field(default_factory=list)
    criteria_ours: bool = False


def pairing_sentence(rules: Rules) -> Text:
    """The pairing rule as one sentence."""
    country = Country(rules.home_country)
    if rules.pairing is Pairing.MANDATORY:
        return _(
            "A pilot needs at least %(number)s cities, among them one of %(country)s and one of another country.",
            number=max(rules.min_cities, 2),
            country=country,
        )
    if rules.pairing is Pairing.OPTIONAL:
        return _n(
            "A pilot needs at least one city of %(country)s. A city of another country is advised.",
            "A pilot needs at least %(n)s cities, among them one of %(country)s. A city of another country is advised.",
            rules.min_cities, country=country,
        )  # fmt: skip
    return _n(
        "A pilot needs at least one city, of any country.",
        "A pilot needs at least %(n)s cities, of any country.",
        rules.min_cities,
    )


def sections(document: RoundDocument) -> list[Section]:
    """Every rule, in the order a reader meets it."""
    rules = document.rules
    return [
        _cities(rules),
        *(_gate(rules, gate) for gate in Gate if gate in rules.open_gates),
        _decision(rules),
        _afterwards(rules),
        _data(rules),
    ]


def _said(rules: Rules, path: str, text: Text) -> Line:
    """The sentence for one rule, marked where its default is ours and nobody has changed it."""
    source = source_of(field_at(f"rules.{path}"))
    value: object = rules
    for name in path.split("."):
        value = value[Gate(name)] if isinstance(value, dict) else getattr(value, name)
    return Line(text, ours=source is not None and source.ours and value == default_at(f"rules.{path}"))


def _cities(rules: Rules) -> Section:
    kinds = {
        name: Listed(tuple(KINDS[kind] for kind in KINDS if kind in getattr(rules, name)), lower=True)
        for name in ("submitter_kinds", "city_kinds")
    }
    lines = [
        _said(rules, "submitter_kinds", _("Challenges are submitted by: %(kinds)s.", kinds=kinds["submitter_kinds"])),
        _said(
            rules, "submissions_per_city",
            _n("A city submits one challenge.", "A city submits at most %(n)s challenges.", rules.submissions_per_city),
        ),
        _said(
            rules, "interests_per_city",
            _n(
                "A city shows interest in one challenge of another city.",
                "A city shows interest in at most %(n)s challenges of other cities.",
                rules.interests_per_city,
            ),
        ),
        _said(rules, "pairing", pairing_sentence(rules)),
        _said(rules, "city_kinds", _("As a city of a pilot counts: %(kinds)s. Followers do not count.",
                                     kinds=kinds["city_kinds"])),
    ]  # fmt: skip
    if rules.pilots_per_city:
        text = _n("A city takes part in one pilot of the round.",
                  "A city takes part in at most %(n)s pilots of the round.", rules.pilots_per_city)  # fmt: skip
        lines.append(_said(rules, "pilots_per_city", text))
    return Section("cities", _("Cities"), lines)


def _gate(rules: Rules, gate: Gate) -> Section:
    here, path = rules.gates[gate], f"gates.{gate}"
    judges = Listed(tuple(JUDGES[judge] for judge in Judge if judge in here.judges), lower=True)
    lines = [_said(rules, f"{path}.judges", _("Judged by: %(judges)s.", judges=judges))]
    if Judge.CITIES in here.judges:
        lines.append(Line(_("What cities say advises; it does not decide."), ours=True))
    if Judge.JURORS in here.judges:
        count = _n("One juror reviews each proposal.", "%(n)s jurors review each proposal.", here.reviews)
        lines += [
            _said(rules, f"{path}.reviews", count),
            _said(rules, f"{path}.blind", _("%(who)s.", who=BLINDS[here.blind])),
            _said(rules, f"{path}.total_threshold", _threshold(rules, gate)),
        ]
    if here.owed is not Owed.NOTHING:
        lines.append(_said(rules, f"{path}.owed", OWED_SENTENCES[here.owed]))
    criteria = here.criteria if Judge.JURORS in here.judges else []
    ours = criteria == default_at(f"rules.{path}.criteria")
    return Section(str(gate), GATES[gate], lines, list(criteria), criteria_ours=ours)


OWED_SENTENCES = {
    Owed.SIGN_OFF: _("Before it is submitted, each city in the lead or pilot role signs the proposal off as it is."),
    Owed.FORMAL_DECISION: _("Before it is submitted, each city in the lead or pilot role decides formally."),
}


FROM_ELSEWHERE = _("Jurors do not judge proposals with a partner city or an organisation of their own country either.")


def _threshold(rules: Rules, gate: Gate) -> Text:
    criteria = rules.gates[gate].criteria
    return _(
        "Marks go from 0 to %(maximum)s in steps of %(step)s. A proposal needs %(floor)s of %(all)s points in all, and"
        " the threshold of each criterion. Weights order the ranking only.",
        maximum=Figure(rules.scale.maximum), step=Figure(rules.scale.step), floor=Figure(rules.total_floor(gate)),
        all=Figure(rules.scale.maximum * len(criteria)),
    )  # fmt: skip


def _decision(rules: Rules) -> Section:
    ladder = Listed(tuple(ladder_word(word, rules) for word in rules.tie_ladder), lower=True)
    lines = [
        _said(rules, "ranking", _("What ranks: %(score)s.", score=Listed((RANKING_WORDS[rules.ranking],), lower=True))),
        _said(rules, "spread_alert", _(
            "Where two jurors are %(marks)s or more apart on a criterion, the panel writes down what it agreed.",
            marks=Figure(rules.spread_alert),
        )),
    ]  # fmt: skip
    if rules.tie_ladder:
        text = _("Between equals decide, in this order: %(ladder)s. The time of submission never does.", ladder=ladder)
        lines.append(_said(rules, "tie_ladder", text))
    lines += [
        _said(rules, "conflict_years", _n(
            "Jurors do not judge their own organisation, city, team or family, nor people they have"
            " published or worked with in the last year.",
            "Jurors do not judge their own organisation, city, team or family, nor people they have"
            " published or worked with in the last %(n)s years.",
            rules.conflict_years,
        )),
        *([_said(rules, "jurors_from_elsewhere", FROM_ELSEWHERE)] if rules.jurors_from_elsewhere else ()),
        _said(rules, "grace_seconds", _n(
            "What arrives within one second after a deadline is accepted and marked.",
            "What arrives within %(n)s seconds after a deadline is accepted and marked.",
            rules.grace_seconds,
        ) if rules.grace_seconds else _("Deadlines have no grace.")),
    ]  # fmt: skip
    return Section("decision", _("How it is decided"), lines)


def _afterwards(rules: Rules) -> Section:
    lines = []
    if rules.reaction_days:
        text = _n("Applicants may correct facts in the reviews for one day.",
                  "Applicants may correct facts in the reviews for %(n)s days.", rules.reaction_days)  # fmt: skip
        pages = _n("This reaction has at most one page.", "This reaction has at most %(n)s pages.",
                   rules.reaction_pages)  # fmt: skip
        lines += [_said(rules, "reaction_days", text), _said(rules, "reaction_pages", pages)]
    if rules.appeal_days:
        text = _n("An appeal on the procedure is possible for one day after the announcement.",
                  "An appeal on the procedure is possible for %(n)s days after the announcement.",
                  rules.appeal_days)  # fmt: skip
        lines.append(_said(rules, "appeal_days", text))
    text = _n("An offer is held for one day.", "An offer is held for %(n)s days.", rules.offer_days)
    lines.append(_said(rules, "offer_days", text))
    if rules.decision_before_agreement:
        text = _("Each member city decides formally before the pilot is agreed.")
        lines.append(_said(rules, "decision_before_agreement", text))
    text = _n("When a city leaves a pilot, another one must be found within one day.",
              "When a city leaves a pilot, another one must be found within %(n)s days.", rules.cure_days)  # fmt: skip
    lines.append(_said(rules, "cure_days", text))
    text = _("In a pilot one coordinator may move %(percent)s %% of a budget line; more needs two.",
             percent=rules.transfer_percent)  # fmt: skip
    lines.append(_said(rules, "transfer_percent", text))
    return Section("afterwards", _("After the decision"), lines)


def _data(rules: Rules) -> Section:
    kept = rules.retention_years
    text = _(
        "Drafts are kept for %(drafts)s, what was declined for %(declined)s, what was funded for %(funded)s.",
        drafts=_years(kept.drafts), declined=_years(kept.declined), funded=_years(kept.funded),
    )  # fmt: skip
    return Section("data", _("How long data is kept"), [_said(rules, "retention_years.funded", text)])


def _years(number: int) -> Text:
    return _n("one year", "%(n)s years", number)
