"""The profile of an organisation that is a city."""

from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import declared_attr
from sqlmodel import Field

from challenge.kernel.columns import json_column
from challenge.kernel.record import Row


class CityProfile(Row, table=True):
    """Facts of a city (population, place) and what its people say it offers. One per organisation.

    ``other_names`` are names a searcher may type; ``other_plain`` is how they are searched: ``/reval/revel/``.
    """

    __tablename__ = "city_profile"
    __table_args__ = (
        CheckConstraint("population IS NULL OR population >= 0", name="population_not_negative"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_degrees"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_degrees"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity_not_negative"),
    )

    version: int = Field(default=None, nullable=False)
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", unique=True)
    population: int | None = Field(default=None)
    latitude: float | None = Field(default=None)
    longitude: float | None = Field(default=None)
    geoname_id: int | None = Field(default=None, unique=True)
    national_code: str | None = Field(default=None, max_length=12)
    region: str | None = Field(default=None, max_length=80)
    other_names: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    other_plain: str = Field(default="")
    networks: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    languages: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    themes: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    offers: str = Field(default="", max_length=4000)
    wants: str = Field(default="", max_length=4000)
    capacity: int | None = Field(default=None)  # pilots it can carry at once
    maturity: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}
