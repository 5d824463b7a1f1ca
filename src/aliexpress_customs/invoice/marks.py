# ruff: noqa: RUF001 - the words of many scripts are the point of this table
"""Currency marks and words around prices, in the languages AliExpress is sold in.

A mark that is missing is one entry here. Source: order files, receipts and listings of 2017-2026.
"""

from __future__ import annotations

from typing import Final

CURRENCY_OF_MARK: Final = {
    "us$": "USD", "usd$": "USD", "r$": "BRL", "brl$": "BRL", "cac$": "CAD", "ca$": "CAD",
    "cad$": "CAD", "au$": "AUD", "aua$": "AUD", "aud$": "AUD", "nz$": "NZD", "hk$": "HKD",
    "mx$": "MXN", "mxn$": "MXN", "sg$": "SGD", "clp$": "CLP", "cop$": "COP", "€": "EUR",
    "zł": "PLN", "₩": "KRW", "₽": "RUB", "руб": "RUB", "руб.": "RUB", "₴": "UAH", "грн": "UAH",
    "грн.": "UAH", "₪": "ILS", "₫": "VND", "₹": "INR", "₺": "TRY", "tl": "TRY", "kč": "CZK",
    "ft": "HUF", "₸": "KZT", "₦": "NGN", "₱": "PHP", "฿": "THB", "cn¥": "CNY", "jp¥": "JPY",
    "лв": "BGN", "лв.": "BGN", "₾": "GEL", "֏": "AMD", "fr.": "CHF", "sfr.": "CHF", "uk£": "GBP",
    "gb£": "GBP", "₡": "CRC", "₲": "PYG", "rp": "IDR", "rm": "MYR",
}  # fmt: skip
"""Marks that mean one currency only, without blanks and in lower case."""

_AMBIGUOUS: Final = (
    "$ ¥ £ kr kr. a$ c$ s$ lei din din. km ден ден. р р. rs rs. s/ s/. 円 元 원 "
    "ر.س د.إ د.م د.ك ر.ع د.ب ر.ق ج.م ريال درهم دينار"
)
_FREE: Final = (
    "free gratis grátis gratuit gratuita gratuite gratuito gratuitos gratuitement kostenlos "
    "kostenfrei versandkostenfrei darmowa darmowy darmowe bezpłatna bezpłatnie бесплатно "
    "бесплатная безкоштовно безкоштовна zdarma ücretsiz bedava 무료 무료배송 無料 送料無料 免费 "
    "免運費 包邮 مجاني مجانية مجانا חינם ingyenes δωρεάν ilmainen bezplatne"
)

AMBIGUOUS_MARKS: Final = frozenset(_AMBIGUOUS.split())
"""Marks of several currencies: allowed beside a price, but they name none."""

FREE_WORDS: Final = frozenset(_FREE.split())
"""Words that mean an amount of zero, such as the price of free shipping."""

DISCOUNT_WORDS: Final = (
    "discount", "coupon", "rabatt", "gutschein", "desconto", "cupom", "descuento", "cupón",
    "remise", "réduction", "sconto", "zniżka", "kupon", "korting", "скидка", "купон",
)  # fmt: skip
"""Above an unsigned amount of a cell with several lines they make it negative."""
