"""The pages, one module per kind."""

from __future__ import annotations

from fastapi import APIRouter

from challenge.home.pages import front

router = APIRouter()
for _part in (front,):
    router.include_router(_part.router)
