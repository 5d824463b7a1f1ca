from __future__ import annotations

import datetime as dt
import io
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import aliexpress_customs as ac
from aliexpress_customs.errors import ExportError, UsageError
from aliexpress_customs.export import export, formats, registry

from .parcels import parcel

SHOP = {
    "name": "Shop",
    "lines": ["Road 1"],
    "city": "Shenzhen",
    "postcode": "518000",
    "country": "CN",
}
H7 = {"lrn": "1", "declarant_id": "FR1", "customs_office": "FR001260", "limit_rate": "0.9"}
OPTIONS: dict[str, dict[str, Any]] = {
    "h7-json": H7,
    "h7-csv": H7,
    "h7-dms-xml": H7 | {"submitter_id": "1"},
    "cds-xml": {
        "lrn": "1",
        "declarant_id": "GB1",
        "goods_location": "LGWLGWLGW",
        "exporter": SHOP,
        "checks": "skip",
    },
    "ubl-xml": {"vat_rate": "20", "issue_date": "2026-07-02"},
    "datev-extf": {
        "accounts": "goods=3400; freight=3800; seller=70000",
        "consultant": "1001",
        "client": "1",
        "paid": "4.71 EUR",
        "booked_on": "2026-07-01",
    },
}
"""What a format cannot do without: numbers that only its user knows."""
BINARY = {"datev-extf", "cn23-pdf", "cn22-pdf", "price-pdf", "estimate-pdf"}
THINGS: dict[str, Callable[[], object]] = {
    "price-pdf": lambda: ac.read(ac.sample_order()),
    "estimate-pdf": lambda: ac.estimate(parcel(), dt.date(2026, 10, 2)),
}
"""Formats that are made of something else than a declaration."""
TEXT_FORMATS = [name for name in formats() if name not in BINARY]


def test_every_format_has_a_name_and_one_line_of_purpose() -> None:
    assert {"json", "items-csv", "cn23-csv", "cn23-xml"} <= formats().keys()
    assert all(summary and "\n" not in summary for summary in formats().values())


def test_every_format_has_an_ending_for_names_of_files() -> None:
    assert all(registry.suffix(name).startswith(".") for name in formats())


def test_an_unknown_format_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        export(parcel(), "cn99")
    assert all(name in caught.value.action for name in formats())


def test_an_unknown_option_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="sdr_rat") as caught:
        export(parcel(), "cn23-csv", sdr_rat="1.36")
    assert "sdr_rate" in caught.value.action


def test_a_thing_the_format_cannot_hold_is_refused() -> None:
    with pytest.raises(UsageError, match="GoodsItem"):
        export(parcel().items[0], "items-csv")


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_without_a_target_text_formats_return_text(name: str) -> None:
    text = export(parcel(), name, **OPTIONS.get(name, {}))
    assert isinstance(text, str)
    assert "USB cables" in text


@pytest.mark.parametrize("name", sorted(BINARY))
def test_a_binary_format_returns_bytes(name: str, tmp_path: Path) -> None:
    thing, options = THINGS.get(name, parcel)(), OPTIONS.get(name, {})
    content = export(thing, name, **options)
    assert isinstance(content, bytes)
    export(thing, name, tmp_path / "out", **options)
    assert (tmp_path / "out").read_bytes() == content


@pytest.mark.parametrize("name", TEXT_FORMATS)
def test_path_text_file_and_binary_file_get_the_same_content(name: str, tmp_path: Path) -> None:
    options = OPTIONS.get(name, {})
    text = export(parcel(), name, **options)
    assert isinstance(text, str)
    path = tmp_path / "out"
    assert export(parcel(), name, str(path), **options) == path
    as_text, as_bytes = io.StringIO(newline=""), io.BytesIO()
    export(parcel(), name, as_text, **options)
    export(parcel(), name, as_bytes, **options)
    assert path.read_bytes() == as_bytes.getvalue() == as_text.getvalue().encode() == text.encode()


def test_a_refused_declaration_leaves_the_old_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "cn23.xml"
    path.write_text("old")
    without_words = parcel().items[0].model_copy(update={"description": " \x00 "})
    with pytest.raises(ExportError):
        export(parcel(without_words), "cn23-xml", path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_replacing_a_file_keeps_its_permissions_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "declaration.json"
    path.write_text("old")
    path.chmod(0o640)
    export(parcel(), "json", path)
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    link.symlink_to(real)
    export(parcel(), "json", link)
    assert link.is_symlink()
    assert real.read_text() != "old"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    export(parcel(), "json", pipe)
    reader.join()
    assert pipe.is_fifo()
    assert b"USB cables" in received[0]


def test_a_missing_folder_or_a_folder_as_target_is_an_error_with_advice(tmp_path: Path) -> None:
    for target in (tmp_path / "missing" / "x.json", tmp_path):
        with pytest.raises(ExportError) as caught:
            export(parcel(), "json", target)
        assert caught.value.code == "cannot_write"
        assert caught.value.action


def test_a_text_file_that_lacks_a_character_is_a_typed_error(tmp_path: Path) -> None:
    chinese = parcel(parcel().items[0].model_copy(update={"description": "鼠标"}))
    with (
        (tmp_path / "x.csv").open("w", encoding="ascii") as stream,
        pytest.raises(ExportError, match="ascii"),
    ):
        export(chinese, "items-csv", stream)


def test_a_binary_format_is_not_written_to_a_text_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry.EXPORTERS[0], "MEDIA_TYPE", "application/pdf")
    assert isinstance(export(parcel(), "json"), bytes)
    with pytest.raises(UsageError, match="binary"):
        export(parcel(), "json", io.StringIO())
