"""Goods items of a UK declaration, with what their data set asks for."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from aliexpress_customs.declaration.model import Declaration, GoodsItem
from aliexpress_customs.export.xml_cds import (
    RELIEF_DIGITS,
    TARIC_DIGITS,
    TARIFF_DIGITS,
    CdsOptions,
)
from aliexpress_customs.export.xml_h7 import DESCRIPTION_LENGTH, gross_weights
from aliexpress_customs.export.xml_options import limited, required
from aliexpress_customs.export.xml_text import (
    Builder,
    commodity_code,
    description,
    plain_amount,
    plain_kilograms,
)

if TYPE_CHECKING:
    from lxml import etree

REFERENCE_LENGTH: Final = 35
MARKS_LENGTH: Final = 512
_NO_PREFERENCE: Final = "100"
_TRANSACTION_VALUE: Final = "1"
_NON_PREFERENTIAL: Final = "1"
_NO_ADJUSTMENT: Final = "0000"


def add_items(
    shipment: etree._Element,
    declaration: Declaration,
    options: CdsOptions,
    row: dict[str, Any],
    procedures: tuple[str, ...],
    builder: Builder,
) -> None:
    """Add every goods item of the declaration.

    Raises:
        ExportError: an item lacks a description or a commodity code, or an option is missing.
    """
    writer = _Items(declaration, options, row, procedures, builder)
    weights = gross_weights(declaration)
    for index, (item, gross) in enumerate(zip(declaration.items, weights, strict=True)):
        writer.add(builder.group(shipment, "GovernmentAgencyGoodsItem"), index, item, gross)


class _Items:
    def __init__(
        self,
        declaration: Declaration,
        options: CdsOptions,
        row: dict[str, Any],
        procedures: tuple[str, ...],
        builder: Builder,
    ) -> None:
        self.declaration = declaration
        self.options = options
        self.row = row
        self.groups = frozenset(row["groups"])
        self.procedures = procedures
        self.xml = builder
        account = options.deferment_account.strip() if row["name"] == "H1" else ""
        self.account = limited(account, "deferment_account")

    def add(
        self, element: etree._Element, index: int, item: GoodsItem, gross: Decimal | None
    ) -> None:
        path = f"items[{index}]"
        plain_amount(item.item_value, f"{path}.item_value")
        if "customs_value" in self.groups:
            self.xml.amount(element, "CustomsValueAmount", item.item_value)
        self.xml.texts(element, SequenceNumeric=str(index + 1))
        self._documents(element)
        for code, text in self._statements():
            statement = self.xml.group(element, "AdditionalInformation")
            self.xml.texts(statement, StatementCode=code, StatementDescription=text)
        self._commodity(self.xml.group(element, "Commodity"), item, gross, path)
        if "valuation" in self.groups:
            valuation = self.xml.group(element, "CustomsValuation")
            self.xml.texts(valuation, MethodCode=_TRANSACTION_VALUE)
        current, previous = self.row["procedure"]
        procedure = self.xml.group(element, "GovernmentProcedure")
        self.xml.texts(procedure, CurrentCode=current, PreviousCode=previous)
        for code in self.procedures:
            self.xml.texts(self.xml.group(element, "GovernmentProcedure"), CurrentCode=code)
        if "origin" in self.groups:
            origin = self.xml.group(element, "Origin")
            self.xml.texts(origin, CountryCode=item.origin_country, TypeCode=_NON_PREFERENTIAL)
        if "packages" in self.groups:
            self._packaging(element, index)
        if "valuation" in self.groups:
            adjustment = self.xml.group(element, "ValuationAdjustment")
            self.xml.texts(adjustment, AdditionCode=_NO_ADJUSTMENT)

    def _documents(self, element: etree._Element) -> None:
        """Documents (2/3): category, number, type, status."""
        found: list[tuple[str, str, str, str]] = []
        if self.account:
            found.append(("C", f"GBDPO{self.account}", "506", ""))
        number = self.declaration.invoice_number
        if "invoice_document" in self.groups and number.strip():
            invoice = limited(number, "invoice_number", REFERENCE_LENGTH)
            found.append(("N", invoice, "935", "AC"))
        if self.account:
            found.append(("C", "GBCGUGuaranteenotrequired", "505", "CC"))
        if "birds" in self.groups:
            reference = required(
                self.options.birds_authorisation,
                "birds_authorisation",
                "BIRDS authorisation",
                REFERENCE_LENGTH,
            )
            found.append(("1", reference, "BRD", ""))
        for category, reference, kind, status in found:
            entry = self.xml.group(element, "AdditionalDocument")
            self.xml.texts(entry, CategoryCode=category, ID=reference)
            self.xml.texts(entry, TypeCode=kind, LPCOExemptionCode=status)

    def _statements(self) -> list[tuple[str, str]]:
        """Additional information (2/2): code and text."""
        found = [(code, text) for code, text in self.row["statements"]]
        if "birds" in self.groups and self.options.exporter is None:
            found.append(("00200", "Various"))
        if not self.options.representation:
            found.append(("00500", "IMPORTER"))
        return found

    def _commodity(
        self, element: etree._Element, item: GoodsItem, gross: Decimal | None, path: str
    ) -> None:
        words = description(item.description, DESCRIPTION_LENGTH, path)
        self.xml.texts(element, Description=words)
        if "commodity_code" in self.groups:
            self._codes(element, item, f"{path}.hs_code")
        if "preference" in self.groups:
            duty = self.xml.group(element, "DutyTaxFee")
            self.xml.texts(duty, DutyRegimeCode=_NO_PREFERENCE)
            if self.account:
                self.xml.texts(self.xml.group(duty, "Payment"), MethodCode="E")
        net = item.net_weight_kg if "net_mass" in self.groups else None
        if gross is not None or net is not None:
            measure = self.xml.group(element, "GoodsMeasure")
            for name, weight in (("GrossMassMeasure", gross), ("NetNetWeightMeasure", net)):
                if weight is not None:
                    self.xml.text(measure, name, plain_kilograms(weight, path))
        if "item_charge" in self.groups:
            line = self.xml.group(element, "InvoiceLine")
            self.xml.amount(line, "ItemChargeAmount", item.item_value)

    def _codes(self, element: etree._Element, item: GoodsItem, path: str) -> None:
        commodity_code(item.hs_code, path, RELIEF_DIGITS)
        code = item.hs_code or ""
        known = TARIFF_DIGITS if len(code) >= TARIFF_DIGITS else RELIEF_DIGITS
        found = [(code[:known], "TSP")]
        if self.row["name"] == "H1" and len(code) >= TARIC_DIGITS:
            found.append((code[TARIFF_DIGITS:TARIC_DIGITS], "TRC"))
        for digits, kind in found:
            entry = self.xml.group(element, "Classification")
            self.xml.texts(entry, ID=digits, IdentificationTypeCode=kind)

    def _packaging(self, element: etree._Element, index: int) -> None:
        packaging = self.xml.group(element, "Packaging")
        self.xml.texts(packaging, SequenceNumeric="1")
        marks = self.options.marks or self.declaration.tracking_number
        shown = required(marks, "marks", "shipping marks", MARKS_LENGTH)
        self.xml.texts(packaging, MarksNumbersID=shown)
        quantity = "0" if index else str(self.options.packages)
        self.xml.texts(packaging, QuantityQuantity=quantity)
        self.xml.text(packaging, "TypeCode", self.options.package_type, 2)
