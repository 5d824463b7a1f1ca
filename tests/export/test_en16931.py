"""The UBL documents keep the official rules of EN 16931, which would catch mistakes in them.

The rules are a data file of a package; `tests/en16931.txt` says which and how it is installed.
"""

from __future__ import annotations

import importlib.metadata
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aliexpress_customs.declaration.model import Declaration
from aliexpress_customs.export import ubl
from strategies import many

from .parcels import parcel
from .test_ubl import FACTS, SAFE, collected, invoiced

RULES = ("CEN-EN16931-UBL.xslt", "EN16931-UBL-validation.xsl")
"""Names under which packages ship the official rules; `tests/en16931.txt` names one that does."""
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


@cache
def rules(name: str) -> Any:
    """The official rules of EN 16931 as XSLT, out of any installed package that ships them."""
    saxon = pytest.importorskip("saxonche", reason="saxonche, which runs XSLT 2, is not installed.")
    for package in importlib.metadata.distributions():
        for path in package.files or ():
            if path.name == name:
                processor = saxon.PySaxonProcessor(license=False)
                compiler = processor.new_xslt30_processor()
                sheet = compiler.compile_stylesheet(stylesheet_file=str(path.locate()))
                return processor, sheet
    pytest.skip(
        f"The rules of EN 16931 ({name}) are not installed: "
        "pip install --no-deps -r tests/en16931.txt"
    )


def broken_rules(content: bytes, name: str) -> set[str]:
    processor, sheet = rules(name)
    node = processor.parse_xml(xml_text=content.decode())
    report = sheet.transform_to_string(xdm_node=node)
    root = etree.fromstring(report.encode(), SAFE)
    assert len(root.findall(f"{SVRL}fired-rule")) > 20, "the rules have looked at the invoice"
    return {found.get("id", "?") for found in root.iter(f"{SVRL}failed-assert")}


@pytest.mark.parametrize("name", RULES)
@many
@given(made=invoiced(), kind=st.sampled_from(("380", "935", "325")), paid=st.booleans())
def test_every_document_keeps_the_rules_of_en_16931(
    name: str, made: tuple[Declaration, dict[str, Any]], kind: str, paid: bool
) -> None:
    rules(name)
    declaration, options = made
    for content in ubl.documents(declaration, **options, document_type=kind, paid=paid):
        assert broken_rules(content, name) == set()


AMOUNT = ' currencyID="USD">'
TOTAL = "<cac:LegalMonetaryTotal>\n    "


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"H87"', '"PCS"', "BR-CL-23"),
        ("<cbc:IssueDate>2026-07-02</cbc:IssueDate>", "", "BR-03"),
        (
            f"{TOTAL}<cbc:LineExtensionAmount{AMOUNT}3.20",
            f"{TOTAL}<cbc:LineExtensionAmount{AMOUNT}3.21",
            "BR-CO-10",
        ),
        (
            f"<cbc:TaxExclusiveAmount{AMOUNT}5.19",
            f"<cbc:TaxExclusiveAmount{AMOUNT}5.20",
            "BR-CO-13",
        ),
        (
            f"<cbc:TaxInclusiveAmount{AMOUNT}6.23",
            f"<cbc:TaxInclusiveAmount{AMOUNT}6.24",
            "BR-CO-15",
        ),
        (f"<cbc:PayableAmount{AMOUNT}0", f"<cbc:PayableAmount{AMOUNT}1", "BR-CO-16"),
        ("<cbc:Percent>20</cbc:Percent>", "<cbc:Percent>90</cbc:Percent>", "BR-CO-17"),
        ("<cbc:Percent>20</cbc:Percent>", "<cbc:Percent>90</cbc:Percent>", "BR-S-09"),
        (">IM3720000224<", ">ZZ3720000224<", "BR-CO-09"),
        (">S<", ">O<", "BR-O-02"),
    ],
)
def test_the_rules_would_catch_a_mistake(name: str, old: str, new: str, rule: str) -> None:
    rules(name)
    content = ubl.write(parcel(collected=(collected("1.04"),)), **FACTS, vat_rate=20).decode()
    assert broken_rules(content.encode(), name) == set()
    assert old in content
    assert rule in broken_rules(content.replace(old, new).encode(), name)
