"""What a user has settled wins over what is guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from aliexpress_customs.commodity.catalogue import Catalogue
from aliexpress_customs.errors import DeclarationError, ReadError, UsageError


@dataclass
class Line:
    title: str
    product_id: str | None = None
    sku_id: str | None = None
    unit_net_weight_kg: Decimal | None = None


@dataclass
class Item:
    hs_code: str | None
    lines: list[Line]
    description: str = ""
    origin_country: str = "CN"
    origin_assumed: bool = False


@dataclass
class Declared:
    items: list[Item] = field(default_factory=list)


@pytest.fixture(params=["csv", "sqlite"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / f"products.{request.param}"


def test_a_correction_is_kept_and_wins(file: Path) -> None:
    with Catalogue(file) as catalogue:
        catalogue.correct("8518.30", title="Wireless Earbuds!", sku_id="0012")
    kept = Catalogue(file)
    assert len(kept) == 2
    known = kept.lookup(sku_id="0012")
    assert known is not None
    assert known.hs_code == "851830"
    found = kept.classify("wireless EARBUD")
    assert not found.needs_review
    assert found.candidates[0].hs_code == "851830"
    assert "correction" in found.candidates[0].reasons[0]


@pytest.mark.parametrize("key", ["man t shirt cotton", "man tee shirt cotton"])
def test_titles_of_older_files_are_found(tmp_path: Path, key: str) -> None:
    """Files of 0.1.0 have the T-shirt of a title as two words."""
    file = tmp_path / "products.csv"
    file.write_text(
        "kind,key,hs_code,description,origin_country,unit_net_weight_kg,source\n"
        f"title,{key},610910,,,,correction\n",
        encoding="utf-8",
    )
    known = Catalogue(file).lookup(title="Men's T-Shirts Cotton")
    assert known is not None
    assert known.hs_code == "610910"


def test_a_declaration_teaches_but_never_overrules(file: Path) -> None:
    lines = [Line("=USB cable\n2 m", "1005", "12", Decimal("0.05")), Line("Cup", "1006")]
    declared = Declared([Item("8544429090", lines), Item(None, [Line("unknown")])])
    with Catalogue(file) as catalogue:
        catalogue.correct("854442", product_id="1005")
        assert catalogue.learn(declared) == 2
    kept = Catalogue(file)
    by_product, by_sku = kept.lookup(product_id="1005"), kept.lookup(sku_id="12")
    assert by_product is not None
    assert by_sku is not None
    assert by_product.hs_code == "854442"
    assert by_sku.hs_code == "8544429090"
    assert by_sku.unit_net_weight_kg == Decimal("0.05")
    assert kept.lookup(title="unknown") is None


def test_an_unknown_product_is_guessed(file: Path) -> None:
    assert Catalogue(file).lookup(title="nothing") is None
    assert Catalogue(file).classify("Wireless Bluetooth Earbuds").candidates


def test_bad_use_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Catalogue(tmp_path / "products.xlsx")
    with pytest.raises(UsageError):
        Catalogue(tmp_path / "a.csv").correct("851830")
    with pytest.raises(DeclarationError):
        Catalogue(tmp_path / "a.csv").correct("no code", title="x")


@pytest.mark.parametrize("name", ["bad.csv", "bad.sqlite"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        Catalogue(file)
    assert caught.value.path == str(file)


def test_a_failed_block_changes_no_file(tmp_path: Path) -> None:
    file = tmp_path / "products.csv"

    def fail() -> None:
        with Catalogue(file) as catalogue:
            catalogue.correct("851830", title="x")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not file.exists()
