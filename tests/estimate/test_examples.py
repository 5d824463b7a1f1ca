"""Worked examples: the shipped ones hold to the cent, malformed files say what is wrong where."""

from __future__ import annotations

from pathlib import Path

import pytest

import aliexpress_customs as ac
from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import ExampleError
from aliexpress_customs.estimate.examples import VerifyReport, load_examples
from aliexpress_customs.rules.load import destinations

SHIPPED = sorted((data_folder() / "examples").glob("*.toml"))
PUBLIC = Path(__file__).parents[2].parent / "shared" / "examples" / "public.toml"
GOOD = """
[[example]]
id = "jp-lamp"
title = "A lamp below the exemption"
destination = "JP"
on = 2026-09-15
currency = "JPY"
goods = [ { description = "lamp", hs_code = "940521", unit_value = "9000", origin_country = "CN" } ]
[example.expect]
duty = "0"
vat = "0"
landed_cost = "9000"
"""


def faults(report: VerifyReport) -> list[str]:
    wrong = [f"{f.id}: {f.key} is {f.got}, not {f.expected}" for f in report.failed]
    refused = [
        f"{r.id}: {'; '.join(reason.message for reason in r.reasons)}" for r in report.refused
    ]
    return wrong + refused


def written(folder: Path, text: str) -> Path:
    path = folder / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_examples_are_shipped() -> None:
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_example_holds_to_the_cent(path: Path) -> None:
    report = ac.verify(path)
    assert faults(report) == []
    assert report.passed == len(load_examples(path))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_published_example_names_its_source(path: Path) -> None:
    examples = load_examples(path)
    assert [each.id for each in examples if each.published and not each.source_url] == []
    ids = [example.id for example in examples]
    assert len(set(ids)) == len(ids)


def test_the_public_examples_hold_for_every_destination_that_has_a_table() -> None:
    if not PUBLIC.is_file():
        pytest.skip(f"the public examples are not part of the repository: {PUBLIC} is absent")
    known = destinations()
    examples = [each for each in load_examples(PUBLIC) if each.destination in known]
    assert examples
    assert faults(ac.verify(examples)) == []


def test_an_example_that_holds_is_counted(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD))
    assert report.ok
    assert report.model_dump() == {"passed": 1, "failed": (), "refused": ()}


def test_an_example_that_does_not_hold_names_key_and_both_amounts(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD.replace('vat = "0"', 'vat = "1"')))
    (failure,) = report.failed
    assert (failure.id, failure.key, failure.expected, failure.got) == ("jp-lamp", "vat", "1", "0")
    assert not report.ok
    assert report.passed == 0


def test_a_tolerance_is_the_largest_difference_allowed(tmp_path: Path) -> None:
    off_by_one = GOOD.replace('vat = "0"', 'vat = "1"\ntolerance = "1"')
    assert ac.verify(written(tmp_path, off_by_one)).ok
    assert not ac.verify(written(tmp_path, off_by_one.replace('vat = "1"', 'vat = "2"'))).ok


def test_an_example_without_table_is_refused_with_its_reason(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD.replace('"JP"', '"AQ"')))
    (refusal,) = report.refused
    assert refusal.id == "jp-lamp"
    assert [reason.code for reason in refusal.reasons] == ["unknown_destination"]


def test_one_bad_example_does_not_stop_the_others(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD.replace('"JP"', '"AQ"') + GOOD))
    assert report.passed == 1
    assert len(report.refused) == 1


def test_the_fee_of_the_post_counts_where_an_example_expects_it(tmp_path: Path) -> None:
    taxed = GOOD.replace('"JP"', '"DE"').replace("JPY", "EUR").replace("9000", "200.00")
    head = taxed[: taxed.index("[example.expect]")].replace(
        'currency = "EUR"', 'currency = "EUR"\nscheme = "none"'
    )
    plain = '[example.expect]\nvat = "38.00"\nlanded_cost = "238.00"\n'
    with_fee = '[example.expect]\nhandling = "6.00"\nlanded_cost = "244.00"\n'
    stated = head.replace('940521", unit', '940521", duty_rate = "0 %", unit')
    assert ac.verify(written(tmp_path, stated + plain)).ok
    assert ac.verify(written(tmp_path, stated + with_fee)).ok
    assert not ac.verify(
        written(tmp_path, stated.replace('"none"', '"none"\ncarrier = "none"') + with_fee)
    ).ok


def test_an_expected_refusal_holds(tmp_path: Path) -> None:
    text = GOOD.replace('"9000", origin', '"900000", origin').replace("940521", "770000")
    text = text[: text.index("[example.expect]")] + '[example.expect]\noutcome = "refused"\n'
    assert ac.verify(written(tmp_path, text)).ok


def test_an_outcome_that_differs_is_named(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD + 'outcome = "refused"\n'))
    assert [(failure.key, failure.expected) for failure in report.failed] == [
        ("outcome", "refused")
    ]


def test_amounts_are_compared_in_the_currency_that_is_stated(tmp_path: Path) -> None:
    dollars = GOOD.replace('landed_cost = "9000"', 'currency = "USD"\nlanded_cost = "60.00"')
    dollars = dollars.replace(
        "[example.expect]", '[example.rates]\n"JPY/USD" = "0.0066666667"\n[example.expect]'
    )
    assert faults(ac.verify(written(tmp_path, dollars))) == []


@pytest.mark.parametrize(
    ("before", "after", "where"),
    [
        ('"JPY"\n', '"JPY"\ncolour = "red"\n', "example jp-lamp: colour"),
        ('destination = "JP"\n', "", "example jp-lamp: destination"),
        ("on = 2026-09-15", 'on = "soon"', "example jp-lamp: on"),
        ("unit_value", "unit_valu", "example jp-lamp: goods.0.unit_value"),
        ('"9000", origin', '"nine", origin', "example jp-lamp: goods.0.unit_value"),
        ('duty = "0"', 'duti = "0"', "example jp-lamp: expect.duti"),
        ('duty = "0"', 'duty = "free"', "example jp-lamp: expect.duty"),
        ('id = "jp-lamp"\n', "", "example 0: id"),
    ],
)
def test_a_malformed_example_names_file_example_and_key(
    tmp_path: Path, before: str, after: str, where: str
) -> None:
    assert before in GOOD
    file = written(tmp_path, GOOD.replace(before, after, 1) + GOOD)
    with pytest.raises(ExampleError) as caught:
        load_examples(file)
    assert caught.value.path == f"own.toml: {where}"
    report = ac.verify(file)
    assert report.passed == 1
    (refusal,) = report.refused
    assert [reason.path for reason in refusal.reasons] == [f"own.toml: {where}"]
    assert refusal.reasons[0].action


@pytest.mark.parametrize("code", ["9405.21", " 940521 ", "9405 21", "9405.21.00"])
def test_codes_may_be_written_as_sources_print_them(tmp_path: Path, code: str) -> None:
    assert ac.verify(written(tmp_path, GOOD.replace("940521", code))).ok


def test_goods_without_a_code_may_leave_it_empty(tmp_path: Path) -> None:
    assert ac.verify(written(tmp_path, GOOD.replace("940521", ""))).ok


def test_a_code_that_is_none_is_refused_alone(tmp_path: Path) -> None:
    report = ac.verify(written(tmp_path, GOOD.replace("940521", "lamp") + GOOD))
    assert report.passed == 1
    assert [reason.path for one in report.refused for reason in one.reasons] == ["goods: hs_code"]


@pytest.mark.parametrize(
    "text", ["", "x = 1", "[[example]\n", "\x00", "example = 5", "example = 'x'"]
)
def test_a_file_that_holds_no_examples_names_itself(tmp_path: Path, text: str) -> None:
    with pytest.raises(ExampleError) as caught:
        ac.verify(written(tmp_path, text))
    assert caught.value.path.startswith("own.toml")


def test_a_file_that_is_not_there_is_an_error_of_the_library(tmp_path: Path) -> None:
    with pytest.raises(ExampleError) as caught:
        ac.verify(tmp_path / "absent.toml")
    assert caught.value.path == "absent.toml"


@pytest.mark.parametrize(
    "line",
    [
        'importer = "martian"',
        'purpose = "theft"',
        'transport = "rocket"',
        'scheme = "unheard_of"',
        'carrier = "nobody"',
        'assume = ["nothing"]',
        'freight = "-5"',
    ],
)
def test_a_value_that_means_nothing_is_never_read_as_the_default(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, GOOD.replace('currency = "JPY"\n', f'currency = "JPY"\n{line}\n'))
    try:
        report = ac.verify(path)
    except ExampleError:
        return
    assert report.passed == 0
    assert len(report.refused) == 1


@pytest.mark.parametrize("goods", ["quantity = 0", "quantity = -1", 'net_weight_kg = "0"'])
def test_impossible_goods_are_refused_not_a_crash(tmp_path: Path, goods: str) -> None:
    path = written(tmp_path, GOOD.replace('unit_value = "9000"', f'unit_value = "9000", {goods}'))
    try:
        report = ac.verify(path)
    except ExampleError:
        return
    assert report.passed == 0
    assert len(report.refused) == 1
