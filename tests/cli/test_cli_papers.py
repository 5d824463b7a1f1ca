"""From an order file, or a stored estimate, to a paper in one command."""

from __future__ import annotations

from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.cli import main

SAMPLE = str(ac.sample_order())
TWO_PARCELS = Path(__file__).parents[1] / "fixtures" / "orders" / "seller_order_info.json"
ON = ("--on", "2026-10-02")


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


def printed(path: Path) -> str:
    import pypdf  # noqa: PLC0415

    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_an_order_file_becomes_a_price_document(tmp_path: Path) -> None:
    target = tmp_path / "price.pdf"
    assert call("export", SAMPLE, "-f", "price-pdf", "-o", str(target)) == 0
    assert "167.47 BRL" in printed(target)


def test_the_parcel_that_is_held_is_named_on_it(tmp_path: Path) -> None:
    target = tmp_path / "price.pdf"
    arguments = ("-f", "price-pdf", "--tracking", "LZ000000042CN", "-o", str(target))
    assert call("export", SAMPLE, str(TWO_PARCELS), *arguments) == 0
    text = printed(target)
    assert "In this parcel" in text
    assert "8200000000000101" not in text, "an order without the parcel is left out"
    assert call("export", SAMPLE, *arguments, "--option", "paper=letter") == 0
    assert "LZ000000042CN (given by the buyer)" in printed(target)


def test_an_order_file_becomes_an_estimate_page(tmp_path: Path) -> None:
    target = tmp_path / "cost.pdf"
    assert call("export", SAMPLE, *ON, "-f", "estimate-pdf", "-o", str(target)) == 0
    assert "HDMI cable 2 m" in printed(target)
    assert "Import cost estimate" in printed(target)


def test_a_stored_estimate_becomes_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored, target = tmp_path / "estimate.json", tmp_path / "cost.pdf"
    assert call("estimate", SAMPLE, *ON, "--transport", "express", "--json") == 0
    stored.write_text(capsys.readouterr().out, encoding="utf-8")
    assert call("export", str(stored), "-f", "estimate-pdf", "-o", str(target)) == 0
    assert "by express" in printed(target)
    stored.write_text(stored.read_text("utf-8").replace('"landed_cost": "', '"landed_cost": "x'))
    assert call("export", str(stored), "-f", "estimate-pdf", "-o", str(target)) == 3
    assert "This is no estimate" in capsys.readouterr().err


def test_estimate_and_quote_write_their_page_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "cost.pdf"
    assert call("estimate", SAMPLE, *ON, "--pdf", str(target)) == 0
    assert "HDMI cable 2 m" in printed(target)
    assert "Landed cost" in capsys.readouterr().out
    goods = "lamp;9000 JPY;1;940521;CN"
    assert call("quote", goods, "--to", "JP", *ON, "--pdf", str(target)) == 0
    assert "Japan (JP)" in printed(target)


def test_a_price_document_needs_an_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = tmp_path / "declaration.json"
    assert call("declare", SAMPLE, "--json") == 0
    stored.write_text(capsys.readouterr().out, encoding="utf-8")
    assert call("export", str(stored), "-f", "price-pdf") == 3
    assert "Not read" in capsys.readouterr().err
