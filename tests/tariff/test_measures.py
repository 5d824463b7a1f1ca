"""Lookups by longest prefix, origin and day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliexpress_customs.errors import TariffError
from aliexpress_customs.tariff import schedules
from aliexpress_customs.tariff.measures import OPEN, Found, Measure, Schedule
from aliexpress_customs.tariff.schedules import FOLDER_VARIABLE, schedule

DAY = dt.date(2026, 7, 2)
KIND = "third_country"
HEADER = "code,type,origin,duty,from,to,source,note\n"


def row(
    code: str,
    duty: str,
    *,
    origin: str = "",
    from_: dt.date | None = None,
    to: dt.date | None = None,
    lines: int = 1,
    kind: str = KIND,
) -> Measure:
    return Measure(
        code,
        kind,
        frozenset(origin.removeprefix("!").split()),
        origin.startswith("!"),
        duty,
        from_,
        to,
        "",
        "",
        lines,
    )


def tariff(*rows: Measure) -> Schedule:
    return Schedule("t", rows)


def duties(found: Found) -> set[str]:
    rows = found.candidates or ((found.exact,) if found.exact else ())
    return {measure.duty for measure in rows}


def rate(found: Found) -> str:
    assert found.exact is not None
    return found.exact.duty


DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2029, 12, 31))
CODES = st.text("01", min_size=2, max_size=6)


@st.composite
def flat_tariffs(draw: st.DrawFn) -> Schedule:
    """Rows of which none is a prefix of another, as a schedule of lines is."""
    kept: list[Measure] = []
    for code in sorted(draw(st.sets(CODES, min_size=1, max_size=12))):
        if not any(code.startswith(before.code) for before in kept):
            duty = draw(st.sampled_from(["0 %", "4 %", "8 %", "1 EUR/kg", "4 %|8 %"]))
            from_, to = draw(st.none() | DAYS), draw(st.none() | DAYS)
            kept.append(row(code, duty, from_=from_, to=to))
    return tariff(*kept)


@given(flat_tariffs(), CODES, st.text("01", max_size=4), DAYS)
def test_a_longer_code_never_leaves_the_range_of_its_prefix(
    held: Schedule, code: str, more: str, on: dt.date
) -> None:
    wide, narrow = held.find(KIND, code, "CN", on), held.find(KIND, code + more, "CN", on)
    assert duties(narrow) <= duties(wide)
    assert narrow.lines <= wide.lines


@given(flat_tariffs(), CODES, DAYS)
def test_a_measure_never_applies_outside_its_days(held: Schedule, code: str, on: dt.date) -> None:
    found = held.nearest(KIND, code, "CN", on)
    for measure in (*found.candidates, *([found.exact] if found.exact else [])):
        assert measure.from_ is None or measure.from_ <= on
        assert measure.to is None or on <= measure.to


@given(flat_tariffs(), CODES, DAYS)
def test_the_expected_duty_is_one_of_the_candidates(held: Schedule, code: str, on: dt.date) -> None:
    found = held.find(KIND, code, "CN", on)
    if found.candidates:
        cells = [measure.duty.split("|")[0] for measure in found.candidates]
        assert found.expected in cells


def test_the_longest_prefix_wins_and_exceptions_must_be_named() -> None:
    held = tariff(row("85076000", "2.7 %"), row("8507600010", "0 %"))
    assert rate(held.find(KIND, "8507600010", "CN", DAY)) == "0 %"
    assert rate(held.find(KIND, "8507600099", "CN", DAY)) == "2.7 %"
    assert rate(held.find(KIND, "85076000", "CN", DAY)) == "2.7 %"
    assert rate(held.find(KIND, "850760", "CN", DAY)) == "2.7 %"


def test_a_row_for_fifty_lines_outweighs_two_rows_for_one() -> None:
    held = tariff(row("6101", "12 %", lines=50), row("6102", "8 %"), row("6103", "8 %"))
    found = held.find(KIND, "61", "CN", DAY)
    assert found.expected == "12 %"
    assert found.lines == 52


def test_what_is_expected_of_several_types_is_what_one_line_bears() -> None:
    held = tariff(
        row("851660", "2.7 %"),
        row("8516604000", "0 %", kind="additional"),
        row("8516606000", "25 %", kind="additional"),
        row("8516607000", "0 %", kind="additional"),
        row("8516604000", "0 %", kind="metal"),
        row("8516606000", "0 %", kind="metal"),
        row("8516607000", "50 %", kind="metal"),
    )
    found = [held.find(kind, "851660", "CN", DAY).expected for kind in ("additional", "metal")]
    assert found in (["0 %", "0 %"], ["25 %", "0 %"], ["0 %", "50 %"])


def test_a_usual_line_is_expected_before_the_most_common_one() -> None:
    rows = [row("851830", "7.5 %", lines=5), row("851831", "0 %")]
    assert tariff(*rows).find(KIND, "8518", "CN", DAY).expected == "7.5 %"
    named = tariff(*rows, row("85183120", "0 %", kind="usual"))
    assert named.find(KIND, "8518", "CN", DAY).expected == "0 %"
    assert named.types == (KIND,)


def test_a_row_for_the_origin_goes_with_the_rows_it_leaves_out() -> None:
    held = tariff(row("61", "12 %", origin="!VN"), row("61", "3 %", origin="VN"))
    assert rate(held.find(KIND, "6109", "CN", DAY)) == "12 %"
    assert rate(held.find(KIND, "6109", "VN", DAY)) == "3 %"


def test_a_new_rate_applies_from_its_first_day() -> None:
    held = tariff(
        row("61", "12 %", to=dt.date(2026, 6, 30)), row("61", "15 %", from_=dt.date(2026, 7, 1))
    )
    assert rate(held.find(KIND, "6109", "CN", dt.date(2026, 6, 30))) == "12 %"
    assert rate(held.find(KIND, "6109", "CN", dt.date(2026, 7, 1))) == "15 %"


def test_a_code_of_another_nomenclature_gets_its_neighbours_and_is_flagged() -> None:
    held = tariff(row("42022210", "9.7 %"), row("42022290", "3.7 %"))
    assert held.find(KIND, "42022299", "CN", DAY) == Found()
    found = held.nearest(KIND, "42022299", "CN", DAY)
    assert found.neighbours
    assert duties(found) == {"9.7 %", "3.7 %"}
    assert not held.nearest(KIND, "42022290", "CN", DAY).neighbours


def test_neighbours_share_the_six_international_digits() -> None:
    held = tariff(row("42022210", "9.7 %"))
    assert held.nearest(KIND, "42022110", "CN", DAY) == Found()


def test_an_open_line_is_a_candidate_and_not_the_expected_one() -> None:
    held = tariff(row("640291", OPEN), row("640299", OPEN), row("640212", "5 %"))
    found = held.find(KIND, "6402", "CN", DAY)
    assert found.expected == "5 %"
    assert OPEN in duties(found)


def test_an_unknown_type_is_found_nowhere() -> None:
    assert tariff(row("61", "1 %")).find("additional", "6109", "CN", DAY) == Found()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's own."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    schedules.schedule.cache_clear()
    monkeypatch.setattr(schedules, "schedule", schedules.schedule)
    return tmp_path


@pytest.fixture(autouse=True)
def _fresh() -> object:
    yield
    schedule.cache_clear()


def test_the_callers_own_file_replaces_the_shipped_one(own: Path) -> None:
    (own / "jp.csv").write_text(HEADER + "61,third_country,,99 %,,,mine,\n", encoding="utf-8")
    held = schedule("jp")
    assert held is not None
    assert rate(held.find(KIND, "610910", "CN", DAY)) == "99 %"
    assert held.find(KIND, "640411", "CN", DAY) == Found()
    shipped = schedule("eu")
    assert shipped is not None
    assert rate(shipped.find(KIND, "610910", "CN", DAY)) == "12 %"


def test_the_callers_own_file_may_add_to_the_shipped_ones(own: Path) -> None:
    added = "8712,anti_dumping,CN,48.5 %,2019-08-30,,mine,\n"
    (own / "no.anti_dumping.csv").write_text(HEADER + added, encoding="utf-8")
    held = schedule("no")
    assert held is not None
    assert held.types == ("anti_dumping", "third_country")
    assert rate(held.find("anti_dumping", "87120030", "CN", DAY)) == "48.5 %"
    assert held.find("anti_dumping", "87120030", "VN", DAY) == Found()


def test_a_folder_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, "nowhere/at/all")
    schedule.cache_clear()
    with pytest.raises(TariffError, match="does not exist"):
        schedule("eu")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("6x,third_country,,1 %,,,,", "no code"),
        ("61,third_country,,1 %,yesterday,,,", "yesterday"),
        ("61,third_country", "no measure"),
        ("61,third_country,,,,,,", "no duty"),
        ("٦١,third_country,,1 %,,,,", "no code"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(own: Path, line: str, word: str) -> None:
    (own / "zz.csv").write_text(f"{HEADER}62,third_country,,1 %,,,,\n{line}\n", encoding="utf-8")
    with pytest.raises(TariffError, match=word) as caught:
        schedule("zz")
    assert caught.value.path == "zz.csv:3"


def test_a_file_without_the_columns_is_refused(own: Path) -> None:
    (own / "zz.csv").write_text("code,rate\n61,12\n", encoding="utf-8")
    with pytest.raises(TariffError, match="column 'type'"):
        schedule("zz")


@pytest.mark.parametrize("name", ["", "no_such", "../eu", "*", "e?"])
def test_an_unknown_tariff_is_none(name: str) -> None:
    assert schedule(name) is None
