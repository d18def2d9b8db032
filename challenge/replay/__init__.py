"""What was decided on, computed once more from what was kept, and compared byte for byte."""

from challenge.replay.computations import calibrations, rankings, scenarios
from challenge.replay.marks import faults

__all__ = ["calibrations", "faults", "rankings", "scenarios"]
