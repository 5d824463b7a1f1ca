"""Where each box of a printed CN 23 stands, and what it says, in millimetres on A5 landscape.

    title                                         may be opened, CN 23
    from                     | number of the item, barcode
    to                       | references, telephone
    goods: (1) (2) (3) (5) (7) (8), a row per goods item
    total gross weight (4), total value (6), postal charges (9)
    category (10)            | office of origin, date of posting
    comments (11)            | statement
    licence, certificate, invoice (12) (13) (14) | date and signature (15)

The order of the boxes is that of the form; the measures are ours. Sources of the labels:
`export.postal_print`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from aliexpress_customs.export.pdf_page import Align, Box
from aliexpress_customs.export.postal_print import MARGIN, Field, Label, Line

LEFT: Final = 5.0
RIGHT: Final = 205.0
HALF: Final = 112.0
"""Where the left part of the upper and lower third ends."""

TITLE_BAR: Final = Box(LEFT, 5, RIGHT - LEFT, 9)
FORM_NAME: Final = Box(183, 5, 22, 9)
OPENED_BAR: Final = Box(112, 5, 70, 9)

_NAME: Final = Label("Name", "Nom", memory=True)
_BUSINESS: Final = Label("Business", "Société", memory=True)
_STREET: Final = Label("Street", "Rue", memory=True)
_POSTCODE: Final = Label("Postcode", "Code postal", memory=True)
_CITY: Final = Label("City", "Ville", memory=True)
_COUNTRY: Final = Label("Country", "Pays", memory=True)
_LINES: Final = 17.0
"""Where the lines of a party begin, right of `From` and `To`."""
_SPLIT: Final = 50.0
"""Where the city begins, right of the postcode."""

FROM: Final = Field(Box(LEFT, 14, HALF - LEFT, 21.5), Label("From", "De"))
FROM_ROWS: Final = (
    Line("name", Box(_LINES, 14, HALF - _LINES, 4.3), _NAME),
    Line("business", Box(_LINES, 18.3, HALF - _LINES, 4.3), _BUSINESS),
    Line("street", Box(_LINES, 22.6, HALF - _LINES, 4.3), _STREET),
    Line("postcode", Box(_LINES, 26.9, _SPLIT - _LINES, 4.3), _POSTCODE),
    Line("city", Box(_SPLIT, 26.9, HALF - _SPLIT, 4.3), _CITY, 11),
    Line("country", Box(_LINES, 31.2, HALF - _LINES, 4.3), _COUNTRY),
)
TO: Final = Field(Box(LEFT, 35.5, HALF - LEFT, 26.5), Label("To", "A"))
TO_ROWS: Final = (
    Line("name", Box(_LINES, 35.5, HALF - _LINES, 4.5), _NAME),
    Line("business", Box(_LINES, 40, HALF - _LINES, 4.3), _BUSINESS),
    Line("street", Box(_LINES, 44.3, HALF - _LINES, 8.1), _STREET),
    Line("postcode", Box(_LINES, 52.4, _SPLIT - _LINES, 4.8), _POSTCODE),
    Line("city", Box(_SPLIT, 52.4, HALF - _SPLIT, 4.8), _CITY, 11),
    Line("country", Box(_LINES, 57.2, HALF - _LINES, 4.8), _COUNTRY),
)

ITEM_NUMBER: Final = Field(
    Box(HALF, 14, RIGHT - HALF, 21.5),
    Label("No. of item (barcode, if any)", "N° de l'envoi (code à barres, s'il existe)"),
)
SENDERS_REFERENCE: Final = Field(
    Box(HALF, 35.5, RIGHT - HALF, 8),
    Label(
        "Sender's Customs reference (if any)",
        "Référence en douane de l'expéditeur (si elle existe)",
    ),
)
IMPORTERS_REFERENCE: Final = Field(
    Box(HALF, 43.5, RIGHT - HALF, 10),
    Label(
        "Importer's reference (if any) (tax code/VAT No./importer code) (optional)",
        "Référence de l'importateur (si elle existe) (code fiscal/N° de TVA/code de "
        "l'importateur) (facultatif)",
    ),
)
IMPORTERS_TELEPHONE: Final = Field(
    Box(HALF, 53.5, RIGHT - HALF, 8.5),
    Label(
        "Importer's telephone/fax/e-mail (if known)",
        "N° de téléphone/fax/e-mail de l'importateur (si connus)",
    ),
)


class Column(NamedTuple):
    """A column of the goods."""

    name: str
    x: float
    width: float
    label: Label
    align: Align = "right"
    number: bool = True
    """Never cut."""


COLUMNS: Final = (
    Column(
        "box_1_description",
        LEFT,
        81,
        Label("Detailed description of contents (1)", "Description détaillée du contenu"),
        "left",
        number=False,
    ),
    Column("box_2_quantity", 86, 16, Label("Quantity (2)", "Quantité")),
    Column("box_3_net_weight_kg", 102, 22, Label("Net weight (in kg) (3)", "Poids net")),
    Column("box_5_value", 124, 28, Label("Value (5)", "Valeur")),
    Column("box_7_hs_code", 152, 22.5, Label("HS tariff number (7)", "N° tarifaire du SH"), "left"),
    Column(
        "box_8_origin_country",
        174.5,
        30.5,
        Label("Country of origin of goods (8)", "Pays d'origine des marchandises"),
        "left",
        number=False,
    ),
)
COMMERCIAL: Final = Label("For commercial items only", "pour les envois commerciaux seulement")
COMMERCIAL_FROM: Final = "box_7_hs_code"
"""Column that `COMMERCIAL` begins above."""
COMMERCIAL_HEIGHT: Final = 5.2
HEADER_HEIGHT: Final = 10.4
HEADER_TOP: Final = 62.0
ROWS: Final = Box(LEFT, 72.4, RIGHT - LEFT, 27.1)
"""Goods on the form itself."""
SUBTOTAL_HEIGHT: Final = 4.5

COUNT: Final = Box(LEFT, 99.5, 81, 7.5)
GROSS_WEIGHT: Final = Field(
    Box(86, 99.5, 38, 7.5), Label("Total gross weight (4)", "Poids brut total")
)
TOTAL_VALUE: Final = Field(Box(124, 99.5, 28, 7.5), Label("Total value (6)", "Valeur totale"))
POSTAL_CHARGES: Final = Field(
    Box(152, 99.5, 53, 7.5), Label("Postal charges/Fees (9)", "Frais de port/Frais", memory=True)
)

CATEGORY: Final = Field(
    Box(LEFT, 107, HALF - LEFT, 17.5), Label("Category of item (10)", "Catégorie de l'envoi")
)
TICKS: Final = Box(LEFT + MARGIN, 109.8, HALF - LEFT - MARGIN, 9.8)
TICKS_A_ROW: Final = 3
EXPLANATION: Final = Line(
    "explanation",
    Box(LEFT, 119.6, HALF - LEFT, 4.9),
    Label("Explanation", "Explication"),
    21.5,
)
COMMENTS: Final = Field(
    Box(LEFT, 124.5, HALF - LEFT, 10),
    Label(
        "Comments (11) (e.g. goods subject to quarantine, sanitary/phytosanitary inspection or "
        "other restrictions)",
        "Observations (p. ex. marchandise soumise à la quarantaine/à des contrôles sanitaires, "
        "phytosanitaires ou à d'autres restrictions)",
    ),
)
_THIRD: Final = (HALF - LEFT) / 3
LICENCE: Final = Field(Box(LEFT, 134.5, _THIRD, 8.5), Label("Licence No(s). (12)", "Licence N°"))
CERTIFICATE: Final = Field(
    Box(LEFT + _THIRD, 134.5, _THIRD, 8.5), Label("Certificate No(s). (13)", "Certificat N°")
)
INVOICE: Final = Field(
    Box(LEFT + 2 * _THIRD, 134.5, _THIRD, 8.5), Label("Invoice No. (14)", "Facture N°")
)
OFFICE: Final = Field(
    Box(HALF, 107, RIGHT - HALF, 9),
    Label("Office of origin/Date of posting", "Bureau d'origine/Date de dépôt"),
)
STATEMENT_BOX: Final = Box(HALF, 116, RIGHT - HALF, 11.5)
SIGNATURE: Final = Field(
    Box(HALF, 127.5, RIGHT - HALF, 15.5),
    Label("Date and sender's signature (15)", "Date et signature de l'expéditeur", memory=True),
)
FOOT: Final = Box(LEFT, 143.3, RIGHT - LEFT, 3)

CONTINUED_NUMBER: Final = Field(Box(LEFT, 14, HALF - LEFT, 10), ITEM_NUMBER.label)
CONTINUED_INVOICE: Final = Field(Box(HALF, 14, RIGHT - HALF, 10), INVOICE.label)
CONTINUED_HEADER_TOP: Final = 26.0
CONTINUED_ROWS: Final = Box(LEFT, 36.4, RIGHT - LEFT, 106.6)
"""Goods on a continuation sheet."""
