"""What the framework can do at best on this machine: ``python -m benchmarks.bare PORT``.

The same server, driver, threads and database settings, and nothing else: no person, no permission, no language, no
layout. ``/list`` reads the fifty rows of the list page with Core and renders them with Jinja2; ``/reviews/{code}``
keeps a comment with the ORM.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
import uvicorn
from fastapi import FastAPI, Request
from jinja2 import Environment
from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col
from starlette.responses import HTMLResponse

from challenge.app import THREADS
from challenge.cli import protocol
from challenge.jury.models import Review
from challenge.kernel import schema
from challenge.kernel.database import Database
from challenge.people.models import Organisation
from challenge.proposals.models import PartnerCity, Proposal
from challenge.rounds.models import Round
from challenge.settings import Settings

PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Proposals</title></head><body><table><thead><tr>"
    "<th>Proposal</th><th>Partner cities</th><th>Lead organisation</th><th>Handed in</th><th>Reviews</th><th>State</th>"
    "</tr></thead><tbody>\n{% for row in rows %}<tr><th><a href='/proposals/{{ row.code }}'>{{ row.title }}</a></th>"
    "<td>{% for name in cities[row.id] %}{{ name }}{{ ', ' if not loop.last }}{% endfor %}</td><td>{{ row.name }}</td>"
    "<td>{{ row.submitted_at.date() }}</td><td>{{ row.reviews_eligible }}</td><td>{{ row.state }}</td></tr>\n"
    "{% endfor %}</tbody></table></body></html>"
)
schema.load_models()
database = Database(Settings().database_url)


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """As the service does it."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)
    yield


app = FastAPI(openapi_url=None, lifespan=lifespan)


class Comment(BaseModel):
    """What is kept."""

    comment: str


@app.get("/healthz")
def healthz() -> dict[str, str]:
    """Up."""
    return {"status": "ok"}


@app.get("/list")
def fifty(request: Request) -> HTMLResponse:
    """The same fifty rows, their cities, a table."""
    asked = request.query_params
    columns: tuple[Any, ...] = (
        Proposal.id, Proposal.code, Proposal.title, Proposal.state, Organisation.name, Proposal.submitted_at,
        Proposal.reviews_eligible,
    )  # fmt: skip
    found = (
        select(*columns)
        .join(Organisation, col(Organisation.id) == Proposal.organisation_id)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(
            col(Round.code) == asked["round"], col(Proposal.state) == asked["state"],
            col(Proposal.title_key).contains(asked["q"], autoescape=True),
        )
        .order_by(col(Proposal.title_key), col(Proposal.id))
        .limit(50)
    )  # fmt: skip
    with database.engine.execution_options(writing=False).connect() as connection:
        rows = connection.execute(found).all()
        cities: dict[int, list[str]] = {row.id: [] for row in rows}
        names = (
            select(*(PartnerCity.proposal_id, Organisation.name))  # type: ignore[call-overload]
            .join(Organisation, col(Organisation.id) == PartnerCity.city_id)
            .where(col(PartnerCity.proposal_id).in_(cities), col(PartnerCity.left_at).is_(None))
            .order_by(Organisation.name)
        )
        for proposal, name in connection.execute(names):
            cities[proposal].append(name)
    return HTMLResponse(PAGE.render(rows=rows, cities=cities))


@app.post("/reviews/{code}")
def keep(code: str, sent: Comment) -> dict[str, int]:
    """Load one row, change it, commit."""
    with database.session(writing=True) as session:
        review = session.scalars(select(Review).where(col(Review.code) == code)).one()
        review.comment, review.saved_at = sent.comment, datetime.now(UTC)  # noqa: TID251 -- there is no clock here
        session.commit()
        return {"version": review.version}


def main() -> None:
    """Serve it as ``challenge serve`` would."""
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), http=protocol(), log_level="warning", server_header=False,
        proxy_headers=False, timeout_keep_alive=5, ws="none",
    )  # fmt: skip


if __name__ == "__main__":
    main()
