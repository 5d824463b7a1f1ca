"""Elements, texts and numbers as the XML of customs authorities wants them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.postal_form import form_text
from aliexpress_customs.money import Money, decimals, round_to

if TYPE_CHECKING:
    from lxml import etree

MAX_DECIMALS: Final = 2
"""Of an amount in an EU, UK or EN 16931 message (n..16,2)."""
_MAX_AMOUNT: Final = Decimal(10) ** 14
"""n..16,2: fourteen digits before the point."""
_MAX_KILOGRAMS: Final = Decimal(10) ** 10
"""n..16,6: ten digits before the point."""
_MICROGRAM: Final = Decimal("0.000001")


class Builder:
    """Adds elements of one namespace; empty texts and empty groups are never written."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._prefix = f"{{{namespace}}}"

    @cached_property
    def _element(self) -> Callable[[etree._Element, str], etree._Element]:
        """Makes an element in another; lxml is slow to import and needed by XML only."""
        from lxml import etree  # noqa: PLC0415

        return etree.SubElement

    def root(self, name: str, nsmap: dict[str | None, str] | None = None) -> etree._Element:
        """A document element."""
        from lxml import etree  # noqa: PLC0415 (slow to import, needed by XML only)

        element: etree._Element = etree.Element(
            self._prefix + name, nsmap=nsmap or {None: self.namespace}
        )
        return element

    def group(self, parent: etree._Element, name: str) -> etree._Element:
        """An element that holds elements."""
        return self._element(parent, self._prefix + name)

    def text(self, parent: etree._Element, name: str, text: str, limit: int = 0) -> None:
        """An element that holds text, cut to `limit` characters; nothing if there is none."""
        if shown := cut(text, limit):
            self.group(parent, name).text = shown

    def texts(self, parent: etree._Element, **texts: str) -> None:
        """Several elements that hold text, in this order."""
        for name, text in texts.items():
            self.text(parent, name, text)

    def amount(self, parent: etree._Element, name: str, amount: Money) -> None:
        """An amount with its currency."""
        element = self.group(parent, name)
        element.text = plain_amount(amount)
        element.set("currencyID", amount.currency.code)


def document(root: etree._Element) -> bytes:
    """The indented XML in UTF-8."""
    from lxml import etree  # noqa: PLC0415

    etree.indent(root)
    # No encoding in the XML declaration: UTF-8 is the default, and the text stays parseable as str.
    return b'<?xml version="1.0"?>\n' + etree.tostring(root, encoding="UTF-8") + b"\n"


def cut(text: str, limit: int = 0) -> str:
    r"""Text in one line without what XML does not allow, at most `limit` characters (0: any).

    >>> cut("  two\r\nlines ", 5)
    'two l'
    """
    clean = form_text(text)
    return clean[:limit].rstrip() if limit else clean


def rounded_amount(amount: Money, path: str = "") -> Decimal:
    """Rounded half up to the minor unit, at most two decimals.

    Raises:
        ExportError: negative, or more than fourteen digits before the point.
    """
    places = min(decimals(amount.currency.code), MAX_DECIMALS)
    value: Decimal = round_to(amount.amount, Decimal(1).scaleb(-places))
    if not 0 <= value < _MAX_AMOUNT:
        raise ExportError(
            "An amount is negative or too large for the message.",
            code="negative_value" if value < 0 else "amount_too_large",
            path=path,
            action="Check amounts, discounts and refunds.",
        )
    return value


def plain_amount(amount: Money, path: str = "") -> str:
    """An amount without its currency, as `rounded_amount`, never in scientific notation."""
    return f"{rounded_amount(amount, path):f}"


def plain_kilograms(weight: Decimal, path: str = "") -> str:
    """A weight with at most six decimals; what is lighter than that is not rounded to nothing.

    Raises:
        ExportError: negative, or more than ten digits before the point.
    """
    require_weight(weight, path)
    rounded = max(round_to(weight, _MICROGRAM), _MICROGRAM) if weight else Decimal(0)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def require_weight(weight: Decimal, path: str = "") -> None:
    """Refuse a weight that no message can hold.

    Raises:
        ExportError: negative, or more than ten digits before the point.
    """
    if not 0 <= weight < _MAX_KILOGRAMS:
        raise ExportError(
            "A weight is negative or too large for the message.",
            code="negative_value" if weight < 0 else "weight_too_large",
            path=path,
            action="Check the weights, which are in kg.",
        )


def description(text: str, limit: int, path: str) -> str:
    """The description of a goods item, cut to the limit of the message.

    Raises:
        ExportError: nothing is left of it.
    """
    shown = cut(text, limit)
    if not shown:
        raise ExportError(
            "A goods item has no description.",
            code="no_description",
            path=path,
            action="Declare words such as: men's cotton shirts.",
        )
    return shown


def commodity_code(code: str | None, path: str, digits: int) -> str:
    """The first digits of a commodity code, as many as the message takes.

    Raises:
        ExportError: it is unknown or shorter.
    """
    if code is None or len(code) < digits:
        raise ExportError(
            f"A goods item has no commodity code of {digits} digits.",
            code="hs_code_missing",
            path=path,
            action="Pass hs_codes to declare, or classify the goods.",
        )
    return code[:digits]
