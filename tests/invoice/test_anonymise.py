"""What is sent with a bug report holds no person, but the same structure and the same money."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aliexpress_customs.errors import AliExpressCustomsError
from aliexpress_customs.invoice.anonymise import anonymise, anonymise_file
from aliexpress_customs.invoice.model import Invoice
from aliexpress_customs.invoice.pseudonyms import Pseudonyms
from aliexpress_customs.invoice.read import read, read_report

FIXTURES = Path(__file__).parents[1] / "fixtures"
PERSONAL = re.compile(
    "Pessoa|Invenção|Rua Inventada|SAMPLE BV|NL000000000B01|11000000000|NN000000017BR|"
    "LP00000000000017|80000000000017|pessoa@|Musterstadt|Sampletown|LP00000000000027"
)
READABLE = [
    path
    for path in sorted(FIXTURES.glob("*/*"))
    if path.is_file() and read_report(path).invoices and not read_report(path).errors
]


def money_of(invoice: Invoice) -> object:
    return [invoice.total, [line.line_gross for line in invoice.lines], invoice.charges]


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.name)
def test_no_person_is_left_and_no_money_is_lost(path: Path) -> None:
    content = anonymise_file(path)
    assert not PERSONAL.search(content.decode("utf-8"))
    before, after = read(path), read(content)
    assert [money_of(one) for one in before] == [money_of(one) for one in after]
    assert [one.status for one in before] == [one.status for one in after]
    for one in before:
        text = anonymise(one).model_dump_json()
        assert not PERSONAL.search(text)


def test_a_json_file_keeps_its_shape() -> None:
    path = FIXTURES / "orders" / "mtop_order_detail.json"
    before, after = json.loads(path.read_bytes()), json.loads(anonymise_file(path))

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {key: shape(item) for key, item in value.items()}
        return [shape(item) for item in value] if isinstance(value, list) else type(value)

    assert shape(before) == shape(after)


def test_the_same_person_is_the_same_everywhere() -> None:
    names = Pseudonyms()
    orders = [
        anonymise(one, names)
        for path in ("mtop_order_detail.json", "mtop_order_detail_warns.json")
        for one in read(FIXTURES / "orders" / path)
    ]
    assert orders[0].ship_to is not None
    assert orders[1].ship_to is not None
    assert orders[0].ship_to.name == orders[1].ship_to.name
    assert orders[0].ship_to.name.startswith("Person ")


def test_an_archive_of_the_browser_loses_headers_and_foreign_replies() -> None:
    har = json.loads((FIXTURES / "orders" / "orders.har").read_bytes())
    har["log"]["entries"][0]["request"]["headers"] = [{"name": "Cookie", "value": "secret-token"}]
    har["log"]["entries"].append(
        {
            "request": {"url": "https://bank.example/?account=secret-token"},
            "response": {"content": {"text": '{"balance": "secret-token"}'}},
        }
    )
    content = anonymise_file(json.dumps(har).encode())
    assert b"secret-token" not in content
    assert len(read(content)) == len(read(FIXTURES / "orders" / "orders.har"))


def test_a_file_that_is_no_order_is_refused() -> None:
    for content in (b'{"a": 1}', b"hello", b""):
        with pytest.raises(AliExpressCustomsError):
            anonymise_file(content)
