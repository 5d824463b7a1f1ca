"""The words of AliExpress' mails; a new language is an alternative here.

Source: German mails of 2026, and their English counterparts.
"""

from __future__ import annotations

import re
from typing import Final

from aliexpress_customs.invoice.model import OrderStatus

_ANY_CASE: Final = re.IGNORECASE

PLACED: Final = re.compile(
    r"(?:Aufgegeben am|Bestellt am|Placed on|Order placed on|Order date|Ordered on)\s?:?\s?",
    _ANY_CASE,
)
FIRST_LINES: Final = re.compile(
    r"(?:Bestelldetails|Order details)$",
    _ANY_CASE,
)
ORDER_LABEL: Final = re.compile(
    r"(?:Bestell-?Nr\.?|Bestellnummer|Order (?:number|no\.?|ID))\s?:?\s?(?:\d|$)",
    _ANY_CASE,
)
TOTAL: Final = re.compile(
    r"(?:Bestellsumme|Gesamtbetrag|Gesamtsumme|Order total|Total amount|Grand total|Total)\b\s?:?",
    _ANY_CASE,
)
SHIP_TO: Final = re.compile(
    r"(?:Versand nach|Lieferadresse|Ship to|Shipping address)\b\s?:?",
    _ANY_CASE,
)
ORDER_IN_TEXT: Final = re.compile(
    r"(?:Bestellung|Bestell-?Nr\.?|Order|order number)\s?:?\s?(\d{16})(?!\d)",
    _ANY_CASE,
)
STATUSES: Final[tuple[tuple[str, OrderStatus], ...]] = (
    ("geschlossen", "cancelled"),
    ("storniert", "cancelled"),
    ("closed", "cancelled"),
    ("cancel", "cancelled"),
    ("teilweise versandt", "to_ship"),
    ("versandbereit", "to_ship"),
    ("ready to ship", "to_ship"),
    ("zugestellt.", "completed"),
    ("delivered", "shipped"),
    ("versandt", "shipped"),
    ("shipped", "shipped"),
    ("transit", "shipped"),
    ("zugestellt", "shipped"),
    ("lieferstatus", "shipped"),
    ("in ihrem land", "shipped"),
    ("packstück", "shipped"),
    ("zollabfertigung", "shipped"),
    ("package", "shipped"),
    ("bestellbestätigung", "to_ship"),
    ("bestätigt", "to_ship"),
    ("confirm", "to_ship"),
)
"""Words of subjects, the more telling first."""
