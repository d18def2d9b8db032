"""What the steps of money ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_
from challenge.pilots.asks import Given


class Payment(Given):
    """That money was paid: when, and where it can be found in the accounts."""

    paid_on: Annotated[date, Field(title=N_("Paid on")), Ask("date", missing=N_("Say when it was paid"))]
    reference: Annotated[str, Field(max_length=80, title=N_("Reference"),
        description=N_("As it stands on the bank statement.")), Ask("text")] = ""  # fmt: skip
