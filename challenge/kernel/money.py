"""Money is whole cents of EUR; it becomes words only here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from babel.numbers import format_currency, format_decimal

from challenge.kernel.i18n import locale


def euros(cents: int) -> str:
    """``123400`` → ``€1,234`` (``1234 €`` in Estonian); cents are shown only where there are any."""
    pattern = None if cents % 100 else ("¤#,##0" if locale() == "en" else "#,##0 ¤")
    return format_currency(
        Decimal(cents) / 100, "EUR", format=pattern, locale=locale(), currency_digits=bool(cents % 100)
    )


def amount(cents: int) -> str:
    """The same for tables whose head names the euro: ``1,234``, ``1,234.50``."""
    return format_decimal(Decimal(cents) / 100, format="#,##0.00" if cents % 100 else "#,##0", locale=locale())


def read_euros(typed: str) -> int:
    """Cents from what a person types: ``1 234,50``, ``1,234.50``, ``€1234``. Raises ValueError otherwise."""
    text = typed.replace("€", "").replace("\u00a0", "").replace(" ", "").strip()
    if "," in text and "." in text:
        text = text.replace(",", "") if text.rfind(".") > text.rfind(",") else text.replace(".", "").replace(",", ".")
    elif text.count(",") == 1 and len(text) - text.index(",") <= 3:  # noqa: PLR2004 -- a decimal comma
        text = text.replace(",", ".")
    else:
        text = text.replace(",", "")
    try:
        cents = Decimal(text) * 100
    except InvalidOperation as error:
        raise ValueError(typed) from error
    if not cents.is_finite() or cents != cents.to_integral_value() or abs(cents) > 10**15:
        raise ValueError(typed)
    return int(cents)


def converted(minor: int, rate: Decimal) -> int:
    """Cents of euro for hundredths of another currency, of which one euro was ``rate``; halves go to the even cent."""
    return int((Decimal(minor) / rate).quantize(Decimal(1), ROUND_HALF_EVEN))


def split(cents: int, weights: Sequence[int]) -> list[int]:
    """Whole cents in proportion to the weights that add up exactly; odd cents go where most was cut off."""
    total = sum(weights)
    shares = [cents * weight // total for weight in weights]
    rest = sorted(range(len(weights)), key=lambda place: (-(cents * weights[place] % total), place))
    for place in rest[: cents - sum(shares)]:
        shares[place] += 1
    return shares
