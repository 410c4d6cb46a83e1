"""The look of the page: a newspaper's, from the fonts that the reader's machine has."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gradio.themes import Base

HERE = Path(__file__).parent
SERIF = (
    "Iowan Old Style",
    "Charter",
    "Palatino Linotype",
    "Georgia",
    "Noto Serif",
    "Liberation Serif",
    "serif",
)
MONOSPACE = ("ui-monospace", "Menlo", "Consolas", "Liberation Mono", "monospace")

PAPER, PAPER_DARK = "#fbf9f4", "#171614"
SHEET, SHEET_DARK = "#fffefb", "#1f1d1a"
INK, INK_DARK = "#1c1a17", "#ece7dd"
MUTED, MUTED_DARK = "#5d574d", "#b3ab9c"
RULE, RULE_DARK = "#ddd6c8", "#3b3731"
ACCENT, ACCENT_DARK = "#8a1c14", "#f0a294"
ON_ACCENT, ON_ACCENT_DARK = "#fffefb", "#1f1210"


def make_theme() -> "Base":
    """Gradio's plainest theme in our colours, without a font from the web."""
    from gradio.themes import Base, Color, sizes

    grey = Color(
        SHEET, PAPER, "#f1ede4", RULE, "#c9c1b1", "#8f887b", MUTED, "#474239", RULE_DARK,
        SHEET_DARK, PAPER_DARK,
    )  # fmt: skip
    theme = Base(
        primary_hue=grey,
        secondary_hue=grey,
        neutral_hue=grey,
        radius_size=sizes.radius_none,
        font=list(SERIF),
        font_mono=list(MONOSPACE),
    )
    return theme.set(
        body_background_fill=PAPER,
        body_background_fill_dark=PAPER_DARK,
        body_text_color=INK,
        body_text_color_dark=INK_DARK,
        body_text_color_subdued=MUTED,
        body_text_color_subdued_dark=MUTED_DARK,
        background_fill_primary=SHEET,
        background_fill_primary_dark=SHEET_DARK,
        background_fill_secondary=PAPER,
        background_fill_secondary_dark=PAPER_DARK,
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
        block_shadow="none",
        border_color_primary=RULE,
        border_color_primary_dark=RULE_DARK,
        border_color_accent=ACCENT,
        border_color_accent_dark=ACCENT_DARK,
        color_accent=ACCENT,
        color_accent_soft=PAPER,
        color_accent_soft_dark=PAPER_DARK,
        link_text_color=ACCENT,
        link_text_color_dark=ACCENT_DARK,
        input_background_fill=SHEET,
        input_background_fill_dark=SHEET_DARK,
        input_placeholder_color=MUTED,
        input_placeholder_color_dark=MUTED_DARK,
        input_border_color="#8f887b",
        input_border_color_dark="#8f887b",
        input_border_color_focus=ACCENT,
        input_border_color_focus_dark=ACCENT_DARK,
        input_border_width="1px",
        input_shadow="none",
        input_shadow_focus="none",
        button_primary_background_fill=ACCENT,
        button_primary_background_fill_dark=ACCENT_DARK,
        button_primary_background_fill_hover=INK,
        button_primary_background_fill_hover_dark=INK_DARK,
        button_primary_text_color=ON_ACCENT,
        button_primary_text_color_dark=ON_ACCENT_DARK,
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_text_color=INK,
        button_secondary_text_color_dark=INK_DARK,
        button_secondary_border_color="#8f887b",
        button_secondary_border_color_dark="#8f887b",
        button_border_width="1px",
        error_background_fill=SHEET,
        error_background_fill_dark=SHEET_DARK,
        error_text_color=ACCENT,
        error_text_color_dark=ACCENT_DARK,
    )
