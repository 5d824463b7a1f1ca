# ruff: noqa: RUF001 - the printed rates are in their own alphabets
"""The shipped schedules: rates that anyone can look up, and that every row can be used."""

from __future__ import annotations

import datetime as dt
import importlib.util
import sys
import tomllib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aliexpress_customs.datafiles import data_folder
from aliexpress_customs.errors import TariffError, UsageError
from aliexpress_customs.tariff import schedules
from aliexpress_customs.tariff.duty import parse_duties
from aliexpress_customs.tariff.measures import OPEN, Found, Schedule
from aliexpress_customs.tariff.schedules import schedule, schedule_names
from aliexpress_customs.tariff.show import stack
from aliexpress_customs.tariff.sources import cited, sources

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2026, 7, 2)
KIND = "third_country"
BUILT = ("au", "ca", "eaeu", "eu", "gb", "jp", "no")
FREE = {"0 %"}
NO_SPOT: dict[str, dict[str, str]] = {name: {} for name in BUILT}

SPOT: dict[str, dict[str, set[str]]] = {
    "610910": {
        "eu": {"12 %"},
        "gb": {"12 %"},
        "jp": {"10.9 %", "7.4 %"},
        "au": {"5 %|0 %|10 %"},
        "no": {"10.7 %"},
        "eaeu": {"1.75 EUR/kg"},
        "ca": {"18 %"},
    },
    "640299": {
        "eu": {"16.8 %", "17 %"},
        "gb": {"16 %"},
        "jp": {"8 %|6.7 %", "10 %|6.7 %"},
        "au": {"5 %|0 %|10 %"},
        "no": FREE,
        "eaeu": {"0.28 EUR/pair", "0.34 EUR/pair"},
        "ca": {"17.5 %"},
    },
    "640411": {
        "eu": {"16.9 %"},
        "gb": {"16 %"},
        "jp": {"8 %"},
        "au": {"0 %", "5 %"},
        "no": FREE,
        "eaeu": {"0.47 EUR/pair"},
        "ca": {"16 %", "18 %"},
    },
    "851713": dict.fromkeys(BUILT, FREE),
    "851830": {
        **dict.fromkeys(("eu", "gb", "jp", "au", "no", "ca"), FREE),
        "eaeu": {"0 %", "5 %"},
    },
    "853952": {
        "eu": {"3.7 %"},
        "gb": FREE,
        "jp": FREE,
        "no": FREE,
        "eaeu": FREE,
        "ca": FREE,
    },
    "940542": {
        "eu": {"2.7 %", "3.7 %", "4.7 %"},
        "gb": {"2 %", "4 %"},
        "jp": FREE,
        "au": {"5 %"},
        "no": FREE,
        "eaeu": {"0 %", "5 %", "10 %", "14 %"},
        "ca": {"6 %", "7 %"},
    },
    "950300": {
        "eu": {"0 %", "4.7 %"},
        "gb": {"0 %", "4 %"},
        "jp": FREE,
        "au": {"0 %", "5 %"},
        "no": FREE,
        "eaeu": {"7.5 %", "10 %"},
        "ca": {"0 %", "8 %"},
    },
    "420222": {
        "eu": {"9.7 %", "3.7 %"},
        "gb": {"8 %", "2 %"},
        "jp": {"16 %", "8 %"},
        "au": {"5 %"},
        "no": FREE,
        "eaeu": {"12.5 %"},
        "ca": {"10.5 %"},
    },
    "851762": dict.fromkeys(BUILT, FREE),
    "711719": {
        "eu": {"4 %"},
        "gb": {"4 %"},
        "jp": {"3.7 %"},
        "au": {"5 %"},
        "no": FREE,
        "eaeu": {"3 EUR/kg"},
        "ca": {"0 %", "8.5 %"},
    },
    "850760": {
        "eu": {"2.7 %"},
        "gb": {"2 %"},
        "jp": FREE,
        "au": {"5 %"},
        "no": FREE,
        "eaeu": FREE,
        "ca": {"0 %", "7 %"},
    },
}


def tariff(name: str) -> Schedule:
    held = schedule(name)
    assert held is not None
    return held


def duties(found: Found) -> set[str]:
    return {m.duty for m in (*found.candidates, *([found.exact] if found.exact else []))}


@pytest.mark.parametrize(
    ("code", "name"), [(code, name) for code, by_name in SPOT.items() for name in by_name]
)
def test_well_known_rates(code: str, name: str) -> None:
    assert duties(tariff(name).find(KIND, code, "CN", DAY)) == SPOT[code][name]


@pytest.mark.parametrize("name", schedule_names())
def test_every_cell_is_a_duty_or_open(name: str) -> None:
    held = tariff(name)
    for kind in held.types:
        for measure in held.measures(kind):
            if measure.duty != OPEN:
                assert parse_duties(measure.duty)


@pytest.mark.parametrize("name", BUILT)
def test_every_row_names_sources_that_are_described(name: str) -> None:
    for measure in tariff(name).measures(KIND):
        assert len(cited(measure.source)) == len(measure.source.split()) > 0


@pytest.mark.parametrize("name", BUILT)
def test_an_open_row_and_one_with_candidates_say_why(name: str) -> None:
    for measure in tariff(name).measures(KIND):
        if measure.duty == OPEN or "|" in measure.duty:
            assert measure.note, measure


@pytest.mark.parametrize("name", BUILT)
def test_every_prefix_of_a_row_gives_a_range_that_holds_it(name: str) -> None:
    held = tariff(name)
    rows = list(held.measures(KIND))
    codes = {measure.code for measure in rows}
    day = dt.date(2026, 11, 22)
    for measure in rows[::7]:
        for length in (2, 4, 6):
            prefix = measure.code[:length]
            above = [measure.code[:n] for n in range(1, len(measure.code))]
            if length < len(measure.code) and not codes.intersection(above):
                assert measure.duty in duties(held.find(KIND, prefix, "CN", day))


def test_a_gap_of_a_partial_copy_is_never_free() -> None:
    """Australia's copy has 6402.99.10 (free) but not 6402.99.90, which is not, nor clothing."""
    held = tariff("au")
    assert duties(held.find(KIND, "64029990", "CN", DAY)) == {"5 %|0 %|10 %"}
    assert duties(held.find(KIND, "64029910", "CN", DAY)) == FREE
    assert duties(held.find(KIND, "61091000", "CN", DAY)) == {"5 %|0 %|10 %"}
    assert duties(held.find(KIND, "27102000", "CN", DAY)) == {OPEN}


def test_codes_of_2022_do_not_apply_before() -> None:
    """0410.10 is new in HS 2022."""
    held = tariff("eu")
    assert held.find(KIND, "04101010", "CN", dt.date(2021, 12, 31)) == Found()
    assert held.find(KIND, "04101010", "CN", dt.date(2022, 1, 1)) != Found()


def test_all_schedules_together_stay_small() -> None:
    schedule.cache_clear()
    tracemalloc.start()
    try:
        held = [tariff(name) for name in schedule_names()]
        for one in held:
            for kind in one.types:
                for measure in one.measures(kind):
                    assert measure.code
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        schedule.cache_clear()
    assert used < 60_000_000


def test_a_stack_shows_each_measure_with_its_sources() -> None:
    (shown,) = stack("eu", "6109100010", DAY)
    assert (shown.code, shown.duty, shown.fit) == ("6109", "12 %", "exact")
    assert shown.sources[0].date == dt.date(2021, 1, 27)
    several = stack("eu", "420222", DAY)
    assert {(row.duty, row.fit) for row in several} == {("9.7 %", "below"), ("3.7 %", "below")}
    assert {row.fit for row in stack("eu", "42022255", DAY)} == {"nearest"}
    american = {row.type: row for row in stack("us", "85176200", dt.date(2026, 6, 1))}
    assert american["third_country"].duty in {"Free", "0 %"}
    assert american["third_country"].origin.startswith("!")


@pytest.mark.parametrize(("name", "code"), [("atlantis", "6109"), ("eu", "61.09"), ("eu", "")])
def test_a_stack_of_nothing_is_a_usage_error(name: str, code: str) -> None:
    with pytest.raises(UsageError):
        stack(name, code, DAY)


def test_malformed_sources_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(schedules.FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "sources.toml").write_text('[mine]\ncitation = "x"\n', encoding="utf-8")
    with pytest.raises(TariffError, match="cannot be read"):
        sources()


# ---- the script that builds them ----


@pytest.fixture(scope="module")
def build() -> Iterator[ModuleType]:
    """`tools/tariffs/build.py` as a module."""
    path = ROOT / "tools" / "tariffs" / "build.py"
    spec = importlib.util.spec_from_file_location("tariffs_build", path)
    if spec is None or spec.loader is None or not path.is_file():
        pytest.skip("no checkout")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def facts(folder: Path, **texts: str) -> Path:
    """A folder of facts: every schedule has the same few lines, except those given."""
    header = "code,rate_text,ad_valorem_pct,specific_amount,specific_currency,specific_unit,"
    header += "valid_from,source\n"
    lines = {
        "eu": "61091000,12.0%,12,,,,2021-01-01,x\n61099020,12.0%,12,,,,2021-01-01,x\n",
        "jp": "610910010,10.9%,,,,,2026-07-09,x\n610990010,無税,,,,,2026-07-09,x\n",
        "eaeu": '6109100000,"1,75 евро за 1 кг [63С)]",,,,,2022-04-25,x\n',
        "ca": "61091000,18 %,18,,,,2026-09-01,x\n",
        "au": "61091010,Free,0,,,,2026-04-01,x\n",
        "no_2019": "61091000,10.7%,,,,,2019-01-01,x\n85171200,Free,,,,,2019-01-01,x\n"
        "85171800,5%,,,,,2019-01-01,x\n",
        "us": "61091000,16.5%,,,,,2025-01-01,x\n61099010,5%,,,,,,x\n85171300,Free,,,,,,x\n",
    }
    lines["gb"] = lines["eu"]
    lines["jp"] += "851713000,無税,,,,,2026-07-09,x\n"
    for name, text in (lines | texts).items():
        (folder / f"{name}.csv").write_text(header + text, encoding="utf-8")
    for name in ("eu", "gb"):
        unresolved = "code,candidate_rates,note\n61099090,4.0%|12.0%,new\n61103000,,new\n"
        (folder / f"{name}_unresolved.csv").write_text(unresolved, encoding="utf-8")
    pairs = "hs2017,hs2022\n851712,851713\n851718,851713\n"
    (folder / "hs2017_to_hs2022_changed.csv").write_text(pairs, encoding="utf-8")
    return folder


def built(build: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(build, "SPOT", NO_SPOT)
    texts: dict[str, str] = build.build(folder)
    return texts


def test_like_lines_are_joined_and_gaps_are_kept_open(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = built(build, facts(tmp_path), monkeypatch)
    assert "61091000" not in texts["eu"]
    assert "\n610910,third_country,,12 %,2021-01-01,,cet2021,,\n" in texts["eu"]
    assert "61099090,third_country,,12 %|4 %,2022-01-01,,cet2021 unresolved,new," in texts["eu"]
    assert "610910,third_country,,1.75 EUR/kg,,,eec2022-04-25,footnote 63С not" in texts["eaeu"]
    note = "the copy of the schedule has only 61091010"
    assert f"\n610910,third_country,,5 %|0 %|10 %,,,abf2026-04 au_majority,{note},\n" in texts["au"]
    assert "\n610990,third_country,,?,,,cbsa2026-09-01,not in the copy" in texts["ca"]
    assert "85,third_country,,0 %|5 %,2022-01-01,,no2019 hs2022,predec" in texts["no"]


def test_the_script_stops_when_a_spot_rate_is_off(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SPOT", NO_SPOT | {"eu": {"61091000": "13 %"}})
    with pytest.raises(SystemExit, match="spot rate 13 % is 12 %"):
        build.build(facts(tmp_path))


def test_the_script_can_check_the_files_in_place(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "SPOT", NO_SPOT)
    folder, out = facts(tmp_path), tmp_path / "out"
    out.mkdir()
    build.main([str(folder), "--out", str(out)])
    build.main([str(folder), "--out", str(out), "--check"])
    (out / "jp.csv").write_text("changed", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"jp\.csv"):
        build.main([str(folder), "--out", str(out), "--check"])


def test_the_sources_file_is_complete() -> None:
    entries = tomllib.loads((data_folder() / "tariffs" / "sources.toml").read_text("utf-8"))
    assert set(entries) == set(sources())
