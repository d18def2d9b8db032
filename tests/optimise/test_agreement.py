import numpy as np
import pytest

from challenge.optimise.agreement import krippendorff_alpha

# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": four observers, twelve units, 0 is missing
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
)


def test_the_published_example_comes_out_as_published():
    observer, unit = np.nonzero(PUBLISHED)

    assert krippendorff_alpha(unit, PUBLISHED[observer, unit]) == pytest.approx(0.849, abs=5e-4)


def test_one_is_perfect_and_below_nought_is_dissent():
    assert krippendorff_alpha([0, 0, 1, 1], [1, 1, 4, 4]) == pytest.approx(1)
    assert krippendorff_alpha([0, 0, 1, 1], [1, 5, 5, 1]) < 0


@pytest.mark.parametrize(("unit", "score"), [([], []), ([0, 1, 2], [1, 2, 3]), ([0, 0, 1, 1], [2, 2, 2, 2])])
def test_what_cannot_be_compared_has_no_number(unit, score):
    assert np.isnan(krippendorff_alpha(unit, score))


def test_arrays_that_do_not_match_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        krippendorff_alpha([0, 0], [1])
    with pytest.raises(ValueError, match="finite"):
        krippendorff_alpha([0, 0], [1, np.inf])
