"""Official files as they are downloaded, cut to a few lines."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from aliexpress_customs.errors import TariffError
from aliexpress_customs.tariff.importing import import_file
from aliexpress_customs.tariff.measures import Schedule
from aliexpress_customs.tariff.schedules import FOLDER_VARIABLE, schedule

DAY = dt.date(2026, 7, 2)
KIND = "third_country"

USITC = [
    {
        "htsno": "6109.10.00",
        "indent": "1",
        "description": "Of cotton",
        "general": "16.5%",
        "special": "Free (AU,BH)",
        "other": "90%",
        "units": [],
    },
    {"htsno": "6109.10.00.04", "indent": "2", "description": "T-shirts", "general": ""},
    {"htsno": "", "indent": "0", "description": "Phones", "general": ""},
    {"htsno": "8517.13.00", "general": "Free", "other": "35%"},
    {"htsno": "9101.11.40", "general": "36¢ each + 5.6% + 2¢/jewel", "other": "$4.50 each"},
    {"htsno": "9903.88.15", "general": "The duty provided in the applicable subheading + 7.5%"},
]

USITC_CSV = (
    "HTS Number,Indent,Description,Unit of Quantity,General Rate of Duty,"
    "Special Rate of Duty,Column 2 Rate of Duty,Quota Quantity,Additional Duties\n"
    '6404.11.20,2,Other,"[""prs.""]",10.5%,Free (AU),35%,,\n'
    "6404.11.20.30,3,For men,,,,,,\n"
)

TRADE_TARIFF = (
    "id,commodity__sid,commodity__code,commodity__indent,commodity__description,measure__sid,"
    "measure__type__id,measure__type__description,measure__additional_code__code,"
    "measure__additional_code__description,measure__duty_expression,"
    "measure__effective_start_date,measure__effective_end_date,measure__geographical_area__id,"
    "measure__excluded_geographical_areas__ids\n"
    "1,1,6109100010,3,T-shirts,1,103,Third country duty,,,12.00%,2021-01-01,,1011,\n"
    "2,2,8712003000,3,Bicycles,2,103,Third country duty,,,14.00%,2021-01-01,,1011,\n"
    "3,2,8712003000,3,Bicycles,3,552,Definitive anti-dumping duty,,,48.50%,2019-08-30,"
    "2029-08-30,CN,\n"
    "4,2,8712003000,3,Bicycles,4,552,Definitive anti-dumping duty,B774,Giant,19.20%,2019-08-30,"
    ",CN,\n"
    "5,2,8712003000,3,Bicycles,5,142,Tariff preference,,,0.00%,2021-01-01,,2005,\n"
    "6,3,7606000000,1,Aluminium,6,103,Third country duty,,,Entry Price,2021-01-01,,1011,VN\n"
)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    schedule.cache_clear()
    return folder


@pytest.fixture(autouse=True)
def _fresh() -> object:
    yield
    schedule.cache_clear()


def given(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "download"
    path.write_text(text, encoding="utf-8")
    return path


def tariff(name: str) -> Schedule:
    held = schedule(name)
    assert held is not None
    return held


def rate(name: str, code: str, origin: str = "CN", kind: str = KIND) -> str:
    found = tariff(name).find(kind, code, origin, DAY)
    return found.exact.duty if found.exact else ""


def test_the_american_export_takes_the_place_of_the_shipped_schedule(
    own: Path, tmp_path: Path
) -> None:
    report = import_file(given(tmp_path, json.dumps(USITC)), "us", own)
    assert report.format == "usitc-json"
    assert (report.rows, report.unparsed) == (6, 1)
    assert report.unparsed_texts == ("36¢ each + 5.6% + 2¢/jewel",)
    assert report.spot["610910"] == "16.5 %"
    assert report.changed == 0
    assert rate("us", "6109100004") == "16.5 %"
    assert rate("us", "6109100004", "KP") == "90 %"
    assert rate("us", "9101114000", "KP") == "4.5 USD/piece"
    assert "section_301" in tariff("us")


def test_the_american_csv_export_reads_the_same_way(own: Path, tmp_path: Path) -> None:
    report = import_file(given(tmp_path, USITC_CSV), "us", own)
    assert (report.format, report.rows) == ("usitc-csv", 2)
    assert rate("us", "6404112030") == "10.5 %"


def test_british_measures_bring_trade_remedies_too(own: Path, tmp_path: Path) -> None:
    report = import_file(given(tmp_path, TRADE_TARIFF), "gb", own)
    assert report.format == "trade-tariff-csv"
    assert (report.rows, report.unparsed, report.changed) == (4, 1, 0)
    assert rate("gb", "61091000") == "12 %"
    assert rate("gb", "87120030") == "14 %"
    assert rate("gb", "87120030", kind="anti_dumping") == "48.5 %"
    assert rate("gb", "87120030", "VN", kind="anti_dumping") == ""
    assert rate("gb", "760611") == "?"
    assert rate("gb", "760611", "VN") == ""


def test_a_japanese_copy_is_read_and_changes_are_counted(own: Path, tmp_path: Path) -> None:
    text = "code,rate_text\n610910010,9.9%\n640320012,30%又は4300円/足のうちいずれか高い税率\n"
    report = import_file(given(tmp_path, text), "jp", own)
    assert (report.format, report.changed) == ("rates-csv", 1)
    assert rate("jp", "640320012") == "30 % MIN 4300 JPY/pair"
    assert rate("jp", "420222200") == ""


def test_a_line_with_two_rates_is_open(own: Path, tmp_path: Path) -> None:
    import_file(given(tmp_path, "code,rate_text\n6109.10,5%\n6109.10,6%\n"), "kr", own)
    assert rate("kr", "610910") == "?"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[{]", "unreadable"),
        ('{"a": 1}', "unknown_tariff_format"),
        ("[1]", "unknown_tariff_format"),
        ("[]", "empty_tariff"),
        ("a,b\n1,2\n", "unknown_tariff_format"),
        ("", "unknown_tariff_format"),
        ("code,rate_text\n", "empty_tariff"),
        ("[" * 100_000, "unreadable"),
    ],
)
def test_anything_else_is_refused_and_nothing_is_written(
    own: Path, tmp_path: Path, text: str, code: str
) -> None:
    with pytest.raises(TariffError) as caught:
        import_file(given(tmp_path, text), "us", own)
    assert caught.value.code == code
    assert list(own.iterdir()) == []


def test_files_that_are_no_text_or_not_there_are_unreadable(own: Path, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x81")
    for name in ("binary", "absent"):
        with pytest.raises(TariffError) as caught:
            import_file(tmp_path / name, "us", own)
        assert caught.value.code == "unreadable"


@pytest.mark.parametrize("name", ["", "../us", "US", "us.extra"])
def test_a_name_that_is_no_name_is_refused(own: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(TariffError) as caught:
        import_file(given(tmp_path, USITC_CSV), name, own)
    assert caught.value.code == "bad_tariff_name"
