"""The reading of rows, for any amounts: the stated total always wins and nothing gets lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.invoice.embedded_tax import take_apart
from aliexpress_customs.invoice.labels import charge_kind, open_platform_status, page_status
from aliexpress_customs.invoice.model import (
    ChargeKind,
    Discount,
    Invoice,
    InvoiceCharge,
    InvoiceLine,
    OrderTime,
    Source,
)
from aliexpress_customs.invoice.reconcile import (
    goods_sum,
    limits,
    settle,
    settle_without_rows,
)
from aliexpress_customs.money import money, round_to

CENTS = st.integers(0, 10**6).map(lambda cents: Decimal(cents) / 100)
KINDS: list[ChargeKind] = ["shipping", "store_coupon", "tax_added", "tax_included", "fee", "other"]


def invoice(
    total: str | Decimal | None, goods: str | Decimal, *rows: tuple[ChargeKind, str | Decimal]
) -> Invoice:
    price = money(goods, "EUR")
    return Invoice(
        source=Source(kind="test"),
        currency="EUR",
        lines=(InvoiceLine(title="Lamp", quantity=1, unit_price=price, line_gross=price),),
        charges=tuple(
            InvoiceCharge(kind=kind, amount=money(amount, "EUR"), in_total=kind != "tax_included")
            for kind, amount in rows
        ),
        total=None if total is None else money(total, "EUR"),
    )


def rule(settled: Invoice) -> str:
    assert settled.reconciliation is not None
    return f"{settled.reconciliation.rule}: {settled.reconciliation.level}"


@pytest.mark.parametrize(
    ("total", "goods", "rows", "expected"),
    [
        ("12.00", "10.00", [("shipping", "2.00")], "rows added: ok"),
        ("12.03", "10.00", [("shipping", "2.00")], "rows added: ok"),
        ("12.04", "10.00", [("shipping", "2.00")], "rows added: warn"),
        ("12.15", "10.00", [("shipping", "2.00")], "rows added: warn"),
        ("12.16", "10.00", [("shipping", "2.00")], "rows added: error"),
        ("12.00", "10.00", [("tax_added", "2.00")], "tax added: ok"),
        ("10.00", "10.00", [("tax_added", "2.00")], "tax included: ok"),
        ("18.00", "14.40", [("tax_added", "6.00")], "tax partly included: ok"),
        ("10.00", "10.00", [("shipping", "-0.10")], "shipping shown, not summed: ok"),
        ("9.00", "10.00", [("shipping", "2.00")], "discount derived: ok"),
        ("8.00", "10.00", [("coins", "-1.00")], "rows added: error"),
        (None, "10.00", [], "no stated total: unknown"),
    ],
)
def test_rows_are_read_so_that_they_fit(
    total: str | None, goods: str, rows: list[tuple[ChargeKind, str]], expected: str
) -> None:
    assert rule(settle(invoice(total, goods, *rows))) == expected


def test_a_refunded_order_may_miss_its_total() -> None:
    order = invoice("5.00", "10.00", ("coins", "-1.00"))
    refunded = order.model_copy(update={"refunded": money("4.00", "EUR")})
    assert rule(settle(refunded)) == "rows added: warn"


def test_currencies_without_cents_have_wider_limits() -> None:
    assert limits("JPY") == (Decimal(3), Decimal(15))
    assert limits("KWD") == limits("EUR") == (Decimal("0.03"), Decimal("0.15"))


@given(CENTS, CENTS, st.lists(st.tuples(st.sampled_from(KINDS), CENTS), max_size=5))
def test_lines_and_rows_make_the_total_whatever_they_are(
    total: Decimal, goods: Decimal, rows: list[tuple[ChargeKind, Decimal]]
) -> None:
    for settled in (
        settle(invoice(total, goods, *rows)),
        settle_without_rows(invoice(total, goods, *rows)),
    ):
        counted = sum(row.amount.amount for row in settled.charges if row.in_total)
        assert goods_sum(settled) + counted == total


@given(
    st.integers(10_000, 100_000).map(lambda cents: Decimal(cents) / 100),
    st.integers(5, 27),
    st.integers(100, 1000).map(lambda cents: Decimal(cents) / 100),
)
def test_vat_inside_and_duty_on_top_are_found(net: Decimal, percent: int, duty: Decimal) -> None:
    rate, cent = Decimal(percent) / 100, Decimal("0.01")
    gross = round_to(net * (1 + rate), cent)
    on_duty = round_to(duty * rate, cent)
    tax = gross - net + duty + on_duty
    found = take_apart(gross, tax, gross + duty + on_duty, "EUR")
    assert found is not None
    assert found.inside + found.duty + found.on_top == tax
    assert found.percent == percent
    assert abs(found.inside - (gross - net)) <= cent
    assert abs(found.duty - duty) <= cent


def test_small_amounts_leave_the_rate_open() -> None:
    found = take_apart(Decimal("1.20"), Decimal("0.50"), Decimal("1.50"), "EUR")
    assert found is not None
    assert (found.percent, found.inside, found.on_top) == (None, Decimal("0.20"), Decimal("0.30"))


@given(
    st.builds(
        Invoice,
        source=st.builds(Source, kind=st.text(max_size=9), file=st.text(max_size=9)),
        order_id=st.none() | st.text(max_size=30),
        currency=st.just("EUR"),
        ordered_at=st.none()
        | st.builds(
            OrderTime,
            date=st.dates(),
            instant=st.none()
            | st.datetimes(min_value=dt.datetime(1970, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - hypothesis adds the zone
            raw=st.text(max_size=9),
        ),
        lines=st.lists(
            st.builds(
                InvoiceLine,
                title=st.text(max_size=20),
                quantity=st.integers(0, 99),
                unit_price=CENTS.map(lambda amount: money(amount, "EUR")),
                line_gross=CENTS.map(lambda amount: money(amount, "EUR")),
                discounts=st.lists(
                    st.builds(Discount, amount=CENTS.map(lambda amount: money(amount, "EUR"))),
                    max_size=2,
                ).map(tuple),
                gross_weight_kg=st.none() | CENTS,
            ),
            max_size=3,
        ).map(tuple),
        total=st.none() | CENTS.map(lambda amount: money(amount, "EUR")),
    )
)
def test_an_invoice_comes_back_from_json_unchanged(order: Invoice) -> None:
    for one in (order, settle(order)):
        assert Invoice.model_validate_json(one.model_dump_json()) == one


def test_rows_and_statuses_are_known_in_several_languages() -> None:
    assert charge_kind("Cupom da loja") == "store_coupon"
    assert charge_kind(" SHIPPING: ") == "shipping"
    assert charge_kind("Spend &amp; Save") == "platform_coupon"
    assert charge_kind("Imposto") == "tax_added"
    assert charge_kind("something new") == "other"
    assert page_status("Canceled ") == "cancelled"
    assert page_status("Aguardando a entrega") == "shipped"
    assert page_status("?") == "unknown"
    assert open_platform_status("FINISH", "NOT_PAY") == "expired"
    assert open_platform_status("WAIT_SELLER_SEND_GOODS") == "to_ship"
