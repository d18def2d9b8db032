"""``python -m challenge``."""

import gc

gc.disable()  # nothing that is imported is garbage: looking for some takes an eighth of the start

from challenge.cli import main  # noqa: E402 -- see above

gc.enable()
main()
