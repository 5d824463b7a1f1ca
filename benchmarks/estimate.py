"""How fast one five-line parcel is estimated, against work that any such tool must do.

Baselines, measured in the same run: validating the same declaration with pydantic, and the bare
Decimal arithmetic of duty and VAT on five lines. Run with `make bench` or

    python benchmarks/estimate.py [--profile]
"""

from __future__ import annotations

import cProfile
import datetime as dt
import pstats
import sys
from decimal import ROUND_HALF_UP, Decimal

import aliexpress_customs as ac
from aliexpress_customs.declaration.declare import declare_goods
from timing import per_second, table

DAY = dt.date(2026, 9, 15)
CODES = ("854442", "392690", "610910", "851830", "950300")


def parcel() -> ac.Declaration:
    """Five lines of five kinds, to Germany, in euro."""
    goods = [
        ac.Goods(
            title=f"article {code}",
            unit_value="4.37 EUR",
            quantity=2,
            hs_code=code,
            origin_country="CN",
        )
        for code in CODES
    ]
    return declare_goods(goods, destination="DE", freight="3.99")


def arithmetic() -> Decimal:
    """What a hand-written calculation of the same parcel does."""
    cent = Decimal("0.01")
    duty = vat = Decimal(0)
    for _ in CODES:
        value = Decimal("4.37") * 2
        freight = Decimal("3.99") / 5
        line_duty = Decimal(3)
        duty += line_duty
        vat += (value + freight + line_duty) * Decimal("0.19")
    return duty.quantize(cent, ROUND_HALF_UP) + vat.quantize(cent, ROUND_HALF_UP)


def main() -> None:
    """Print the table, or a profile."""
    declaration = parcel()
    dumped = declaration.model_dump_json()
    exchange = ac.Exchange.default()

    def plain() -> object:
        return ac.estimate(declaration, DAY, exchange=exchange, lineage=False)

    def traced() -> object:
        return ac.estimate(declaration, DAY, exchange=exchange)

    if "--profile" in sys.argv:
        with cProfile.Profile() as profile:
            for _ in range(3000):
                plain()
        pstats.Stats(profile).sort_stats("tottime").print_stats(30)
        return
    table(
        {
            "pydantic validates the declaration": per_second(
                lambda: ac.Declaration.model_validate_json(dumped)
            ),
            "bare Decimal arithmetic": per_second(arithmetic),
            "estimate without lineage": per_second(plain),
            "estimate with lineage": per_second(traced),
        },
        unit="parcels/s",
    )


if __name__ == "__main__":
    main()
