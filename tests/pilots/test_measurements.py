"""Measurements over time: only ever added, a line per city, told to everybody without names."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import delete, select, update

from challenge.http.lines import Mark, Series, lines
from challenge.kernel.errors import Refused
from challenge.pilots import actions
from challenge.pilots.models import Indicator
from challenge.pilots.schemas import MeasurementIn
from challenge.pilots.states import PilotState
from challenge.pilots.tracking.models import Measurement
from tests.cast import PEOPLE
from tests.factories.pilots import make_indicator, make_measurement, make_pilot
from tests.pilots.ready import get

S = PilotState


@pytest.fixture
def two(world):
    """A running pilot that measures the same in Tartu and Fingal: its code."""
    with world.acting() as w:
        pilot = make_pilot(w, state=S.RUNNING, title="Bays")
        for city in ("tartu", "fingal"):
            make_indicator(w, pilot, city=city)
        return pilot.code


def measure(world, code, place, value, day, who="mari", **more):
    with world.acting(writing=False) as w:
        item = w.session.exec(select(Indicator.code).order_by(Indicator.id)).all()[place]
        version = get(w, code).version
    sent = {"actual": value, "measured_on": day, "version": version, **more}
    return world.client(who).post(f"/pilots/{code}/indicators/{item}/measure", data=sent)


def stands(world):
    with world.acting(writing=False) as w:
        return [(row.actual, row.measured_on) for row in w.session.exec(select(Indicator).order_by(Indicator.id))]


def test_values_are_added_and_the_newest_day_is_where_it_stands(world, two):
    assert measure(world, two, 0, "40", "2027-01-05", source="Sensor 7").status_code == 303
    assert measure(world, two, 0, "30", "2027-01-09").status_code == 303
    assert measure(world, two, 0, "44", "2027-01-04").status_code == 303  # found later
    assert measure(world, two, 1, "20,5", "2027-01-09", who="aoife").status_code == 303

    assert stands(world) == [(Decimal(30), date(2027, 1, 9)), (Decimal("20.5"), date(2027, 1, 9))]
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Measurement).order_by(Measurement.id)).all()
    assert [(row.value, row.source, row.by_id) for row in rows] == [
        (Decimal(40), "Sensor 7", PEOPLE["mari"].id), (Decimal(30), "", PEOPLE["mari"].id),
        (Decimal(44), "", PEOPLE["mari"].id), (Decimal("20.5"), "", PEOPLE["aoife"].id),
    ]  # fmt: skip


def test_a_correction_stands_beside_what_it_corrects(world, two):
    measure(world, two, 0, "400", "2027-01-09")
    measure(world, two, 0, "40", "2027-01-09")

    text = world.client().get(f"/pilots/{two}/measurements").text
    assert "corrected since" in text
    assert stands(world)[0][0] == Decimal(40)
    items = world.client().get(f"/api/v1/pilots/{two}/measurements").json()["items"]
    assert [(one["value"], one["counts"]) for one in items] == [("400.0000", False), ("40.0000", True)]


def test_nothing_that_was_measured_changes_or_goes(world, two):
    measure(world, two, 0, "40", "2027-01-09")
    for change in (update(Measurement).values(value=1), delete(Measurement)):
        with pytest.raises(DBAPIError, match="append-only"), world.acting() as w:
            w.session.exec(change)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.drop(w, get(w, two), w.session.exec(select(Indicator).order_by(Indicator.id)).first())
    assert refused.value.problem.code == "measured"


def test_everybody_reads_the_values_and_only_those_inside_who_entered_them(world, two):
    measure(world, two, 0, "40", "2027-01-09", source="Sensor 7")
    for who, is_told in (("nobody", False), ("katrin", False), ("mari", True), ("olev", True)):
        text = world.client(who).get(f"/pilots/{two}/measurements").text
        assert ("Mari Maasikas" in text) is is_told, who
        assert "Sensor 7" in text
        assert 'class="line--sea"' in text
        assert "target 2" in text
    sent = world.client().get(f"/pilots/{two}/measurements.csv").text
    assert "Mari" not in sent
    assert next(csv.DictReader(io.StringIO(sent.removeprefix("\ufeff"))))["city"] == "Tartu"


def test_no_cell_of_the_csv_is_a_formula(world, two):
    measure(world, two, 0, "40", "2027-01-09", source="=HYPERLINK(1)")

    assert "'=HYPERLINK(1)" in world.client().get(f"/pilots/{two}/measurements.csv").text


def test_a_sensor_sends_values_in_json(world, two):
    with world.acting(writing=False) as w:
        item = w.session.exec(select(Indicator.code).order_by(Indicator.id)).first()
    path = f"/api/v1/pilots/{two}/indicators/{item}/measurements"
    given = {"actual": "39.5", "measured_on": "2027-01-08", "source": "sensor"}

    assert world.client("ravi").post(path, json=given).status_code == 201
    assert world.client("katrin").post(path, json=given).status_code == 403
    assert world.client("ravi").post(path, json={**given, "measured_on": "2027-02-08"}).status_code == 422
    assert stands(world)[0] == (Decimal("39.5"), date(2027, 1, 8))


def test_a_pilot_nobody_may_know_of_tells_nothing(world):
    with world.acting() as w:
        pilot = make_pilot(w)
        code = pilot.code
        make_measurement(w, make_indicator(w, pilot), "40", date(2027, 1, 9))
    for path in ("measurements", "measurements.csv"):
        assert world.client("katrin").get(f"/pilots/{code}/{path}").status_code == 404
        assert world.client("ravi").get(f"/pilots/{code}/{path}").status_code == 200


def test_a_closed_indicator_takes_no_value(world, two):
    assert measure(world, two, 0, "2", "2027-01-09", closed="true").status_code == 303
    with world.acting("jaan") as w:
        row = w.session.exec(select(Indicator).order_by(Indicator.id)).first()
        with pytest.raises(Refused):
            actions.measure(w, get(w, two), row, MeasurementIn(actual=Decimal(1), measured_on=date(2027, 1, 9)))


def test_lines_lie_within_the_figure():
    made = lines(
        [Series("a", ((date(2027, 1, 1), 48.0), (date(2027, 6, 1), 20.0))), Series("b", ((date(2027, 3, 1), 30.0),))],
        [Mark("target 2", 2.0)], str, str,
    )  # fmt: skip

    assert made is not None
    dots = [dot for line in made.lines for dot in line.dots]
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in dots)
    assert dots[0][1] < dots[1][1] < made.marks[0][0]  # higher values stand higher
    assert [line.tone for line in made.lines] == ["sea", "clay"]
    assert made.days == ("2027-01-01", "2027-06-01")
    assert lines([Series("a", ())], [], str, str) is None
    assert len(lines([Series("a", ((date(2027, 1, 1), 5.0),))], [], str, str).days) == 1
