"""The style of all pictures: one look for those of the texts and those of `check --plot`."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gradpath.errors import GradpathError
from gradpath.text.languages import shown_language, tell
from gradpath.text.messages import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The palette of Okabe and Ito: its colours stay apart for every kind of colour blindness. Pictures
# use line style or marker besides, so that they can be read in grey, too.
BLUE: Final = "#0072B2"
VERMILION: Final = "#D55E00"
GREEN: Final = "#009E73"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREY: Final = "#8C8C8C"
INK: Final = "#222222"
FRAME: Final = "#555555"
GRID: Final = "#E6E6E6"
CONTOUR: Final = "#9A9A9A"
CLASSES: Final = ("#CC79A7", "#F0E442", "#117733")
"""Of classes in decision regions; markers tell them apart as well."""

_LATIN: Final = "DejaVu Sans"
_FONTS: Final = {
    # Older matplotlibs read the first face of a collection alone: of Noto's, that of Japan.
    "zh": (
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "PingFang SC",
        "Hiragino Sans GB",
        "Microsoft YaHei",
        "SimHei",
        "Arial Unicode MS",
        "Droid Sans Fallback",
        "Noto Sans CJK JP",
        "Noto Sans CJK HK",
    ),
}
"""Fonts with the letters of a language, the best ones first; other languages need none besides."""
_SMALL: Final = {"zh": ("WenQuanYi Micro Hei", "fonts-wqy-microhei")}
"""A small font with the letters of a language, and its package in Debian and Ubuntu."""

_STYLE: Final[dict[Any, Any]] = {
    "font.family": _LATIN,  # comes with matplotlib, so it is the same everywhere
    "font.size": 11.0,
    "axes.titlesize": 11.0,
    "axes.labelsize": 12.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": FRAME,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "lines.linewidth": 2.0,
    "lines.markersize": 5.0,
    "legend.frameon": False,
    "legend.fontsize": 10.5,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "savefig.dpi": 150.0,
    "figure.dpi": 150.0,
    "svg.hashsalt": "gradpath",
}

# Dates would make two runs differ; None leaves the entry out.
_NO_METADATA: Final[dict[str, dict[str, None]]] = {
    ".svg": {"Date": None},
    ".pdf": {"CreationDate": None},
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the course's style, in spite of a user's own matplotlibrc."""
    import matplotlib

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        fonts = _fonts_here(shown_language().code)[:1]
        matplotlib.rcParams["font.family"] = [*fonts, _LATIN]
        if fonts:  # most have no bold face, which is no news to a student
            logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        yield


@functools.cache
def _fonts_here(code: str) -> tuple[str, ...]:
    """Return the fonts for a language that are installed, the best one first."""
    if code not in _FONTS:
        return ()
    from matplotlib.font_manager import fontManager

    here = {font.name for font in fontManager.ttflist}
    if not here.intersection(_FONTS[code]):
        here = _newly_installed()
    return tuple(font for font in _FONTS[code] if font in here)


def _newly_installed() -> set[str]:
    """Return all fonts, with those that were installed since matplotlib listed them."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {font.fname for font in fontManager.ttflist}
    for path in set(findSystemFonts()) - known:
        with contextlib.suppress(
            OSError, RuntimeError
        ):  # damaged, or of a kind that it cannot read
            fontManager.addfont(path)
    return {font.name for font in fontManager.ttflist}


def lacks_fonts() -> str:
    """Return a note if pictures stay English, because no font has the letters of the language."""
    code = shown_language().code
    if code not in _FONTS or _fonts_here(code):
        return ""
    font, package = _SMALL[code]
    return Message(
        "no font with the letters of this language is installed, so labels in pictures are "
        "English; install one, such as {font} (on Debian and Ubuntu: `apt-get install {package}`)",
        font=font,
        package=package,
    )


def label(text: str, slug: str = "") -> str:
    """Return a text of a picture in the language that is shown, if a font has its letters."""
    return str(text) if lacks_fonts() else tell(text, slug)


def new_figure(width: float, height: float, *, fixed: bool = False) -> Figure:
    """Return an empty figure; it belongs to no window and no global state.

    Args:
        width: in inches.
        height: in inches.
        fixed: keep margins that suit one panel, instead of finding the best ones, which takes as
            long as drawing.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    if fixed:
        figure = Figure(figsize=(width, height))
        figure.subplots_adjust(left=0.16, right=0.97, bottom=0.17, top=0.95)
    else:
        layout = ConstrainedLayoutEngine(w_pad=0.07, h_pad=0.07)  # inches of air around each panel
        figure = Figure(figsize=(width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure; the same figure gives the same bytes.

    Raises:
        GradpathError: the file cannot be written.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".png":
            _save_png(figure, path)
        else:
            figure.savefig(path, metadata=_NO_METADATA.get(suffix))
    except OSError as error:
        raise GradpathError(
            Message(
                "{path}: the picture cannot be written ({reason})",
                path=path,
                reason=error.strerror or error,
            )
        ) from None


def _save_png(figure: Figure, path: Path) -> None:
    """Write a PNG with a palette: line drawings need no more than 256 colours, and a third."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    with Image.open(buffer) as picture:
        small = picture.convert("RGB").quantize(
            256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
    small.save(path, format="PNG", optimize=True, dpi=(figure.dpi, figure.dpi))
