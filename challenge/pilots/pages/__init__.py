"""Pages of pilots: the public face, the members, the agreement, the plan, the reports, the money."""

from fastapi import APIRouter

from challenge.pilots.log import pages as log
from challenge.pilots.overview import pages as overview
from challenge.pilots.pages import (
    agreement,
    changes,
    claims,
    members,
    money,
    own,
    plan,
    portfolio,
    printing,
    reports,
    tranches,
)
from challenge.pilots.past import pages as past
from challenge.pilots.results import pages as showcase
from challenge.pilots.tracking import pages as tracking

router = APIRouter(include_in_schema=False)
for _part in (
    past,
    overview,
    portfolio,
    own,
    members,
    agreement,
    plan,
    printing,
    reports,
    money,
    tranches,
    claims,
    changes,
    tracking,
    log,
    showcase,
):
    router.include_router(_part.router)

__all__ = ["router"]
