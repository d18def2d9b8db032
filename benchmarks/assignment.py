"""Who judges what: three reviews each, proven, beside a greedy choice and the plain linear programme (P8).

``--matrices FOLDER`` adds those of a folder: jurors × proposals as .npy, .csv, or .npz (``fit`` or its only matrix,
``forbidden`` beside it if there is one). A number that is negative or none at all is a pair that must not be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import highspy
import numpy as np
from numpy.typing import NDArray

from benchmarks.result import Plan, Result
from challenge.optimise.assignment import Assignment, Infeasible, assign
from challenge.optimise.columns import quiet_solver

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
REVIEWS, CONFLICTS, TOPICS = 3, 0.05, 25
SIZES = {(1_000, 300): 1.5, (5_000, 1_500): 6.0}  # proposals, jurors: seconds to reach
QUICK = {(100, 30): 1.5, (300, 90): 6.0}
PUBLIC = {"similarity_matrix": "fit", "mask_matrix": "forbidden"}  # names in published collections
PLAIN = 1_000  # proposals up to which the plain programme is solved too: beyond it takes minutes


def measure(plan: Plan) -> Iterator[Result]:
    """Both sizes on fits of two kinds, what cannot be done, and the matrices of the folder."""
    for (proposals, jurors), line in (QUICK if plan.quick else SIZES).items():
        for kind, fit in (("any", _scattered(jurors, proposals)), ("topics", _topics(jurors, proposals))):
            name = f"P8 {proposals:,} × {jurors:,}, fits: {kind}"
            forbidden = np.random.default_rng(2).random(fit.shape) < CONFLICTS
            yield _proven(name, fit, forbidden, line, plain=proposals <= PLAIN)
        yield _impossible(jurors, proposals)
    for path in sorted(plan.matrices.iterdir()) if plan.matrices else ():
        if path.suffix in {".npy", ".npz", ".csv"}:
            fit, forbidden = _read(path)
            yield _proven(
                f"{path.name}: {fit.shape[1]:,} × {fit.shape[0]:,}", fit, forbidden, None, plain=fit.shape[1] <= PLAIN
            )


def _scattered(jurors: int, proposals: int) -> Floats:
    return np.random.default_rng(1).random((jurors, proposals))


def _topics(jurors: int, proposals: int) -> Floats:
    """Both know a few topics of many; the fit is the cosine of what they know."""
    draw = np.random.default_rng(1)
    known, asked = (draw.dirichlet(np.full(TOPICS, 0.2), count) for count in (jurors, proposals))
    cosine: Floats = _one_long(known) @ _one_long(asked).T
    return cosine


def _one_long(vectors: Floats) -> Floats:
    scaled: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def _proven(name: str, fit: Floats, forbidden: Bools, line: float | None, *, plain: bool) -> Result:
    jurors, proposals = fit.shape
    load = -(-REVIEWS * proposals // jurors) + 1
    began = time.perf_counter()
    try:
        found = assign(fit, np.full(proposals, REVIEWS), np.full(jurors, load), forbidden=forbidden)
    except Infeasible as why:
        return Result("assignment", name, f"cannot be done: {why}", "value = bound", holds=False)
    seconds = time.perf_counter() - began
    greedy, short = _greedy(fit, forbidden, load)
    beside = [f"greedy {greedy / found.value:.2%} of it" + (f", {short} reviews short" if short else "")]
    raw = {"seconds": seconds, "value": found.value, "bound": found.bound, "greedy": greedy, "greedy_short": short}
    if plain:
        raw["plain_value"], raw["plain_seconds"] = _plain(fit, forbidden, load)
        beside.append(f"the plain programme {raw['plain_value']:.6f} in {raw['plain_seconds']:.1f} s")
    return Result(
        "assignment", name, f"{seconds:.2f} s, {_said(found)}", "value = bound" + (f", ≤ {line} s" if line else ""),
        holds=found.optimal and found.value == found.bound and (line is None or seconds <= line),
        against="; ".join(beside), raw=raw,
    )  # fmt: skip


def _said(found: Assignment) -> str:
    sign = "=" if found.value == found.bound else "<"
    return f"value {found.value:.6f} {sign} bound {found.bound:.6f}, {'proven' if found.optimal else 'not proven'}"


def _greedy(fit: Floats, forbidden: Bools, load: int) -> tuple[float, int]:
    """The best pair that is left, again and again: its worth, and how many reviews nobody is left for."""
    jurors, proposals = fit.shape
    room, need, value = [load] * jurors, [REVIEWS] * proposals, 0.0
    order = np.argsort(np.where(forbidden, np.inf, -fit), axis=None, kind="stable")[: int((~forbidden).sum())]
    for juror, proposal in zip(*(at.tolist() for at in np.unravel_index(order, fit.shape)), strict=True):
        if room[juror] and need[proposal]:
            room[juror] -= 1
            need[proposal] -= 1
            value += float(fit[juror, proposal])
    return value, sum(need)


def _plain(fit: Floats, forbidden: Bools, load: int) -> tuple[float, float]:
    """The linear programme over every pair there may be: what it is worth, and the seconds it takes."""
    jurors, proposals = fit.shape
    began = time.perf_counter()
    rows, columns = np.nonzero(~forbidden.T)
    solver = quiet_solver()
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    low = np.concatenate([np.full(proposals, REVIEWS), np.zeros(jurors)]).astype(float)
    high = np.concatenate([np.full(proposals, REVIEWS), np.full(jurors, load)]).astype(float)
    none = np.zeros(0, np.int32)
    solver.addRows(len(low), low, high, 0, np.zeros(len(low), np.int32), none, np.zeros(0))
    count = len(rows)
    index = np.column_stack([rows, proposals + columns]).astype(np.int32).ravel()
    starts = np.arange(0, 2 * count, 2, dtype=np.int32)
    weight = fit.T[rows, columns]
    solver.addCols(count, weight, np.zeros(count), np.ones(count), 2 * count, starts, index, np.ones(2 * count))
    solver.run()
    return float(solver.getInfo().objective_function_value), time.perf_counter() - began


def _impossible(jurors: int, proposals: int) -> Result:
    """Five reviews too few in all: naming the smallest set that shows it takes a trial of nearly everybody."""
    fit, forbidden = _scattered(jurors, proposals), np.random.default_rng(2).random((jurors, proposals)) < CONFLICTS
    load = np.full(jurors, REVIEWS * proposals // jurors)
    load[:5] -= 1
    began = time.perf_counter()
    try:
        assign(fit, np.full(proposals, REVIEWS), load, forbidden=forbidden)
    except Infeasible as why:
        seconds = time.perf_counter() - began
        return Result(
            "assignment", f"P8 {proposals:,} × {jurors:,}, five reviews too few",
            f"{seconds:.2f} s, named {len(why.proposals):,} proposals and {len(why.jurors):,} jurors",
            raw={"seconds": seconds},
        )  # fmt: skip
    raise RuntimeError("What cannot be done was done.")


def _read(path: Path) -> tuple[Floats, Bools]:
    """A matrix of fits and the pairs that must not be, both jurors × proposals."""
    held: dict[str, NDArray[np.generic]] = {}
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as file:
            held = {PUBLIC.get(name, name): file[name] for name in file.files}
    elif path.suffix == ".npy":
        held = {"fit": np.load(path, allow_pickle=False)}
    else:
        held = {"fit": np.loadtxt(path, delimiter=",", ndmin=2)}
    matrices = [one for name, one in held.items() if one.ndim == len(("jurors", "proposals")) and name != "forbidden"]
    if "fit" not in held and len(matrices) != 1:
        raise ValueError(f"{path.name} holds {', '.join(held)}: which of them is the fit?")
    fit = np.asarray(held.get("fit", matrices[0]), dtype=np.float64)
    forbidden = ~np.isfinite(fit) | (fit < 0)
    if "forbidden" in held:
        forbidden |= held["forbidden"].astype(bool)
    return np.where(forbidden, 0.0, fit), forbidden
