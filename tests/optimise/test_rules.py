"""What goes beyond demand and load: pairs to keep, quotas, no identical panels."""

import numpy as np
import pytest

from challenge.optimise.assignment import Infeasible, Quota, assign
from tests.optimise.brute import Instance, most_identical, random_instance

CASES = [case for case in map(random_instance, range(1000, 1100)) if len(case.feasible)]


def within(case, quotas):
    every = case.feasible
    for quota in quotas:
        count = every[:, quota.jurors][:, :, quota.proposals].sum(axis=(1, 2))
        every = every[(count >= quota.least) & (count <= (99 if quota.most is None else quota.most))]
    return every


def with_panels(every, limit):
    return every[[most_identical(matrix) <= limit for matrix in every]] if len(every) else every


def test_as_many_old_pairs_as_possible_stay_and_then_fit_decides():
    for number, case in enumerate(CASES):
        keep = np.random.default_rng(number).random(case.fit.shape) < 0.4
        every = case.feasible
        kept = (every & keep).sum(axis=(1, 2))

        result = assign(*case.arguments(), keep=keep)

        assert result.kept == kept.max()
        assert result.value == pytest.approx(case.worth(every[kept == kept.max()]).max(), abs=1e-9)
        assert (result.optimal, result.bound) == (True, result.value)


def test_after_a_drop_out_only_the_pairs_of_who_left_change():
    g = np.random.default_rng(1)
    fit, demand, load = g.random((9, 24)), np.full(24, 3), np.full(9, 9)
    before = assign(fit, demand, load)
    keep = np.zeros(fit.shape, bool)
    keep[tuple(np.array(before.pairs).T)] = True
    gone = np.zeros(fit.shape, bool)
    gone[4] = True

    after = assign(fit, demand, load, forbidden=gone, keep=keep)

    stays = {pair for pair in before.pairs if pair[0] != 4}
    assert stays <= set(after.pairs)
    free = assign(fit, demand, load, forbidden=gone)
    assert not stays <= set(free.pairs)
    assert free.value > after.value


def test_quotas_hold_and_the_best_within_them_is_found():
    tried = 0
    for number, case in enumerate(CASES):
        g = np.random.default_rng(number)
        jurors, proposals = case.fit.shape
        quotas = [
            Quota(jurors=[0], proposals=list(range(proposals // 2)), most=1),
            Quota(jurors=g.permutation(jurors)[:2].tolist(), proposals=[proposals - 1], least=1),
        ]
        every = within(case, quotas)
        if not len(every):
            with pytest.raises(Infeasible) as no:
                assign(*case.arguments(), quotas=quotas)
            assert no.value.quotas
            continue
        result = assign(*case.arguments(), quotas=quotas)
        assert (result.value, result.bound) == (pytest.approx(case.worth(every).max(), abs=1e-8), result.value)
        assert result.optimal
        tried += 1
    assert tried >= 20


def of_one_mind(seed):
    """Two reviews each, nobody short of time, and some jurors fit everything better."""
    g = np.random.default_rng(seed)
    jurors, proposals = [(3, 4), (4, 3), (3, 3)][seed % 3]
    fit = g.random((jurors, 1)) + 0.2 * g.random((jurors, proposals))
    none = np.zeros(fit.shape, bool)
    forbidden = g.random(fit.shape) < 0.1
    load = np.full(jurors, proposals)
    return Instance(fit, np.full(proposals, 2), load, 0 * load, forbidden, none)


def test_no_panel_turns_up_more_often_than_the_limit():
    bites = 0
    for case in map(of_one_mind, range(60)):
        every = with_panels(case.feasible, 1)
        if not len(every):
            with pytest.raises(Infeasible) as no:
                assign(*case.arguments(), panel_limit=1)
            assert no.value.panel_limit or not len(case.feasible)
            continue
        result = assign(*case.arguments(), panel_limit=1)
        assert result.value == pytest.approx(case.worth(every).max(), abs=1e-8)
        assert result.optimal
        bites += result.value < assign(*case.arguments()).value - 1e-9
    assert bites >= 5


def test_a_panel_limit_is_kept_among_jurors_who_are_all_alike():
    fit = np.zeros((9, 24))
    fit[:3] = 1

    free = assign(fit, np.full(24, 3), np.full(9, 24))
    limited = assign(fit, np.full(24, 3), np.full(9, 24), panel_limit=2)

    def identical(result):
        matrix = np.zeros(fit.shape, int)
        matrix[tuple(np.array(result.pairs).T)] = 1
        return most_identical(matrix)

    assert (identical(free), identical(limited)) == (24, 2)
    assert limited.optimal
    assert limited.value < free.value


def feasible_with(case, quotas, limit, proposals, jurors):
    every = case.lawful
    got, load = every.sum(axis=1), every.sum(axis=2)
    good = (got[:, proposals] == case.demand[proposals]).all(axis=1)
    good &= (load[:, jurors] <= case.load_max[jurors]).all(axis=1)
    good &= (load[:, jurors] >= case.load_min[jurors]).all(axis=1)
    for quota in quotas:
        count = every[:, quota.jurors][:, :, quota.proposals].sum(axis=(1, 2))
        good &= (count >= quota.least) & (count <= (99 if quota.most is None else quota.most))
    if limit is not None:
        good &= [most_identical(matrix[:, proposals]) <= limit for matrix in every]
    return good.any()


def test_rules_that_cannot_be_had_name_a_set_that_is_infeasible_and_minimal():
    seen = 0
    for case in CASES:
        jurors, proposals = case.fit.shape
        quotas = [
            Quota(jurors=list(range(jurors)), proposals=[0], most=1),
            Quota(jurors=list(range(jurors - 1)), proposals=list(range(proposals)), most=2),
        ]
        try:
            assign(*case.arguments(), quotas=quotas, panel_limit=1)
        except Infeasible as no:
            parts = [("p", p) for p in no.proposals] + [("j", j) for j in no.jurors]
            parts += [("q", q) for q in no.quotas] + [("l", 0)] * no.panel_limit

            def possible(left, case=case, quotas=quotas):
                of = {kind: [index for k, index in left if k == kind] for kind in "pjql"}
                limit = 1 if of["l"] else None
                return feasible_with(case, [quotas[q] for q in of["q"]], limit, of["p"], of["j"])

            assert not possible(parts)
            assert all(possible([p for p in parts if p != part]) for part in parts)
            seen += 1
            if seen == 12:
                break
    assert seen == 12


def test_a_quota_that_cannot_be_read_is_refused_by_number():
    with pytest.raises(ValueError, match="Quota 1: jurors"):
        assign(np.ones((2, 2)), [1, 1], [2, 2], quotas=[Quota([0], [0], most=1), Quota([2], [0], most=1)])
