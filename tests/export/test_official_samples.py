"""The samples of the customs authorities come out of declarations of ours, and are read back.

Every element we write is in the official file with the same value; what it has beyond that is named
in the `left_out` of the sample, and on the page of the formats with the reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from aliexpress_customs.errors import ReadError
from aliexpress_customs.export import differences, read_back
from aliexpress_customs.export.customs_message import CustomsMessage
from aliexpress_customs.money import money

from .official import BRITISH, DANISH, SAFE, Sample, leaves
from .official_samples import SAMPLES, to_a_business_in_belfast

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"
each_sample = pytest.mark.parametrize(
    "sample", SAMPLES, ids=[sample.path.stem for sample in SAMPLES]
)


@each_sample
def test_the_sample_comes_out_of_a_declaration(sample: Sample) -> None:
    wanted = leaves(sample.official())
    ours = leaves(etree.fromstring(sample.made(), SAFE))
    assert [leaf for leaf in ours if leaf not in wanted] == []
    missing = [path for path, *rest in wanted if (path, *rest) not in ours]
    assert [path for path in missing if not path.endswith(sample.left_out or ("-",))] == []


@each_sample
def test_the_sample_is_read_back_as_its_declaration_says(sample: Sample) -> None:
    message = read_back(etree.tostring(sample.official()), sample.format)
    found = differences(sample.declaration, message)
    assert [one for one in found if one.severity == "error"] == []


@each_sample
def test_the_sample_and_ours_read_back_differ_only_where_ours_is_silent(sample: Sample) -> None:
    ours = read_back(sample.made(), sample.format)
    official = read_back(etree.tostring(sample.official()), sample.format)
    paths = {one.path for one in differences(ours, official)}
    restricted = any("GoodsItem/AdditionalDocument" in path for path in sample.left_out)
    assert paths <= ({"items[0].documents"} if restricted else set())


@each_sample
def test_what_is_left_out_is_documented(sample: Sample) -> None:
    page = PAGE.read_text("utf-8")
    for path in sample.left_out:
        assert any(f"`{step}`" in page for step in path.split("/")), path


def test_every_element_we_read_of_a_sample_is_the_one_of_its_annotation() -> None:
    sample = to_a_business_in_belfast()
    message = read_back(etree.tostring(sample.official()), "cds-xml")
    assert isinstance(message, CustomsMessage)
    assert [(one.kind, one.number) for one in message.fiscal_references] == [("FR2", "GB603202734")]
    (goods,) = message.items
    kinds = [(one.kind, one.status) for one in goods.documents]
    assert kinds == [("C400", "AC"), ("C635", "AC"), ("Y922", ""), ("C679", "XB"), ("9120", "AC")]
    assert goods.statements == ("NIIMP", "00500")
    assert (goods.hs_code, goods.value) == ("61031010", money("130", "GBP"))


@pytest.mark.parametrize("folder", [BRITISH, DANISH])
def test_every_declaration_of_the_authorities_is_read_or_refused_with_a_reason(
    folder: Path,
) -> None:
    files = sorted(folder.rglob("*.xml"))
    if not files:
        pytest.skip("The official samples of the customs are not beside this repository.")
    read = 0
    for path in files:
        content = path.read_bytes()
        name = "cds-xml" if folder == BRITISH else "h7-dms-xml"
        try:
            message = read_back(content, name)
        except ReadError as error:
            assert error.code in {"other_format", "no_goods", "bad_value"}, path  # noqa: PT017
            continue
        assert isinstance(message, CustomsMessage)
        assert message.items
        assert message.lrn
        read += 1
    assert read >= len(SAMPLES) / 2
