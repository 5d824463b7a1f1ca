"""Cuts the fonts of the printed forms down to the scripts that they print themselves.

npm pack dejavu-fonts-ttf && tar xzf dejavu-fonts-ttf-*.tgz
pip install fonttools
python tools/subset_fonts.py package        writes data/fonts

Left out: hinting (for screens), layout tables (reportlab reads none; Arabic is shaped before) and
scripts that are rare on parcels. `data/fonts/SOURCES.md` says where the fonts come from.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).resolve().parent.parent / "data" / "fonts"
FONTS = ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold")
BLOCKS = (
    (0x0020, 0x024F),  # Latin
    (0x02B0, 0x036F),  # modifier letters, combining marks
    (0x0370, 0x03FF),  # Greek
    (0x0400, 0x052F),  # Cyrillic
    (0x0530, 0x05FF),  # Armenian, Hebrew
    (0x0600, 0x06FF),  # Arabic
    (0x10A0, 0x10FF),  # Georgian
    (0x1E00, 0x1EFF),  # Latin with two marks, as in Vietnamese
    (0x2000, 0x206F),  # punctuation
    (0x20A0, 0x20CF),  # currency signs
    (0x2100, 0x21FF),  # letter-like signs, fractions, arrows
    (0x2212, 0x2212),  # minus
    (0x2610, 0x2612),  # ballot boxes
    (0xFB13, 0xFDFF),  # shaped Armenian, Hebrew and Arabic
    (0xFE70, 0xFEFF),  # shaped Arabic
)


def main(package: Path) -> None:
    """Write the cut fonts and their licence."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    options = Options(
        layout_features=[],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        name_IDs=["*"],
        drop_tables=["FFTM", "GPOS", "GSUB", "GDEF", "kern"],
        recalc_timestamp=False,
    )
    for name in FONTS:
        font = TTFont(package / "ttf" / f"{name}.ttf", recalcTimestamp=False)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[code for a, b in BLOCKS for code in range(a, b + 1)])
        subsetter.subset(font)
        font.save(FOLDER / f"{name}.ttf")
    shutil.copyfile(package / "LICENSE", FOLDER / "LICENSE")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
