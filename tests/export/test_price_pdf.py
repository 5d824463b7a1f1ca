"""The price document on paper: everything in it is printed, and nothing is cut."""

from __future__ import annotations

import builtins
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import aliexpress_customs as ac
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export import export, price_pdf
from aliexpress_customs.export.amounts import grouped
from aliexpress_customs.export.price_document import NOT_STATED, price_document
from aliexpress_customs.invoice.model import Address, Invoice, Party
from consignment.samples import line, order, row

from .papers import after, lines, lowest, number, pages, sizes, squeezed, text
from .parcels import parcel

LONG = (
    "2024 New Women's Summer Casual Loose Cotton Linen Long Sleeve Blouse Vintage Floral Print "
    "Turn-down Collar Button Shirt Plus Size Tops S-5XL"
)
few = settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
"""Papers take a while to be read again."""
BUYERS = {
    "Cyrillic": "Анна Каренина",
    "Greek": "Μαρία Παπαδοπούλου",
    "Polish": "Zażółć Gęślą",
    "Vietnamese": "Nguyễn Thị Hường",
}


def sum_of(content: bytes) -> tuple[Decimal, Decimal]:
    """The rows printed between the prices and the total, added up, and the total printed."""
    printed = lines(content)
    start, end = printed.index("Price of the goods"), printed.index("Total of the order")
    cells = iter(printed[start:end])
    rows = {label: next(cells) for label in cells}
    rows.pop("Paid for the goods")
    amounts = [number(one) for one in rows.values() if one != NOT_STATED]
    return sum(amounts, Decimal(0)), number(printed[end + 1])


@st.composite
def plain_orders(draw: st.DrawFn) -> Invoice:
    """Orders with titles of any length, whose rows have short names of their own."""
    code, places = draw(st.sampled_from((("EUR", 2), ("KRW", 0), ("CLP", 0), ("KWD", 3))))

    def some(most: int) -> str:
        return f"{Decimal(draw(st.integers(1, most))).scaleb(-places):f}"

    titles = draw(st.lists(st.sampled_from((LONG, "Кружка", "Mug")), min_size=1, max_size=6))
    goods = [
        line(some(90_000_000), draw(st.integers(1, 99)), code, title=f"{title} {index}")
        for index, title in enumerate(titles)
    ]
    rows = (
        row("shipping", some(9_000), code),
        row("coins", f"-{some(9_000)}", code),
        row("tax_added", some(90_000), code),
    )
    before = sum((one.line_gross.amount for one in goods), Decimal(0))
    total = before + sum((one.amount.amount for one in rows), Decimal(0))
    total += Decimal(draw(st.integers(-3, 3))).scaleb(-places)
    return order(*goods, rows=rows, total=f"{max(total, Decimal(0)):f}", currency=code)


@few
@given(plain_orders())
def test_the_amounts_printed_sum_to_the_total_printed(made: Invoice) -> None:
    rows, total = sum_of(price_pdf.write(made))
    assert made.total is not None
    assert rows == total == made.total.amount


@few
@given(plain_orders())
def test_every_line_is_printed_with_its_title_and_what_was_paid(made: Invoice) -> None:
    document = price_document(made)
    content = price_pdf.write(made)
    printed, cells = text(content), lines(content)
    for item, priced in zip(document.items, document.lines, strict=True):
        assert item.title in printed
        assert priced.paid is not None
        assert grouped(priced.paid) in cells


@few
@given(plain_orders(), st.sampled_from(("a4", "letter")))
def test_the_same_order_makes_the_same_bytes(made: Invoice, paper: str) -> None:
    assert price_pdf.write(made, paper=paper) == price_pdf.write(made, paper=paper)


def test_the_sample_order_becomes_one_page() -> None:
    (sample,) = ac.read(ac.sample_order())
    content = price_pdf.write(sample)
    assert len(pages(content)) == 1
    assert after(content, "Total of the order") == "167.47 BRL"
    assert after(content, "Handling charges") == NOT_STATED
    assert sum_of(content) == (Decimal("167.47"), Decimal("167.47"))
    assert "This is not the invoice of the seller." in text(content)
    assert "Page 1 of 1" in lines(content)


def test_forty_lines_go_on_overleaf_under_the_same_headings() -> None:
    titles = [f"{LONG} {index}" for index in range(40)]
    made = order(*(line("3.20", 2, title=title) for title in titles), total="256.00")
    content = price_pdf.write(made)
    found = pages(content)
    assert len(found) > 2
    with_lines = [page for page in found if any(cell.startswith(LONG[:30]) for cell in page)]
    assert len(with_lines) > 1
    assert all("Unit price" in page for page in with_lines)
    assert lowest(content) > 15
    assert all(f"Page {n} of {len(found)}" in page for n, page in enumerate(found, start=1))
    printed = text(content)
    assert all(title in printed for title in titles)
    sums = next(page for page in found if "Price of the goods" in page)
    assert "Total of the order" in sums, "the sum stays on one page"


def test_a_title_of_any_length_is_printed_whole() -> None:
    endless = "cotton" * 60
    words = " ".join(f"word{index}" for index in range(200))
    content = price_pdf.write(order(line("1", title=endless), line("2", title=words), total="3"))
    printed = squeezed(text(content))
    assert endless in printed
    assert squeezed(words) in printed
    assert "…" not in printed


def test_a_title_that_no_page_could_hold_is_shortened_and_the_paper_says_so() -> None:
    content = price_pdf.write(order(line("1", title="word " * 5000), total="1"))
    assert "A text that ends in an ellipsis was too long for this paper." in lines(content)


@pytest.mark.parametrize("name", BUYERS.values(), ids=list(BUYERS))
def test_buyers_are_printed_in_their_own_letters(name: str) -> None:
    printed = text(price_pdf.write(order(line("5"), buyer=Party(name=name), total="5")))
    assert name in printed
    assert "Latin letters" not in printed


def test_arabic_buyers_are_printed_in_arabic() -> None:
    address = Address(name="محمد علي", city="الرياض", country="SA")
    printed = text(price_pdf.write(order(line("5"), ship_to=address, total="5")))
    assert any("\u0600" <= sign <= "\u06ff" or "\ufe70" <= sign <= "\ufeff" for sign in printed)
    assert "Saudi Arabia" in printed
    assert "Latin letters" not in printed


def test_chinese_buyers_are_printed_in_latin_letters_and_the_paper_says_so() -> None:
    content = price_pdf.write(order(line("5", title="鼠标"), buyer=Party(name="王芳"), total="5"))
    assert "WangFang" in text(content)
    assert "ShuBiao" in text(content)
    assert "Latin letters" in text(content)


@pytest.mark.parametrize(
    ("code", "price", "printed"),
    [
        ("JPY", "1234", "1 234 JPY"),
        ("KRW", "11110", "11 110 KRW"),
        ("CLP", "1299990", "1 299 990 CLP"),
        ("KWD", "1.5", "1.500 KWD"),
        ("EUR", "1234567.5", "1 234 567.50 EUR"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(code: str, price: str, printed: str) -> None:
    content = price_pdf.write(order(line(price, 1, code), total=price, currency=code))
    assert after(content, "Total of the order") == printed


def test_the_largest_amount_is_not_cut() -> None:
    most = "1000000000000000"
    content = price_pdf.write(order(line(most), total=most))
    assert "…" not in text(content)
    assert text(content).count("1 000 000 000 000 000.00") >= 5


def test_masked_names_are_printed_with_their_stars() -> None:
    address = Address(name="S** P******", lines=("Rua ******",), masked=True)
    content = price_pdf.write(order(line("5"), ship_to=address, total="5"))
    assert {"S** P******", "Rua ******"} <= set(lines(content))


def test_several_orders_of_a_parcel_each_begin_a_page() -> None:
    two = [order(line("5"), total="5"), order(line("6"), total="6", order_id="8200000000000002")]
    found = pages(price_pdf.write(two, tracking="RB123456785GB"))
    assert [page.count("Price document") for page in found] == [1, 1]
    assert "Order 8200000000000002" in found[1]
    assert not any("8200000000000001" in cell for cell in found[1])
    assert all("RB123456785GB (given by the buyer)" in page for page in found)


def test_paper_is_a4_or_letter() -> None:
    made = order(line("5"), total="5")
    assert sizes(price_pdf.write(made)) == {(210, 297)}
    assert sizes(price_pdf.write(made, paper="letter")) == {(216, 279)}
    with pytest.raises(UsageError, match="a5"):
        price_pdf.write(made, paper="a5")


def test_the_file_names_no_person_in_its_properties() -> None:
    content = price_pdf.write(order(line("5"), buyer=Party(name="Secret"), total="5"))
    assert b"/Title (Price document)" in content
    assert b"Secret" not in content


@pytest.mark.parametrize("thing", [[], ["order.json"], [parcel()]])
def test_only_orders_are_taken(thing: Any) -> None:
    with pytest.raises(UsageError) as caught:
        export(thing, "price-pdf")
    assert "Invoice" in caught.value.action


def test_a_declaration_is_refused_because_it_holds_no_prices_paid() -> None:
    with pytest.raises(UsageError, match="Declaration"):
        export(parcel(), "price-pdf")


def test_export_writes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "price.pdf"
    assert export(ac.read(ac.sample_order()), "price-pdf", path) == path
    assert path.read_bytes().startswith(b"%PDF-")


def test_without_the_extra_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("reportlab"):
            raise ImportError(name=name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExportError, match="not installed") as caught:
        price_pdf.write(order(line("5"), total="5"))
    assert "aliexpress-customs[pdf]" in caught.value.action
