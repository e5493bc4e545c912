"""Amounts: exact decimals on this side, whole micros (millionths of the currency unit) on the wire."""

from __future__ import annotations

from decimal import Decimal

_MICROS = 6
_INT64 = 2**63


def to_micros(amount: Decimal | int | str) -> int:
    """``amount`` in micros. Raises ValueError for what is no number, has more than six decimals, or does not fit."""
    try:
        value = Decimal(amount)
    except ArithmeticError:
        raise ValueError(f"{amount!r} is not an amount: write it like 12.50") from None
    if not value.is_finite():
        raise ValueError(f"{amount!r} is not an amount: write it like 12.50")
    # The digits are moved, not multiplied: no context rounds them.
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    shift = exponent + _MICROS
    whole = int("".join(map(str, digits)))
    if shift >= 0:
        if whole and shift > 19:
            raise ValueError(f"{amount!r} is too large")
        whole *= 10**shift if whole else 1
    else:
        whole, rest = divmod(whole, 10 ** min(-shift, len(digits) + 1))
        if rest:
            raise ValueError(f"{amount!r} has more than six decimals")
    if whole >= _INT64:
        raise ValueError(f"{amount!r} is too large")
    return -whole if sign else whole


def from_micros(micros: int) -> Decimal:
    """The amount of ``micros`` as an exact decimal with at least two decimals."""
    value = Decimal((1 if micros < 0 else 0, tuple(map(int, str(abs(micros)))), -_MICROS))
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    while exponent < -2 and digits[-1] == 0:
        digits, exponent = digits[:-1] or (0,), exponent + 1
    return Decimal((sign, digits, exponent))
