"""The samples of the customs authorities, with the declarations and options that correspond."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aliexpress_customs.invoice.model import Address, Party
from aliexpress_customs.money import money

from .official import BRITISH, DANISH, NS, Sample, Tree, place
from .parcels import item, line
from .test_cds import AGENT, british, northern
from .test_h7_dms import DECLARANT, NEW, OLD, danish

DOCUMENT = ("CategoryCode", "ID", "Name", "TypeCode", "LPCOExemptionCode")
"""Elements of a document at the goods item."""


def pounds(value: str, description: str, hs_code: str | None, **facts: Any) -> Any:
    net = facts.pop("net", None)
    weight = {} if net is None else {"line_net_weight_kg": Decimal(net)}
    currency = facts.pop("currency", "GBP")
    goods = line(value, currency, **weight)
    return item(1, goods, description=description, hs_code=hs_code, **facts)


def one_e_less(root: Tree) -> None:
    """The sample writes `exceeeding`."""
    for text in root.iter("{*}StatementDescription"):
        text.text = (text.text or "").replace("exceeeding", "exceeding")


def one_previous_document(root: Tree) -> None:
    """Of two previous documents, the one for inventory linking goes, which we do not fill."""
    for document in root.findall(".//c:PreviousDocument", NS):
        if document.findtext("c:TypeCode", "", NS) in {"MCR", "DCR"}:
            document.getparent().remove(document)  # type: ignore[union-attr]


def belfast(root: Tree) -> None:
    """As `one_previous_document`; other samples write the word in capitals."""
    one_previous_document(root)
    for text in root.iter("{*}StatementDescription"):
        text.text = (text.text or "").replace("Importer", "IMPORTER")


def standard() -> Sample:
    return Sample(
        BRITISH / "TT_IM080a" / "TT_IM080a.xml",
        "cds-xml",
        british(
            pounds(
                "135",
                "Parts for electric shavers, hair clippers and hair-removing appliances",
                "8510900000",
                net=2,
                origin_country="US",
            ),
            currency="GBP",
            dispatch_country="US",
            invoice_number="12345/19.01.2021",
            tracking_number="Despatch-12345",
            incoterm="CIF",
            gross_weight_kg=Decimal(3),
        ),
        AGENT
        | {
            "lrn": "NIP488_TC2_v0.1_1201_5",
            "exporter": place("US Mail Inc.", "1 Mail Street", "New York", "NY1 234", "US"),
            "seller": place("Mr A Clipper", "1 Clipper Avenue", "New York", "NY3 4ER", "US"),
            "transport_id": "NYC00120102021",
            "container_id": "AD12345",
            "packages": 5,
            "package_type": "BX",
            "marks": "BX-1234228/34",
            "trade_location": "GBLGW",
            "deferment_account": "1108654",
        },
        ("RegistrationNationalityCode",),
        one_e_less,
    )


def bulk() -> Sample:
    return Sample(
        BRITISH / "TT_IM073a" / "TT_IM073a.xml",
        "cds-xml",
        british(
            pounds("125", "Packets of Stickers", None, net=3),
            currency="GBP",
            dispatch_country="US",
            tracking_number="21GB34F7Y1O2CX8PT4",
            gross_weight_kg=Decimal(4),
        ),
        AGENT
        | {
            "dataset": "BIRDS",
            "lrn": "CDSP_9245_TC3_2710_01",
            "goods_location": "LHRLHRLHR",
            "exporter": None,
            "transport": "air",
            "transport_id": "NYC00120102021",
            "container_id": "CN12345",
            "packages": 150,
            "package_type": "PA",
            "marks": "ADR/PA/00002",
            "ucr": "1GB553202734852-12345",
        },
        ("PreviousDocument/LineNumeric",),
        one_previous_document,
    )


def from_jersey() -> Sample:
    return Sample(
        BRITISH / "TT_IM072a" / "TT_IM072a.xml",
        "cds-xml",
        british(
            pounds("135", "Small items of negligible cost", None, net=4),
            currency="GBP",
            dispatch_country="JE",
            tracking_number="21GB34F7Y1O2CX8PT4",
            gross_weight_kg=Decimal(5),
        ),
        AGENT
        | {
            "dataset": "BIRDS",
            "lrn": "CDSP_9245_TC2_0811_01",
            "declarant_id": "GB553202734852",
            "representation": "",
            "exporter": place("Jersey Mail", "1 Castle Street", "St Helier", "JE1 2ER", "JE"),
            "goods_location": "PMEPTMFHQ",
            "transport": "sea",
            "transport_id": "12345",
            "transport_id_type": "10",
            "container_id": "CN123456",
            "packages": 200,
            "package_type": "PA",
            "marks": "ADR/PA/00001",
            "ucr": "1GB553202734852-12345",
        },
        ("PreviousDocument/LineNumeric",),
    )


def to_a_business_in_belfast() -> Sample:
    return Sample(
        BRITISH / "TT_IM067a" / "TT_IM067a.xml",
        "cds-xml",
        northern(
            pounds("130", "Mens or Boys woolen blazer", "61031010"),
            currency="GBP",
            freight=money("5", "GBP"),
            gross_weight_kg=Decimal(5),
            importer="business",
            importer_tax_id="GB603202734",
            tracking_number="GB/1234-:3333HB",
        ),
        AGENT
        | {
            "lrn": "7848309YGA000B7QY",
            "declarant_id": "GB553202734852",
            "representation": "",
            "exporter": place("US Cloth Co.", "1 Apparel Avenue", "New York", "NY2 345", "US"),
            "goods_location": "BELBFSBEL",
        },
        (
            "TotalPackageQuantity",
            "RegistrationNationalityCode",
            *(f"GoodsItem/AdditionalDocument/{name}" for name in DOCUMENT),
        ),
        belfast,
    )


def to_northern_ireland(
    name: str,
    lrn: str,
    exporter: Address,
    previous: str,
    amounts: tuple[str, str, str],
    hs_code: str = "97020000",
    **more: Any,
) -> Sample:
    value, freight, currency = amounts
    options = {"additional_type": more.pop("additional_type", "A")}
    if "ioss_number" in more:
        # The number is one digit short, and 140 USD was within GBP 135.
        options["checks"] = "skip"
    words = "Antiques - Original engravings, prints and lithographs"
    return Sample(
        BRITISH / name,
        "cds-xml",
        northern(
            pounds(value, words, hs_code, currency=currency),
            currency=currency,
            freight=money(freight, currency),
            gross_weight_kg=Decimal(2),
            tracking_number=previous,
            **more,
        ),
        AGENT
        | {
            "lrn": lrn,
            "declarant_id": "XI603202734852",
            "importer_id": "XI553202734852",
            "goods_location": "BELBFSBEL",
            "exporter": exporter,
        }
        | options,
        tuple(f"GoodsItem/AdditionalDocument/{name}" for name in DOCUMENT),
    )


def danish_sample(name: str) -> Sample:
    """Version 2.2 is after the end of the duty relief on 30 June 2026."""
    after, pre_lodged = "v2.2" in name, "pre-lodged" in name
    importer = {"name": "Hej Hejsen", "lines": ("Street 12",), "city": "City", "postcode": "8000"}
    goods = item(
        1,
        line("1000", "DKK"),
        description="Hej Hej Hej ",
        hs_code="482090" if after else "900150",
    )
    return Sample(
        DANISH / name,
        "h7-dms-xml",
        danish(
            goods,
            currency="DKK",
            freight=money("100", "DKK"),
            gross_weight_kg=Decimal(10),
            ioss_number="",
            tracking_number="123456",
            recipient=Address(country="DK", **importer) if after else None,
            sender=Party(name="Hej Hejsen"),
        ),
        DECLARANT
        | {
            "lrn": "{{LRN}}",
            "submitter_id": "{{CVR}}",
            "declarant_id": "{{DeclarantEORI}}",
            "importer_id": "" if after else "{{ImporterEORI}}",
            "consignor": Address(country="CA", **importer),
            "additional_type": "D" if pre_lodged else "A",
            "transport": "air",
            "packages": 2,
            "goods_location": place("", "Aarhusvej 12", "Aarhus", "8000", "DK"),
            "vat": "special_arrangements" if after else "standard",
            "on": NEW if after else OLD,
        },
        (
            "GoodsItem/Freight/rate",
            "GoodsItem/TransportContractDocument/SequenceNumeric",
            "GoodsItem/TransportContractDocument/ID",
            "GoodsItem/TransportContractDocument/Type",
        ),
    )


def fine_arts(street_of: str) -> Address:
    city, postcode, country = {
        "US": ("New York", "NY1 4RT", "US"),
        "AU": ("Sydney", "SY1 4NY", "AU"),
    }[street_of]
    return place("Invaluable Fine Arts Inc", "26 Broadway Ave.", city, postcode, country)


SAMPLES = (
    standard(),
    bulk(),
    from_jersey(),
    to_a_business_in_belfast(),
    to_northern_ireland(
        "TT_IM079a/TT_IM079a.xml",
        "U.7847323ZHJSV",
        fine_arts("AU"),
        "PL20241202-281-284",
        ("39", "9", "GBP"),
        purpose="gift",
    ),
    to_northern_ireland(
        "TT_IM068a/TT_IM068a.xml",
        "U.7849431R66ZB",
        fine_arts("US"),
        "PL20210630-281-284",
        ("103.33", "13.75", "GBP"),
        additional_type="D",
    ),
    to_northern_ireland(
        "TT_IM124a/Step1_TT_IM124a.xml",
        "U.7847323X8D5G",
        fine_arts("AU"),
        "PL20241125-281-284",
        ("140", "13.75", "USD"),
        "970200",
        ioss_number="IM5532027340",
    ),
    *(
        danish_sample(name)
        for name in (
            "2026-06-30_upstream/Test Case - H7 Standard v2.2.xml",
            "2026-06-30_upstream/Test Case - H7 pre-lodged v2.2.xml",
            "Test Cases - H7/Test Case - H7 Standard/Test Case - H7 Standard v2.1.xml",
            "Test Cases - H7/Test Case - H7 Pre-lodged/Test Case - H7 pre-lodged v2.1.xml",
        )
    ),
)
