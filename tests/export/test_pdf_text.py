from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliexpress_customs.errors import ExportError
from aliexpress_customs.export.pdf_bidi import visual
from aliexpress_customs.export.pdf_fonts import MM, load_fonts
from aliexpress_customs.export.pdf_page import Box, Paper
from aliexpress_customs.export.pdf_text import ELLIPSIS, LEADING, fit

from .paper import pages
from .parcels import parcel

FONTS = load_fonts()
untimed = settings(deadline=None)


@pytest.mark.parametrize(
    "text",
    [
        "Größe 42, žluťoučký kůň, Đặng Thị, İstanbul",
        "Хлопковая рубашка, Київ, Љубљана",
        "Ελληνικά καλώδια",
        "Հայաստան საქართველო",
        "חולצת כותנה",
        "قميص قطني للرجال",
        "پیراهن گچ",
        "10 € 5 £ 7 ₽ 3 ₺ 2 ₴ 9 ₩ 4 ₫ 8 ₹",
    ],
)
def test_scripts_of_the_shipped_fonts_print_as_they_are(text: str) -> None:
    assert FONTS.printable(text) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("女士棉质衬衫", "NuShiMianZhiChenShan"),
        ("고양이", "GoYangI"),
        ("キャット", "kiyatto"),
        ("हिन्दी", "hindi"),
        ("ＵＳＢ　２ｍ", "USB 2m"),  # noqa: RUF001
        ("👗 Summer dress 👩‍👩‍👧", "Summer dress"),
        ("①②", "12"),
        ("two\r\nlines\tand\x00bell\x07", "two lines andbell"),
        ("שָׁלוֹם", "שלום"),
        ("👗👗", ""),
        ("کپڑے", "kpre"),
        ("鼠\u0301s", "Shus"),
    ],
)
def test_other_scripts_are_written_in_latin_letters(text: str, printed: str) -> None:
    assert FONTS.printable(text) == printed


@untimed
@given(st.text())
def test_what_is_printable_needs_no_second_rewriting_and_has_all_its_glyphs(text: str) -> None:
    from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415

    printed = FONTS.printable(text)
    assert FONTS.printable(printed) == printed
    for bold in (False, True):
        for name, signs in FONTS.runs(printed, bold=bold):
            glyphs = pdfmetrics.getFont(name).face.charToGlyph  # type: ignore[attr-defined]
            assert all(ord(sign) in glyphs for sign in signs)


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    assert visual("قميص") == "ﺺﻴﻤﻗ"
    assert visual("עולם (ab) 12", right_to_left=True) == "12 (ab) םלוע"
    assert visual("plain") == "plain"


@untimed
@given(st.text("ab שלקמ12 ([{)]}.,+", max_size=25), st.booleans())
def test_the_order_is_that_of_another_implementation_of_the_algorithm(
    text: str, right_to_left: bool
) -> None:
    import bidi  # noqa: PLC0415

    same = str.maketrans("([{)]}", "||||||")  # the other one does not mirror
    other = bidi.get_display(text, base_dir="R" if right_to_left else "L")
    assert visual(text, right_to_left=right_to_left).translate(same) == other.translate(same)


def test_the_name_of_god_is_spelled_in_letters_that_the_fonts_have() -> None:
    ((_, signs),) = FONTS.runs("عبد الله", right_to_left=True)
    assert "ﷲ" not in signs
    assert signs.endswith("ﺪﺒﻋ")


def test_the_callers_font_prints_what_the_others_lack(fonts_folder: Path) -> None:
    fonts = load_fonts(fonts_folder / "three-signs.ttf")
    assert fonts.printable("A 鼠标 女") == "A 鼠标 Nu"
    (first, words), (second, signs) = fonts.runs("A 鼠标")
    assert (words, signs) == ("A ", "鼠标")
    assert (first, second) == (FONTS.regular, fonts.spare)
    assert fonts.width("鼠标", 10) == pytest.approx(2 * 10 / MM)


def test_an_indian_script_is_transliterated_though_the_font_has_its_letters(
    fonts_folder: Path,
) -> None:
    assert load_fonts(fonts_folder / "three-signs.ttf").printable("क") == "k"


def test_a_font_that_is_none_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"OTTO, no glyphs")
    for path in (broken, tmp_path / "missing.ttf", tmp_path):
        with pytest.raises(ExportError) as caught:
            load_fonts(path)
        assert caught.value.code == "bad_font"
        assert caught.value.path == str(path)


@pytest.mark.parametrize("package", ["reportlab.pdfbase.ttfonts", "bidi", "anyascii"])
def test_without_the_pdf_extra_the_error_says_how_to_install_it(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aliexpress_customs.export import export  # noqa: PLC0415

    monkeypatch.setitem(sys.modules, package, None)
    for name in ("cn23-pdf", "cn22-pdf"):
        with pytest.raises(ExportError) as caught:
            export(parcel(), name)
        assert caught.value.code == "pdf_extra_missing"
        assert package.split(".", maxsplit=1)[0] in caught.value.message
        assert "aliexpress-customs[pdf]" in caught.value.action


@untimed
@given(st.text(max_size=200), st.floats(5, 80), st.floats(1, 40), st.booleans())
def test_fitted_lines_never_leave_their_box(
    text: str, width: float, height: float, bold: bool
) -> None:
    made = fit(FONTS, text, width=width, height=height, size=9, bold=bold)
    for row in made.lines:
        assert len(row) <= 1 or FONTS.width(row, made.size, bold=bold) <= width + 1e-6
    if len(made.lines) > 1:
        assert made.height <= height + 1e-6
    if not made.cut:
        assert "".join(made.lines).replace(" ", "") == FONTS.printable(text).replace(" ", "")
    else:
        assert made.lines[-1].endswith(ELLIPSIS)


def test_text_shrinks_before_it_is_cut() -> None:
    text = "Men's cotton shirts with long sleeves"
    assert fit(FONTS, text, width=60, height=4, size=8).size == 8
    small = fit(FONTS, text, width=40, height=3, size=8)
    assert small.size < 8
    assert small.lines == (text,)
    cut = fit(FONTS, text, width=20, height=3, size=8)
    assert cut.cut
    assert cut.lines[0].startswith("Men's cotton")


def test_a_word_wider_than_the_box_is_broken() -> None:
    made = fit(FONTS, "W" * 30, width=20, height=40, size=8)
    assert "".join(made.lines) == "W" * 30
    assert len(made.lines) > 1


def test_text_is_aligned_within_its_box() -> None:
    paper = Paper("test", (100, 50), FONTS)
    box = Box(10, 10, 60, 20)
    paper.text(box, "left", 10)
    paper.text(box, "right", 10, align="right", anchor="bottom")
    paper.text(box, "middle", 10, align="center", anchor="middle")
    left, right, middle = pages(paper.content())[0]
    assert left.x == pytest.approx(10, abs=0.01)
    assert right.box.right == pytest.approx(70, abs=0.01)
    assert middle.x + middle.box.width / 2 == pytest.approx(40, abs=0.01)
    assert left.baseline < middle.baseline < right.baseline < 30
    assert right.baseline - left.baseline == pytest.approx(20 - 10 * LEADING / MM, abs=0.01)
