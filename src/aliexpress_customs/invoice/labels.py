# ruff: noqa: RUF001 - row titles of many scripts are the point of this table
"""What the rows and statuses of AliExpress pages mean, language by language.

A new translation is one entry here. Unknown row titles become `other` with their text.

>>> charge_kind("Cupom AliExpress"), charge_kind("Frete:"), charge_kind("Gift wrap")
('platform_coupon', 'shipping', 'other')
"""

from __future__ import annotations

import unicodedata
from typing import Final

from aliexpress_customs.invoice.model import ChargeKind, OrderStatus
from aliexpress_customs.invoice.text import clean_title

_ROWS: Final[dict[ChargeKind, str]] = {
    "goods_subtotal": "subtotal|sub total|zwischensumme|sous-total|subtotale|suma częściowa|"
    "subtotaal|items total|product total|подытог|ara toplam|소계",
    "shipping": "shipping|shipping fee|shipping cost|delivery|enviando|frete|envio|envío|versand|"
    "versandkosten|livraison|frais de livraison|spedizione|wysyłka|dostawa|verzending|"
    "verzendkosten|доставка|kargo|배송비|送料|gastos de envío",
    "tax_added": "tax|taxes|vat|gst|imposto|impostos|steuer|steuern|mwst|taxe|tva|iva|imposta|"
    "tasse|podatek|belasting|btw|impuesto|impuestos|налог|vergi|icms|sales tax|tax & duty|"
    "import charges|estimated import charges",
    "import_duty": "duty|duties|import duty|customs duty|imposto de importação|zoll|einfuhrzoll|"
    "droits de douane|dazio|cło|invoerrechten|aranceles|пошлина",
    "store_coupon": "store coupon|store coupons|seller coupon|seller coupons|cupom da loja|"
    "shop-gutschein|shop-coupon|coupon du magasin|coupon boutique|cupón de la tienda|"
    "cupón de tienda|coupon del negozio|kupon sklepu|winkelcoupon|купон магазина",
    "platform_coupon": "aliexpress coupon|aliexpress coupons|cupom aliexpress|cupons aliexpress|"
    "aliexpress-gutschein|coupon aliexpress|cupón aliexpress|kupon aliexpress|"
    "aliexpress-coupon|купон aliexpress|multi-store coupon|spend & save|gaste e economize|"
    "platform coupon|select coupon",
    "coins": "coins|moedas|münzen|pièces|monedas|monete|monety|munten|монеты|coins discount",
    "promo_code": "promo code|promo codes|código promocional|promocode|code promo|aktionscode|"
    "codice promo|kod promocyjny|kortingscode|промокод|bonus",
    "payment_discount": "payment discount|desconto no pagamento|zahlungsrabatt|"
    "remise sur le paiement|descuento por pago|sconto sul pagamento|rabat za płatność",
    "seller_discount": "store discount|seller discount|discount|desconto da loja|shop-rabatt|"
    "remise du magasin|descuento de la tienda|sconto del negozio|rabat sklepu|desconto|rabatt|"
    "descuento|remise|sconto|rabat|korting|order price discount",
    "shipping_discount": "shipping discount|shipping coupon|desconto no frete|versandrabatt",
    "price_adjustment": "price adjustment|adjust price|adjustment|adjusted price",
    "instalment_fee": "installment payment fee|instalment payment fee|installment fee|"
    "taxa de parcelamento|juros do parcelamento",
    "insurance": "insurance|shipping insurance|seguro|versicherung|assurance|assicurazione",
    "fee": "additional charges|applicable fee|service fee|processing fee|cobranças adicionais|"
    "payment fee|handling fee",
}
"""Tax rows count as added until the reconciliation knows better."""
_STATUSES: Final[dict[OrderStatus, str]] = {
    "completed": "completed|finished|concluído|concluido|finalizado|completado|abgeschlossen|"
    "terminé|terminée|completato|zakończono|zakończone|voltooid|завершён|завершен|tamamlandı|"
    "выполнен|완료|received",
    "shipped": "awaiting delivery|shipped|aguardando a entrega|aguardando entrega|enviado|"
    "versandt|warten auf lieferung|expédié|en attente de livraison|spedito|in attesa di consegna|"
    "wysłano|verzonden|отправлен|ожидает доставки|esperando entrega",
    "to_ship": "awaiting shipment|to ship|aguardando envio|aguardando o envio|versandbereit|"
    "warten auf versand|en attente d'expédition|in attesa di spedizione|ожидает отправки|"
    "pendiente de envío|oczekuje na wysyłkę",
    "unpaid": "to pay|awaiting payment|aguardando pagamento|zu bezahlen|à payer|por pagar|"
    "pendiente de pago|da pagare|do zapłaty|te betalen|ожидает оплаты",
    "processing": "processing|processed|in processing|em processamento|in bearbeitung|"
    "en traitement|en cours de traitement|in elaborazione|w trakcie realizacji|в обработке",
    "cancelled": "canceled|cancelled|closed|cancelado|cancelada|storniert|geschlossen|annulé|"
    "annulée|annullato|anulowano|geannuleerd|отменён|отменен|закрыт|iptal edildi|취소됨",
    "expired": "expired|expirado|abgelaufen|expiré|caducado|scaduto|wygasło|verlopen|истёк",
}
_OPEN_PLATFORM: Final[dict[str, OrderStatus]] = {
    "PLACE_ORDER_SUCCESS": "unpaid",
    "PAYMENT_PROCESSING": "processing",
    "IN_CANCEL": "processing",
    "WAIT_GROUP": "processing",
    "WAIT_COMPLETE_ADDRESS": "processing",
    "RISK_CONTROL": "processing",
    "RISK_CONTROL_HOLD": "processing",
    "WAIT_SELLER_EXAMINE_MONEY": "processing",
    "WAIT_SELLER_SEND_GOODS": "to_ship",
    "SELLER_PART_SEND_GOODS": "to_ship",
    "SELLER_SEND_PART_GOODS": "to_ship",
    "SELLER_SEND_GOODS": "shipped",
    "WAIT_BUYER_ACCEPT_GOODS": "shipped",
    "IN_ISSUE": "shipped",
    "IN_FROZEN": "shipped",
    "FUND_PROCESSING": "completed",
    "FINISH": "completed",
    "CANCELLED": "cancelled",
}
"""`order_status` of the Open Platform."""


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFC", clean_title(text)).casefold()
    return folded.strip(" :.!")


_KIND_OF: Final = {
    _key(title): kind for kind, titles in _ROWS.items() for title in titles.split("|")
}
_STATUS_OF: Final = {
    _key(title): status for status, titles in _STATUSES.items() for title in titles.split("|")
}


def charge_kind(title: str) -> ChargeKind:
    """What a row of the price block is; a tax row counts as added until reconciled."""
    return _KIND_OF.get(_key(title), "other")


def page_status(text: str) -> OrderStatus:
    """The status a buyer page prints, or `unknown`."""
    return _STATUS_OF.get(_key(text), "unknown")


def open_platform_status(order_status: str, fund_status: str = "") -> OrderStatus:
    """The status of an Open-Platform order; finished and never paid means expired."""
    status = _OPEN_PLATFORM.get(order_status.strip().upper(), "unknown")
    if status == "completed" and fund_status == "NOT_PAY":
        return "expired"
    return status
