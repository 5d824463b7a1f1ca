"""`rules check`: each fault it finds in a small table, and that the shipped tables have none."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pycountry
import pytest

import aliexpress_customs
from aliexpress_customs.model import Finding
from aliexpress_customs.rules.check import check
from aliexpress_customs.rules.load import FOLDERS_VARIABLE, destinations

HEAD = """
[destination]
code = "NR"
name = "Testland"
currency = "AUD"
"""
SOURCE = """
source_url = "https://customs.example/rates"
source_kind = "official"
confidence = "high"
"""
VAT = """
[[charge]]
id = "vat"
kind = "vat"
label = "Goods tax"
base = "intrinsic_value"
rate = "vat_rate"
"""
PACKAGE = Path(aliexpress_customs.__file__).parent
MAPS_FOREIGN_CODES = {Path("invoice/countries.py"), Path("invoice/labels.py")}
"""Modules whose job is to map the codes and names a source file uses for countries."""
OF_AUTHORITIES = {"readers", "export"}
"""Folders of formats that belong to an authority or a shop of one country."""
DEFAULT_ORIGIN = "CN"
Check = Callable[[str], dict[str, Finding]]


def rate(value: str = "10", extra: str = "", source: str = SOURCE) -> str:
    return f'[[parameter]]\nid = "vat_rate"\nvalue = {value}\nunit = "%"\n{extra}\n{source}'


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Findings about a table of Testland, by their code."""

    def run(body: str) -> dict[str, Finding]:
        folder = tmp_path / "destinations"
        folder.mkdir()
        (folder / "nr.toml").write_text(HEAD + body, encoding="utf-8")
        monkeypatch.setenv(FOLDERS_VARIABLE, str(tmp_path))
        return {finding.code: finding for finding in check(["NR"])}

    return run


def test_a_sound_table_has_no_findings(checked: Check) -> None:
    history = rate("8", "to = 2025-12-31") + rate("10", "from = 2026-01-01")
    assert not checked(history + VAT)


def test_overlapping_dates_are_found(checked: Check) -> None:
    found = checked(rate("8", "to = 2026-01-01") + rate("10", "from = 2026-01-01") + VAT)
    assert found["overlapping_dates"].severity == "error"
    assert found["overlapping_dates"].path == "NR: parameter vat_rate"
    assert "2026-01-01" in found["overlapping_dates"].message


def test_an_open_end_before_a_later_entry_overlaps(checked: Check) -> None:
    found = checked(rate("8") + rate("10", "from = 2026-01-01") + VAT)
    assert "overlapping_dates" in found


def test_entries_for_other_codes_or_regions_do_not_overlap(checked: Check) -> None:
    narrowed = (
        rate("5", 'codes = ["49"]') + rate("4", 'region = "NR-14"') + rate("3", 'category = "book"')
    )
    found = checked(rate() + narrowed + VAT.replace("[[charge]]", '[[charge]]\nper = "line"'))
    assert "overlapping_dates" not in found


def test_a_gap_in_a_history_is_found(checked: Check) -> None:
    found = checked(rate("8", "to = 2025-12-30") + rate("10", "from = 2026-01-01") + VAT)
    assert found["missing_dates"].severity == "error"
    assert "from 2025-12-31 to 2025-12-31" in found["missing_dates"].message


def test_a_gap_that_is_explained_is_a_warning(checked: Check) -> None:
    explained = rate("8", 'to = 2025-06-30\nnote = "Suspended for half a year."')
    found = checked(
        explained
        + rate("10", "from = 2026-01-01")
        + VAT.replace("[[charge]]", "[[charge]]\nfrom = 2026-01-01")
    )
    assert found["missing_dates"].severity == "warning"


def test_unknown_names_are_found_with_the_day(checked: Check) -> None:
    found = checked(rate() + VAT.replace("intrinsic_value", "intrinsic_valu"))
    assert found["bad_expression"].severity == "error"
    assert "'intrinsic_valu'" in found["bad_expression"].message
    assert "on 2021-07-01" in found["bad_expression"].message
    assert "charge vat" in found["bad_expression"].path


def test_a_charge_that_outlives_its_parameter_is_found(checked: Check) -> None:
    found = checked(rate("8", "to = 2025-12-31") + VAT)
    assert "'vat_rate'" in found["bad_expression"].message
    assert "on 2026-01-01" in found["bad_expression"].message


def test_names_in_announced_charges_are_checked_too(checked: Check) -> None:
    announced = VAT.replace('id = "vat"', 'id = "later"\nstatus = "announced"')
    found = checked(rate() + VAT + announced.replace("intrinsic_value", "nonsense"))
    assert "'nonsense'" in found["bad_expression"].message


def test_names_in_entries_for_one_region_are_checked_too(checked: Check) -> None:
    only_there = rate("8", 'region = "NR-14"')
    found = checked(only_there + VAT)
    assert "bad_expression" in found  # elsewhere no rate holds


def test_uncited_values_are_found(checked: Check) -> None:
    found = checked(rate(source='confidence = "high"\n') + VAT)
    assert found["uncited"].path == "NR: parameter vat_rate"
    assert found["uncited"].severity == "error"


def test_a_value_from_memory_says_so(checked: Check) -> None:
    assert not checked(rate(source='source_kind = "memory"\nconfidence = "memory"\n') + VAT)


def test_memory_with_a_better_confidence_is_found(checked: Check) -> None:
    found = checked(rate(source='source_kind = "memory"\nconfidence = "high"\n') + VAT)
    assert "no_confidence" in found


def test_a_missing_confidence_is_found(checked: Check) -> None:
    found = checked(rate(source='source_url = "https://customs.example"\n') + VAT)
    assert found["no_confidence"].path == "NR: parameter vat_rate"


def test_an_uncited_scheme_is_found(checked: Check) -> None:
    found = checked(rate() + VAT + '[[scheme]]\nid = "s"\nname = "S"\nconfidence = "high"\n')
    assert found["uncited"].path == "NR: scheme s"


def test_a_charge_below_one_that_always_applies_is_unreachable(checked: Check) -> None:
    grouped = VAT.replace("[[charge]]", '[[charge]]\ngroup = "vat"')
    found = checked(rate() + grouped + grouped.replace('id = "vat"', 'id = "reduced"'))
    assert found["unreachable"].path == "NR: charge reduced"
    assert "vat above it" in found["unreachable"].message


def test_a_charge_that_outlives_the_one_above_is_reachable(checked: Check) -> None:
    grouped = VAT.replace("[[charge]]", '[[charge]]\ngroup = "vat"')
    ended = grouped.replace("[[charge]]", "[[charge]]\nto = 2025-12-31")
    found = checked(rate() + ended + grouped.replace('id = "vat"', 'id = "later"'))
    assert "unreachable" not in found


def test_a_parameter_that_nothing_reads_is_a_warning(checked: Check) -> None:
    found = checked(rate() + rate().replace("vat_rate", "old_rate") + VAT)
    assert found["unused"].path == "NR: parameter old_rate"
    assert found["unused"].severity == "warning"


def test_an_unknown_exchange_rule_is_found(checked: Check) -> None:
    found = checked('exchange_rule = "full_moon"\n' + rate() + VAT)
    assert "full_moon" in found["unknown_exchange_rule"].message


def test_a_table_that_cannot_be_read_is_one_finding(checked: Check) -> None:
    (finding,) = checked("[[charge]]\nid = 5\n").values()
    assert finding.code == "bad_rule_table"
    assert finding.severity == "error"
    assert "nr.toml" in finding.path


def test_a_destination_without_table_is_one_finding() -> None:
    (finding,) = check(["XX"])
    assert finding.code == "unknown_destination"


@pytest.mark.parametrize("code", destinations())
def test_the_shipped_table_has_no_errors(code: str) -> None:
    assert [finding for finding in check([code]) if finding.severity == "error"] == []


def test_no_code_of_a_country_is_written_into_the_program() -> None:
    """A rule for one destination belongs into its table."""
    codes = {country.alpha_2 for country in pycountry.countries} - {DEFAULT_ORIGIN}
    found = [
        f"{where}:{line}: {text}"
        for where, line, text in constants()
        if text in codes
        and where not in MAPS_FOREIGN_CODES
        and where.parent.name not in OF_AUTHORITIES
    ]
    assert found == []


def test_no_name_of_a_country_is_written_into_the_program() -> None:
    names = {country.name for country in pycountry.countries}
    found = [
        f"{where}:{line}: {text}"
        for where, line, text in constants()
        if where not in MAPS_FOREIGN_CODES and where.parent.name not in OF_AUTHORITIES
        if text in names
    ]
    assert found == []


def constants() -> Iterator[tuple[Path, int, str]]:
    """Every text in the program that is no docstring."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        prose = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or id(node) in prose:
                continue
            if isinstance(node.value, str):
                yield path.relative_to(PACKAGE), node.lineno, node.value


def test_the_search_for_codes_would_see_one() -> None:
    texts = {text for _, _, text in constants()}
    assert DEFAULT_ORIGIN in texts
    assert len(texts) > 500
