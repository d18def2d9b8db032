"""The schema of all packages, made and brought up to date."""

from __future__ import annotations

import importlib

from challenge.kernel.database import Database
from challenge.kernel.record import metadata

MODELS = (
    "challenge.kernel.approval",
    "challenge.kernel.attachment",
    "challenge.kernel.comment",
    "challenge.kernel.editing",
    "challenge.kernel.freeze",
    "challenge.kernel.idempotency",
    "challenge.kernel.journal",
    "challenge.kernel.letter",
    "challenge.kernel.limits",
    "challenge.kernel.looking",
    "challenge.kernel.patch",
    "challenge.kernel.receipt",
    "challenge.kernel.revision",
    "challenge.kernel.sight",
    "challenge.people.models",
    "challenge.people.oidc.models",
    "challenge.people.standing.models",
    "challenge.cities.models",
    "challenge.rounds.models",
    "challenge.submissions.models",
    "challenge.proposals.models",
    "challenge.partners.models",
    "challenge.events.models",
    "challenge.jury.models",
    "challenge.jury.blind.models",
    "challenge.jury.common.models",
    "challenge.jury.consensus.models",
    "challenge.selection.models",
    "challenge.pilots.models",
    "challenge.pilots.log.models",
    "challenge.pilots.money.models",
    "challenge.pilots.past.models",
    "challenge.pilots.results.models",
    "challenge.pilots.tracking.models",
    "challenge.notifications.models",
    "challenge.privacy.models",
    "challenge.jobs.models",
)


def load_models() -> None:
    """Import every module that declares tables or triggers."""
    for name in MODELS:
        importlib.import_module(name)


def create_schema(database: Database) -> None:
    """Make every table and trigger in an empty database."""
    load_models()
    with database.engine.execution_options(writing=True).begin() as connection:
        metadata.create_all(connection)
