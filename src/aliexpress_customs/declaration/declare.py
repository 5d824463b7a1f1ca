"""From a consignment, or from goods stated by hand, to the itemised declaration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypedDict, Unpack

from aliexpress_customs.commodity.catalogue import Catalogue, CatalogueEntry
from aliexpress_customs.commodity.codes import hs6, normalise_code
from aliexpress_customs.consignment import facts
from aliexpress_customs.consignment.model import (
    Consignment,
    ConsignmentLine,
    Importer,
    Purpose,
)
from aliexpress_customs.declaration.checks import check
from aliexpress_customs.declaration.items import Describe, Described, goods_items, unit_value
from aliexpress_customs.declaration.lookup import Lookup
from aliexpress_customs.declaration.model import (
    CodeSource,
    ContentsType,
    Declaration,
    DeclarationLine,
    Goods,
)
from aliexpress_customs.errors import DeclarationError, UsageError
from aliexpress_customs.invoice.model import Party
from aliexpress_customs.money import EXACT, Money, money

DEFAULT_ORIGIN = "CN"
"""Where goods of this shop are made unless it is said; always reported as assumed."""
_LEAST_WEIGHT = Decimal("1e-9")
"""Kilograms; what is smaller comes from dividing a weight."""


class PaperOptions(TypedDict, total=False):
    """What only the papers say; every entry is optional."""

    contents_type: ContentsType
    """Default: `gift` for a gift, else `sale_of_goods`."""
    incoterm: str
    ioss_number: str
    importer_tax_id: str
    tracking_number: str
    invoice_number: str
    sender: Party


def declare(
    consignment: Consignment,
    *,
    hs_codes: Mapping[str, str] | None = None,
    origins: Mapping[str, str] | None = None,
    descriptions: Mapping[str, str] | None = None,
    weights: Mapping[str, Decimal | str | int] | None = None,
    default_origin: str = DEFAULT_ORIGIN,
    describe: Describe | None = None,
    catalogue: Catalogue | str | Path | None = None,
    **papers: Unpack[PaperOptions],
) -> Declaration:
    """Declare a consignment: goods items with commodity code, origin, value and weight.

    The keys of the four tables are `line_id`, `sku_id`, `product_id` or the title (exact, then
    without regard to case); the narrowest key wins. What they do not say is taken from the
    catalogue, then from the file.

    Args:
        consignment: what travels together.
        hs_codes: commodity codes, 4 to 14 digits, dots and blanks allowed; before the file's hint.
        origins: ISO 3166-1 alpha-2 of where goods were made.
        descriptions: what customs shall read.
        weights: net weight of one piece, in kg.
        default_origin: origin assumed where none is given, with a finding.
        describe: where no description is given: short text of an HS subheading, or `"customs"` to
            word what title and code say as customs wants it. Default: the title, made short.
        catalogue: what is settled of products already, or its file.
        **papers: see `PaperOptions`.

    Raises:
        DeclarationError: a malformed commodity code.
        ReadError: the file is no catalogue.
        UsageError: another malformed argument.
    """
    if not isinstance(consignment, Consignment):
        raise UsageError(
            "Only a consignment can be declared.",
            path="consignment",
            action="Use consign(...) for orders and declare_goods(...) for goods stated by hand.",
        )
    codes = Lookup("hs_codes", hs_codes, _code)
    made_in = Lookup("origins", origins, facts.country_code)
    texts = Lookup("descriptions", descriptions, _text)
    kilograms = Lookup("weights", weights, facts.weight)
    assumed = facts.country_code(default_origin, "default_origin")
    settled = Catalogue(catalogue) if isinstance(catalogue, str | Path) else catalogue
    described = []
    for line in consignment.lines:
        known = _known(settled, line)
        code, source = _first_code(codes.find(line), known, line)
        origin = made_in.find(line) or (known.origin_country if known else None)
        weight = kilograms.find(line)
        if weight is None and known is not None:
            weight = known.unit_net_weight_kg
        described.append(
            Described(
                line=_line(line, weight),
                hs_code=code,
                hs_code_source=source,
                origin_country=origin or assumed,
                origin_assumed=origin is None,
                description=texts.find(line) or (known.description if known else ""),
            )
        )
    unused = [finding for table in (codes, made_in, texts, kilograms) for finding in table.unused()]
    draft = Declaration(
        destination_country=consignment.destination_country,
        destination_region=consignment.destination_region,
        postcode=consignment.postcode,
        dispatch_country=consignment.dispatch_country,
        currency=consignment.currency,
        items=tuple(goods_items(described, describe)),
        freight=consignment.freight,
        insurance=consignment.insurance,
        gross_weight_kg=consignment.gross_weight_kg,
        contents_type=papers.get("contents_type") or _contents(consignment.purpose),
        importer=consignment.importer,
        purpose=consignment.purpose,
        incoterm=papers.get("incoterm", ""),
        ioss_number=papers.get("ioss_number", ""),
        importer_tax_id=papers.get("importer_tax_id", consignment.importer_tax_id),
        tracking_number=papers.get("tracking_number", consignment.tracking_number),
        invoice_number=papers.get("invoice_number", ""),
        ordered_on=consignment.ordered_on,
        order_ids=consignment.order_ids,
        sender=papers.get("sender", consignment.seller),
        recipient=consignment.ship_to,
        collected=consignment.collected,
        findings=(*consignment.findings, *unused),
    )
    return _checked(draft)


def declare_goods(
    goods: Sequence[Goods],
    *,
    destination: str,
    currency: str | None = None,
    freight: Money | Decimal | str | int | None = "0",
    insurance: Money | Decimal | str | int | None = "0",
    region: str | None = None,
    postcode: str = "",
    dispatch_country: str = "CN",
    importer: Importer = "consumer",
    purpose: Purpose = "sale",
    gross_weight_kg: Decimal | str | int | None = None,
    ordered_on: dt.date | None = None,
    default_origin: str = DEFAULT_ORIGIN,
    describe: Describe | None = None,
    merge: bool = True,
    **papers: Unpack[PaperOptions],
) -> Declaration:
    """Declare goods stated by hand: for a quote before any order, for a worked example.

    Args:
        goods: what shall travel, all in one currency, values without the destination's VAT.
        destination: ISO 3166-1 alpha-2.
        currency: ISO 4217 code the goods must be in; default: whichever they are in.
        freight: without the destination's VAT, in the currency of the goods; None = unknown.
        insurance: as freight.
        region: ISO 3166-2 code.
        postcode: of the destination.
        dispatch_country: ISO 3166-1 alpha-2.
        importer: `consumer` or `business`.
        purpose: `sale` or `gift`.
        gross_weight_kg: of the whole parcel.
        ordered_on: day of the order.
        default_origin: origin assumed where the goods state none, with a finding.
        describe: where no description is given: short text of an HS subheading, or `"customs"` to
            word what title and code say as customs wants it. Default: the title, made short.
        merge: goods of one code, description and origin are one goods item; False: each is an
            item of its own, as stated.
        **papers: see `PaperOptions`.

    Raises:
        DeclarationError: no goods, negative values, or goods in several currencies.
        UsageError: a malformed argument.
    """
    code = _one_currency(goods, currency)
    country = facts.country_code(destination, "destination")
    assumed = facts.country_code(default_origin, "default_origin")
    described = [
        Described(
            line=_stated_line(each),
            hs_code=each.hs_code,
            hs_code_source="caller" if each.hs_code else "unknown",
            origin_country=each.origin_country or assumed,
            origin_assumed=each.origin_country is None,
            description=each.description,
        )
        for each in goods
    ]
    draft = Declaration(
        destination_country=country,
        destination_region=facts.region(region, country, None),
        postcode=postcode,
        dispatch_country=facts.country_code(dispatch_country, "dispatch_country"),
        currency=code,
        items=tuple(goods_items(described, describe, merge=merge)),
        freight=facts.amount(freight, code, "freight"),
        insurance=facts.amount(insurance, code, "insurance"),
        gross_weight_kg=facts.weight(gross_weight_kg),
        contents_type=papers.get("contents_type") or _contents(purpose),
        importer=facts.importer(importer),
        purpose=facts.purpose(purpose),
        incoterm=papers.get("incoterm", ""),
        ioss_number=papers.get("ioss_number", ""),
        importer_tax_id=papers.get("importer_tax_id", ""),
        tracking_number=papers.get("tracking_number", ""),
        invoice_number=papers.get("invoice_number", ""),
        ordered_on=ordered_on,
        sender=papers.get("sender", Party()),
    )
    return _checked(draft)


def _known(catalogue: Catalogue | None, line: ConsignmentLine) -> CatalogueEntry | None:
    if catalogue is None:
        return None
    return catalogue.lookup(
        title=line.title, product_id=line.product_id or "", sku_id=line.sku_id or ""
    )


def _first_code(
    stated: str | None, known: CatalogueEntry | None, line: ConsignmentLine
) -> tuple[str | None, CodeSource]:
    if stated:
        return stated, "caller"
    if known is not None:
        return known.hs_code, "catalogue"
    hint = hs6(line.hs_code_hint) if line.hs_code_hint else None
    return hint, "file" if hint else "unknown"


def _checked(draft: Declaration) -> Declaration:
    return draft.model_copy(update={"findings": (*draft.findings, *check(draft))})


def _line(line: ConsignmentLine, weight: Decimal | None) -> DeclarationLine:
    kilograms = line.unit_net_weight_kg if weight is None else weight
    discount = line.line_discount.amount + line.allocated_discount.amount
    return DeclarationLine(
        line_id=line.line_id,
        order_id=line.order_id,
        product_id=line.product_id,
        sku_id=line.sku_id,
        title=line.title,
        variant=line.variant,
        category=line.category,
        quantity=line.quantity,
        unit_value=unit_value(line.line_value, line.quantity),
        line_value=line.line_value,
        line_discount=money(discount, line.line_value.currency.code),
        line_freight=line.line_freight,
        unit_net_weight_kg=kilograms,
        line_net_weight_kg=_times(kilograms, line.quantity),
    )


def _stated_line(goods: Goods) -> DeclarationLine:
    code = goods.unit_value.currency.code
    value = EXACT.multiply(goods.unit_value.amount, Decimal(goods.quantity))
    return DeclarationLine(
        title=goods.title or goods.description,
        category=goods.category,
        quantity=goods.quantity,
        unit_value=goods.unit_value,
        line_value=money(value, code),
        line_discount=money("0.00", code),
        unit_net_weight_kg=goods.unit_net_weight_kg,
        line_net_weight_kg=_times(goods.unit_net_weight_kg, goods.quantity),
        duty_rate=goods.duty_rate,
    )


def _times(weight: Decimal | None, quantity: int) -> Decimal | None:
    """The weight of all pieces; a third of a kilogram three times is one kilogram."""
    if weight is None:
        return None
    whole = EXACT.multiply(weight, Decimal(quantity))
    rounded = whole.quantize(_LEAST_WEIGHT, context=EXACT)
    return whole if whole == rounded else rounded.normalize(EXACT)


def _one_currency(goods: Sequence[Goods], currency: str | None) -> str:
    codes = {each.unit_value.currency.code for each in goods}
    wanted = codes if currency is None else codes | {currency}
    if len(codes) != 1 or len(wanted) != 1:
        what = f"in {', '.join(sorted(wanted))}" if codes else "none"
        raise DeclarationError(
            f"The goods must be in one currency, but are {what}.",
            code="mixed_currencies" if codes else "no_goods",
            path="goods",
            action="State all unit values in one currency." if codes else "State some goods.",
        )
    if any(each.unit_value.amount < 0 for each in goods):
        raise DeclarationError(
            "Goods have a negative value.",
            code="negative_price",
            path="goods",
            action="State unit values after discounts, zero for a gift.",
        )
    return codes.pop()


def _contents(purpose: Purpose) -> ContentsType:
    return "gift" if purpose == "gift" else "sale_of_goods"


def _code(value: str, path: str) -> str:
    try:
        return normalise_code(value)
    except DeclarationError as error:
        raise DeclarationError(
            error.message, code=error.code, path=path, action=error.action
        ) from error


def _text(value: str, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(
            "A description is empty.", code="bad_description", path=path, action="Leave it out."
        )
    return " ".join(value.split())
