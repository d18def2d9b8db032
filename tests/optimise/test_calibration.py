import numpy as np
import pytest

from challenge.optimise.calibration import calibrate


def planted(seed, *, proposals=40, jurors=10, noise=0.5, strictness=0.7):
    """An unbalanced design: 2 to 5 reviews a proposal, a few jurors do most of the work. Strictness adds up to 0."""
    g = np.random.default_rng(seed)
    eager = 1 / np.arange(1, jurors + 1)
    chosen = [g.choice(jurors, g.integers(2, 6), replace=False, p=eager / eager.sum()) for _ in range(proposals)]
    proposal = np.repeat(np.arange(proposals), [len(panel) for panel in chosen])
    juror = np.concatenate(chosen)
    truth, strict = 3 + g.normal(0, 0.7, proposals), g.normal(0, strictness, jurors)
    strict -= strict.mean()
    return proposal, juror, truth[proposal] - strict[juror] + g.normal(0, noise, len(juror)), truth, strict


def raw_mean(proposal, score):
    return np.bincount(proposal, score) / np.bincount(proposal)


def rmse(guess, truth):
    return np.sqrt((((guess - guess.mean()) - (truth - truth.mean())) ** 2).mean())


def test_planted_effects_are_recovered_better_than_by_the_raw_mean():
    calibrated, raw, found, planted_strict = [], [], [], []
    for seed in range(20):
        proposal, juror, score, truth, strict = planted(seed)
        result = calibrate(proposal, juror, score)
        calibrated.append(rmse(result.value, truth))
        raw.append(rmse(raw_mean(proposal, score), truth))
        found += result.severity.tolist()
        planted_strict += strict[: len(result.severity)].tolist()

    assert np.mean(calibrated) <= 0.75 * np.mean(raw)
    assert np.corrcoef(found, planted_strict)[0, 1] >= 0.9


@pytest.mark.slow
def test_intervals_cover_what_they_promise_over_five_hundred_simulations():
    covered = []
    for seed in range(500):
        proposal, juror, score, truth, _ = planted(seed)
        result = calibrate(proposal, juror, score)
        covered.append(((result.low <= truth) & (truth <= result.high)).mean())

    assert 0.93 <= np.mean(covered) <= 0.97


def test_a_strict_juror_is_named_and_made_up_for():
    proposal = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    juror = np.array([0, 1, 0, 1, 1, 2, 1, 2, 0, 2, 0, 2])
    harsh = np.where(juror == 2, 2.0, 0.0)
    score = np.array([4.0, 4.1, 2.0, 1.9, 3.0, 3.1, 4.5, 4.4, 3.0, 2.9, 2.0, 2.1]) - harsh

    result = calibrate(proposal, juror, score)

    assert np.argmax(result.severity) == 2
    assert result.severity.sum() == pytest.approx(0, abs=1e-9)
    raw = raw_mean(proposal, score)
    assert raw[2] < raw[1] + 0.2
    assert result.value[2] > result.value[1] + 0.5
    assert (result.low < result.value).all()
    assert (result.value < result.high).all()


def test_what_no_chain_of_shared_proposals_links_is_refused_with_its_parts():
    proposal, juror = np.array([0, 0, 1, 1, 2, 2, 3, 3]), np.array([0, 1, 0, 1, 2, 3, 2, 3])

    result = calibrate(proposal, juror, np.arange(8.0))

    assert (result.identifiable, result.reason) == (False, "disconnected")
    parts = [(part.proposals, part.jurors) for part in result.components]
    assert parts == [((0, 1), (0, 1)), ((2, 3), (2, 3))]
    assert np.isnan([*result.value, *result.low, *result.high, *result.severity]).all()
    with pytest.raises(ValueError, match="disconnected"):
        result.chance_among_best(1)


def test_one_shared_proposal_links_two_parts():
    proposal, juror = np.array([0, 0, 1, 1, 2, 2, 3, 3, 0, 1]), np.array([0, 1, 0, 1, 2, 3, 2, 3, 2, 2])

    result = calibrate(proposal, juror, np.arange(10.0) % 3)

    assert (result.identifiable, len(result.components)) == (True, 1)


@pytest.mark.parametrize(
    ("proposal", "juror", "reason"), [([], [], "empty"), ([0, 1, 2], [0, 0, 0], "too_few"), ([0, 0], [0, 1], "too_few")]
)
def test_too_few_scores_are_refused_with_a_reason(proposal, juror, reason):
    result = calibrate(proposal, juror, np.ones(len(proposal)))

    assert (result.identifiable, result.reason) == (False, reason)


def test_an_index_without_a_score_holds_no_number_and_does_not_disconnect():
    proposal, juror = np.array([0, 0, 2, 2, 4, 4]), np.array([0, 3, 0, 3, 0, 3])

    result = calibrate(proposal, juror, [1, 2, 3, 4, 2.5, 3])

    assert result.identifiable
    assert np.isnan(result.value).tolist() == [False, True, False, True, False]
    assert np.isnan(result.severity).tolist() == [False, True, True, False]
    assert np.isnan(result.chance_among_best(1)).tolist() == [False, True, False, True, False]


def test_chances_add_up_to_the_places_and_follow_the_seed():
    proposal, juror, score, _, _ = planted(5)
    result = calibrate(proposal, juror, score)

    chance = result.chance_among_best(4, seed=1)

    assert chance.sum() == pytest.approx(4)
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (chance == result.chance_among_best(4, seed=1)).all()
    assert (chance != result.chance_among_best(4, seed=2)).any()
    assert np.argmax(chance) == np.argmax(result.value)
    assert (result.chance_among_best(0) == 0).all()
    assert (result.chance_among_best(40) == 1).all()
    with pytest.raises(ValueError, match="between 0 and 40"):
        result.chance_among_best(41)


def test_chances_are_of_those_who_compete():
    proposal, juror, score, _, _ = planted(5)
    result = calibrate(proposal, juror, score)
    best = int(np.argmax(result.value))
    rest = [at for at in range(len(result.value)) if at != best]

    chance = result.chance_among_best(4, among=rest, seed=1)

    assert np.isnan(chance[best])
    assert chance[rest].sum() == pytest.approx(4)
    assert (chance[rest] >= result.chance_among_best(4, seed=1)[rest] - 0.05).all()
    assert (result.chance_among_best(2, among=[3, 7])[[3, 7]] == 1).all()
    with pytest.raises(ValueError, match="between 0 and 2"):
        result.chance_among_best(3, among=[3, 7])
    with pytest.raises(ValueError, match="scored proposals only"):
        result.chance_among_best(1, among=[999])


def test_chances_are_as_often_right_as_they_say():
    said, came_true = [], []
    for seed in range(30):
        proposal, juror, score, truth, _ = planted(seed)
        said += calibrate(proposal, juror, score).chance_among_best(10, draws=500).tolist()
        came_true += (truth >= np.sort(truth)[-10]).tolist()
    said, came_true = np.array(said), np.array(came_true)

    for low, high in ((0.05, 0.35), (0.35, 0.65), (0.65, 0.95)):
        there = (said >= low) & (said < high)
        assert came_true[there].mean() == pytest.approx(said[there].mean(), abs=0.1)


def test_scores_that_are_all_the_same_leave_nothing_to_correct():
    proposal, juror = np.repeat(np.arange(6), 3), np.tile(np.arange(3), 6)

    result = calibrate(proposal, juror, np.full(18, 4.0))

    assert result.value == pytest.approx(np.full(6, 4.0), abs=1e-3)
    assert result.high - result.low == pytest.approx(np.zeros(6), abs=1e-3)


def test_adding_a_constant_moves_values_and_nothing_else():
    proposal, juror, score, _, _ = planted(3)

    here, there = calibrate(proposal, juror, score), calibrate(proposal, juror, score + 10)

    assert there.value == pytest.approx(here.value + 10)
    assert there.severity == pytest.approx(here.severity)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([0, 1], [0], [1, 2]), "equally long"),
        (([0, -1], [0, 1], [1, 2]), "proposal must be"),
        (([0, 1], [0.5, 1], [1, 2]), "juror must be"),
        (([0, 1], [0, 1], [1, np.nan]), "finite"),
    ],
)
def test_arguments_that_cannot_be_read_are_refused_by_name(arguments, says):
    with pytest.raises(ValueError, match=says):
        calibrate(*arguments)
