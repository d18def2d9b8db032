# ruff: noqa: E501 -- texts, one sentence a line
"""What the invented cities and teams have written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChallengeText:
    """A challenge in a few words; the other questions have plain answers."""

    title: str
    themes: tuple[str, ...]
    summary: str
    problem: str
    who: str
    affected: int
    measure: tuple[str, str, str]  # what, now, wished


CHALLENGES = {
    "junctions": ChallengeText(
        "Quiet junctions at night", ("mobility", "environment"),
        "Tram wheels squeal at four junctions after ten at night. Grinding the rail helps for five weeks.",
        "Residents filed 212 complaints in 2026, most of them about two curves with a radius under 25 metres. We measured "
        "for eight weeks: the peak comes from the inner wheel of the second bogie and grows below four degrees.",
        "residents within 80 metres of the junctions", 3_400, ("noise at night", "71 dB", "55 dB"),
    ),
    "water": ChallengeText(
        "Warm water that nobody uses", ("energy",),
        "The ice hall gives off 2.1 GWh of heat a year, 300 metres from a school that burns gas.",
        "The heat leaves through a cooling tower at 28 degrees. The school’s boiler is due for replacement in three years, "
        "and the two buildings have different owners, meters and contracts.",
        "pupils and staff of the school", 780, ("heat used", "0 MWh", "900 MWh"),
    ),
    "pavements": ChallengeText(
        "Ice-free pavements without salt", ("city_maintenance", "energy"),
        "Salt eats the bridges and the trees; without it people fall. We spread 118 tonnes a winter.",
        "Sixty-two people came to the hospital after falls on ice last winter. Salt has raised chloride in the wells near "
        "the harbour stairs above the limit twice.",
        "people who walk through the old town in winter", 9_000, ("falls on ice", "62 a winter", "15 a winter"),
    ),
    "roots": ChallengeText(
        "Where the tree roots are", ("city_planning",),
        "One dig in six meets roots or pipes that no map shows.",
        "Each surprise stops a site for nine days and costs 14,000 euros on average. Maps of pipes are from four owners, "
        "and nobody maps roots.",
        "households on streets that are dug up", 21_000, ("digs with a surprise", "1 in 6", "1 in 30"),
    ),
    "parking": ChallengeText(
        "Parking that leaves room to deliver", ("mobility",),
        "Vans stop on the cycle lane 190 times a day because the bays are full of parked cars.",
        "Two cameras counted for a month. Bays are free only before seven in the morning, and the rules differ by street.",
        "people who cycle through the centre", 5_200, ("vans on the cycle lane", "190 a day", "20 a day"),
    ),
    "stops": ChallengeText(
        "Bus stops that say when it rains in", ("city_maintenance",),
        "Of 240 shelters, a third lets rain in, and we learn of it from angry letters.",
        "Each shelter is looked at once a year. Between two looks, glass breaks and roofs leak, and nobody knows which.",
        "people who wait for a bus", 30_000, ("days a fault is unknown", "70", "3"),
    ),
    "cellars": ChallengeText(
        "Dry cellars after a cloudburst", ("environment", "city_planning"),
        "Forty minutes of rain fill the same cellars each summer, and the maps do not show why.",
        "Sewers were built for less rain. Three streets flood from above, two from below; a model of the city says neither.",
        "households in five streets", 1_900, ("flooded cellars", "64 a year", "5 a year"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ProposalText:
    """A proposal in a few words."""

    title: str
    summary: str
    answer: str
    indicator: str
    months: int
    size: str
    cents: int


PROPOSALS = {
    "rails": ProposalText(
        "Listening rails", "Microphones in the curve and a friction model tell when and where to grind, before it squeals.",
        "We fit each curve with contact microphones, learn the sound that comes before squeal, and let the operator grind "
        "by need. The second city checks whether the model travels to other wheels and frost.",
        "Nights above 55 dB | 41 | 5 | city noise meters", 24, "mid", 85_100_000,
    ),
    "school": ProposalText(
        "Heat for the school", "A small heat pump lifts the ice hall’s waste heat to what the school’s radiators need.",
        "We share one loop between two owners, with meters both can trust and a contract other cities can copy. A control "
        "program follows the ice schedule and the lessons.",
        "Gas burnt by the school, MWh a year | 940 | 120 | gas meter", 24, "mid", 82_000_000,
    ),
    "radar": ProposalText(
        "Root radar", "Ground radar on a garbage truck and a model of roots draw a map that gets better every week.",
        "The truck passes every street anyway. We teach a model from digs the city does in any case and show roots and pipes "
        "with their uncertainty, so that planners know where to look.",
        "Digs with a surprise, of 100 | 16 | 4 | site diaries", 36, "large", 119_000_000,
    ),
    "gutters": ProposalText(
        "Drains that make room", "Gauges in street drains and a forecast open the right valves before the cellars fill.",
        "We put cheap gauges into forty drains, learn how each street answers to rain, and move water to where there is "
        "room. The second city has the same drains and twice the rain.",
        "Flooded cellars, a year | 64 | 5 | insurance reports", 24, "mid", 79_400_000,
    ),
    "shelter": ProposalText(
        "Shelters that call for help", "A coin-sized sensor in each roof hears drops and broken glass, and tells the depot.",
        "Sensors with a battery for six years report a leak within an hour; a map plans the repairs of a week. Two cities "
        "on two coasts compare glass and steel.",
        "Days a fault is unknown | 70 | 3 | depot", 24, "mid", 71_900_000,
    ),
    "warm": ProposalText(
        "Warm streets", "Waste heat from server rooms keeps pavements free of ice; the pavement tells when it needs heat.",
        "Pipes under 410 metres of pavement carry heat that is thrown away today. Sensors and a forecast switch it on only "
        "before ice forms. Two cities build different pavements and compare.",
        "Falls on ice, a winter | 62 | 15 | hospital", 24, "mid", 84_500_000,
    ),
    "salt": ProposalText(
        "Less salt, placed better", "A spreader that knows each square metre uses a third of the salt.",
        "We put pavement temperature and slope on a map and let the spreader dose by it.",
        "Salt, tonnes a winter | 118 | 40 | depot", 24, "mid", 61_000_000,
    ),
    "bays": ProposalText(
        "Bays that breathe", "Bays change their use by the hour, told by signs that need no power line.",
        "Electronic paper signs and a shared timetable make the same bay a delivery place in the morning.",
        "Vans on the cycle lane, a day | 190 | 20 | cameras", 24, "mid", 58_000_000,
    ),
    "whistle": ProposalText(
        "Water on the wheels", "A mist of water at each curve keeps the wheels quiet above zero.",
        "Nozzles at the rail spray when a tram comes.", "Nights above 55 dB | 41 | 20 | meters", 24, "mid", 30_000_000,
    ),
}  # fmt: skip


def challenge_answers(text: ChallengeText, contact: str, deputy: str) -> dict[str, Any]:
    """Every question of the challenge form."""
    what, now, wished = text.measure
    return {
        "title": text.title, "summary": text.summary, "themes": list(text.themes), "problem": text.problem,
        "since": "2019", "affected": str(text.affected), "affected_who": text.who,
        "evidence": "Counts of two winters and the city’s complaint register; the tables are attached on request.",
        "tried": "Two small trials of our own, 2021 and 2023. Both helped for weeks, not for years.",
        "outcome": f"“{what.capitalize()}” at {wished} for twelve months, measured where people are.",
        "measure": what, "measure_now": now, "measure_wished": wished,
        "site": "Streets and buildings of the city, open to a pilot from the spring.",
        "data": "Measurements of two years as open files; maps on request.",
        "limits": "Work on streets needs six weeks’ notice. Personal data is not to be collected.",
        "departments": "Streets and traffic; environment; procurement.", "contact": contact, "deputy": deputy,
        "brings": "A project lead at half time, 200 hours of the street team, and the sites.",
        "residents": "A panel of thirty residents is asked before, during and after.",
        "partner": "A city with frost and a similar problem.", "thesis": True, "consent": True,
    }  # fmt: skip


TASKS = (  # name, who leads, twelfths of the time: after which, until which
    ("Measure for one season", "The institute", 0, 3), ("Build and learn on the first site", "The lead city", 2, 7),
    ("Move to the second city", "The partner city", 6, 10), ("Compare, and write the handbook", "The institute", 9, 12),
)  # fmt: skip


def proposal_answers(text: ProposalText) -> dict[str, Any]:
    """Every question of the full proposal."""
    plain = {
        "problem": "The cities have measured it; residents live with it; nobody sells an answer that lasts.",
        "cities_helped": "The city that stated the challenge and at least two more of its size with frost.",
        "novelty": "The parts are known one by one; together and in a running city they are not.",
        "needs": "A test site, two years of data, and a partner city abroad.",
        "method": "1. Measure for one season. 2. Build and learn on one site. 3. Move to the second city. 4. Compare.",
        "milestones": "Month 3: measuring stands\nMonth 9: first site works\nMonth 15: second site works\n"
                      f"Month {text.months - 1}: comparison and handbook",
        "team_work": "The institute leads and models; the cities open sites and streets; a company builds the boxes.",
        "impact": "The number the city named falls by more than half, and the cost per year is known.",
        "risks": "A mild winter (we add a season); a supplier leaves (two offers); data gaps (own meters).",
        "data_protection": "No personal data is needed. Cameras are not used.",
        "interoperability": "Open interfaces for measurements; maps as open standards.",
        "people_centred": "The residents’ panel decides between two designs and hears the results first.",
        "detailed_plan": "Work package 1 measures, 2 builds, 3 moves, 4 compares, 5 leads; months and costs are in the table.",
        "validation": "A bench test ran for eight weeks with data of both cities; the error was under a tenth.",
        "market": "Forty cities of the region have the same problem; they pay for the trial-and-error of today.",
        "running_costs": "The street department of each city, 18,000 euros a year, from what it saves.",
        "replication": "A handbook, open models and a day on site for the next three cities.",
        "ip_terms": "Code under an open licence, data open after six months, hardware designs published.",
    }  # fmt: skip
    return {
        **plain, "title": text.title, "summary": text.summary, "answer": text.answer, "publish": True,
        "size_class": text.size, "months": str(text.months), "indicators": [text.indicator],
        "work_plan": [f"{name} | {lead} | {text.months * first // 12 + 1} | {text.months * last // 12}"
                      for name, lead, first, last in TASKS],
        "mims": ["mim1", "mim7"], "people_checks": ["equity", "environment"],
    }  # fmt: skip


COMMENTS = {
    "impact": "The city named a number and the plan reaches it; residents would notice.",
    "science": "A real question, and a method that can answer it within the time.",
    "transfer": "Other cities with frost could take it over; the handbook is promised.",
    "team": "Named people in both cities, with hours.",
    "plan": "The steps are believable; the second site is tight.",
}


REPORT = {
    "done": "The gauges stand in both streets since the second week. The depot of Merilinna reads them every morning; "
    "Havnsted waits for power at two lamp posts.",
    "measured": "Merilinna: 54 falls so far against 62 a winter before; Havnsted: 35 against 41. It is early: half of "
    "the winter is still to come.",
    "differs": "The maps of pipes in Merilinna are off by up to a metre, so the design takes three weeks more.",
    "follows": "Design and permits in both cities; the heat contract with the data centre.",
}

# Who, for which partner, on which day of the pilot, the answers, the receipt, and the verdict: accepted (empty), the
# points it was sent back with, or none yet.
CLAIMS: tuple[tuple[str, str, int, dict[str, str], str, str | None], ...] = (
    (
        "tiiu", "merilinna", 44,
        {"spent_on": "Twenty-four gauges for pavement temperature, with mounts", "category": "equipment",
         "currency": "EUR", "amount": "18640"},
        "invoice;what;euros\n4711;24 gauges with mounts;18640.00\n", "",
    ),
    (
        "liv", "havnsted", 80,
        {"spent_on": "Power for the gauges at the harbour stairs", "category": "services", "currency": "DKK",
         "amount": "93250", "rate": "7.4604", "rate_source": "European Central Bank, reference rate"},
        "invoice;what;kroner\n88-120;Power at two lamp posts;93250.00\n", "",
    ),
    (
        "tiiu", "merilinna", 93,
        {"spent_on": "Street team, 310 hours beside the digging", "category": "staff", "currency": "EUR",
         "amount": "12400"},
        "month;hours;euros\nfirst;310;12400.00\n",
        "The hours are of one month, the claim names two. Add the sheet of the second month, or shorten the period.",
    ),
    (
        "aino", "institute", 106,
        {"spent_on": "Two researchers, first quarter", "category": "staff", "currency": "EUR", "amount": "41250"},
        "month;person months;euros\nfirst quarter;5.5;41250.00\n", None,
    ),
)  # fmt: skip

OUTPUTS = (
    {"kind": "software", "title": "Ice forecast for one street", "licence": "EUPL-1.2",
     "description": "Says four hours ahead where ice will form, from ten gauges and the public weather forecast.",
     "url": "https://example.org/ice-forecast"},
    {"kind": "data", "title": "Pavement temperatures of the first winter", "licence": "CC BY 4.0",
     "description": "Two streets, every ten minutes.", "url": "https://example.org/pavement-data"},
)  # fmt: skip
KIT = {
    "lessons": "Ask for power at the lamp posts in the first month: it took nine weeks. Dig trial holes before you "
               "believe the maps of pipes.",
    "needs": "Waste heat within 500 metres, a street with at most eight percent slope, and a depot that is awake at "
             "four in the morning.",
    "steps": "1. Measure one winter.\n2. Sign the heat contract.\n3. Build one street in summer.\n4. Compare.",
    "costs": "About 780 euros a metre to build; 11 euros a metre and winter to run.",
}  # fmt: skip
