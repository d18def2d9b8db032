"""Pages of pilots: the public face, the members, the agreement, the plan, the reports, the money."""

from fastapi import APIRouter

from challenge.pilots.pages import (
    agreement,
    changes,
    claims,
    members,
    money,
    own,
    plan,
    portfolio,
    reports,
    tranches,
)

router = APIRouter(include_in_schema=False)
for _part in (portfolio, own, members, agreement, plan, reports, money, tranches, claims, changes):
    router.include_router(_part.router)

__all__ = ["router"]
