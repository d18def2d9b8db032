"""The real rounds, challenges and pilots of FinEst, as far as they are known; unknown stays unknown."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots import actions as pilots
from challenge.pilots.schemas import ImportedCity, ImportedPilot
from challenge.pilots.states import PilotState
from challenge.rounds import actions as rounds
from challenge.rounds.models import Round
from challenge.rounds.schemas import RoundDocument, Rules, SizeClass, Theme, WindowIn
from challenge.rounds.states import Bound, CityRole, Pairing, RoundState, WindowName
from challenge.submissions import actions as submissions
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

DATA = Path(__file__).parent / "data" / "finest.json"
ZONE = "Europe/Tallinn"
COUNTRIES = {"Estonia": "EE", "Finland": "FI", "Ireland": "IE", "Spain": "ES", "Poland": "PL"}
STATES = {"finished": PilotState.COMPLETED, "running (as of the announcement)": PilotState.RUNNING}
ALONE = re.compile(r"^mandatory")


def load(w: Work) -> None:
    """Import every round with its challenges and pilots. As the system; each row has its journal step."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    made: dict[str, Round] = {}
    codes: dict[str, str] = {}
    for entry in data["rounds"]:
        made[entry["id"]] = _round(w, entry, data)
    for entry in data["challenges"]:
        codes[entry["id"]] = _challenge(w, made[entry["round"]], entry, data).code
    for entry in data["pilots"]:
        _pilot(w, made[entry["round"]], entry, codes)


def _round(w: Work, entry: dict[str, Any], data: dict[str, Any]) -> Round:
    mandatory = bool(ALONE.match(entry.get("foreign_city_rule") or ""))
    own = [row for kind in ("challenges", "pilots") for row in data[kind] if row["round"] == entry["id"]]
    names = dict.fromkeys([*entry.get("challenges_by_theme", {}), *entry.get("ideas_by_theme", {}),
                           *(row["theme"] for row in own if row["theme"])])  # fmt: skip
    rules = Rules(
        pairing=Pairing.MANDATORY if mandatory else Pairing.OPTIONAL,
        min_cities=2 if mandatory else 1,
        themes=[Theme(key=key_of(name), title=name) for name in names],
        size_classes=[_size(kind) for kind in entry.get("pilot_types", [])],
        submissions_per_city=entry.get("max_challenges_per_city") or 3,
        interests_per_city=entry.get("max_interest") or 5,
    )
    document = RoundDocument(
        title=entry["name"], zone=ZONE, rules=rules, windows=list(_windows(entry.get("steps", []))),
        budget_cents=None,
    )  # fmt: skip
    return rounds.import_past(w, document, {k: v for k, v in entry.items() if k != "id"}, state=RoundState.ARCHIVED)


def _size(kind: dict[str, Any]) -> SizeClass:
    return SizeClass(
        key=key_of(kind["type"]), title=kind["type"].capitalize(), months=kind["duration_months"],
        budget_cents=kind["budget_eur_approx"] * 100, planned=kind["planned"], bound=Bound.APPROXIMATE,
    )  # fmt: skip


def _windows(steps: Iterable[dict[str, Any]]) -> Iterable[WindowIn]:
    """Only periods whose two days are known become windows."""
    for step in steps:
        if step["name"].startswith("Cities show interest"):
            first, last = date.fromisoformat(step["start"]), date.fromisoformat(step["end"])
            yield WindowIn(
                name=WindowName.INTERESTS,
                opens_at=datetime.combine(first, time(0, 0), ZoneInfo(ZONE)),
                closes_at=datetime.combine(last, time(23, 59), ZoneInfo(ZONE)),
            )


def _challenge(w: Work, round_: Round, entry: dict[str, Any], data: dict[str, Any]) -> Submission:
    solved = any(entry["id"] in pilot.get("solves_challenges", []) for pilot in data["pilots"])
    title = entry["title"] or f"{entry['theme']} (its title is not known)"
    answers = {"summary": entry["description"], "problem": entry["description"]} if entry["description"] else {}
    names = entry.get("municipalities") or (entry["city"].split("; ") if entry["city"] else [])
    return submissions.import_past(
        w, round_, title=title, themes=[key_of(entry["theme"])] if entry["theme"] else [],
        answers={key: text for key, text in answers.items() if text}, sources=[entry["source"]],
        cities=[_city(w, name, COUNTRIES[entry["country"]]) for name in names],
        state=SubmissionState.PILOTED if solved else SubmissionState.ACCEPTED,
    )  # fmt: skip


def _pilot(w: Work, round_: Round, entry: dict[str, Any], challenges: dict[str, str]) -> None:
    home = [(name, "EE") for name in entry["estonian_cities"]]
    abroad = [(row["city"], COUNTRIES[row["country"]]) for row in entry["foreign_cities"]]
    cities = [
        ImportedCity(city=_city(w, name, country).code, role=CityRole.LEAD if place == 0 else CityRole.PILOT)
        for place, (name, country) in enumerate([*home, *abroad])
    ]
    known = {"id", "round", "title", "full_title", "sources", "estonian_cities", "foreign_cities", "solves_challenges"}
    pilots.import_pilot(
        w,
        round_,
        ImportedPilot(
            title=entry["title"],
            full_title=entry["full_title"],
            state=STATES[entry["status"]],
            themes=[key_of(entry["theme"])],
            cities=cities,
            challenges=[challenges[code] for code in entry.get("solves_challenges", [])],
            budget_cents=entry["budget_eur"] * 100 if entry["budget_eur"] is not None else None,
            months=entry["duration_months"],
            sources=entry["sources"],
            facts={key: value for key, value in entry.items() if key not in known},
        ),
    )


def _city(w: Work, name: str, country: str) -> Organisation:
    """The municipality of this name; the data set must have it."""
    rows = select(Organisation).where(Organisation.country == country)
    exact = w.session.exec(rows.where(col(Organisation.name) == name)).all()
    if len(exact) != 1:
        raise LookupError(f"{name} ({country}): {len(exact)} municipalities of this name")
    return exact[0]


def key_of(name: str) -> str:
    """A theme's key: plain letters, digits, underscores."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:32]
