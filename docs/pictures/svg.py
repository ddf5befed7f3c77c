# SPDX-License-Identifier: MIT
"""A terminal as SVG, in light and in dark."""

import html

ROW, COLUMN, MARGIN, BAR = 20, 8.4, 16, 34

THEMES = {
    "light": {"back": "#ffffff", "bar": "#eaeef2", "edge": "#d0d7de", "text": "#1f2328", "prompt": "#1a7f37"},
    "dark": {"back": "#0d1117", "bar": "#161b22", "edge": "#30363d", "text": "#e6edf3", "prompt": "#3fb950"},
}

STYLE = """
text {{ font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: {text};
  white-space: pre }}
.prompt {{ fill: {prompt}; font-weight: bold }}
.command {{ font-weight: bold }}
g {{ animation: show 0.01s backwards }}
@keyframes show {{ from {{ opacity: 0 }} }}
@media (prefers-reduced-motion: reduce) {{ g {{ animation: none }} }}
"""


def span(text, column, kind=""):
    """A text with its width, so that columns are even in each font."""
    if not text.strip():
        return ""
    style = f' class="{kind}"' if kind else ""
    length = f'textLength="{len(text) * COLUMN:.1f}" lengthAdjust="spacingAndGlyphs"'
    return f'<text x="{MARGIN + column * COLUMN:.1f}"{style} {length}>{html.escape(text)}</text>'


def line(text):
    if text.startswith("$ "):
        return span("$", 0, "prompt") + span(text[2:], 2, "command")
    return span(text, 0)


def terminal(rows, theme, columns):
    """`rows` are pairs of a line and the second at which it appears."""
    colors = THEMES[theme]
    width, height = 2 * MARGIN + columns * COLUMN, BAR + len(rows) * ROW + MARGIN
    dots = "".join(f'<circle cx="{MARGIN + 18 * i + 4}" cy="17" r="5.5" fill="{colors["edge"]}"/>' for i in range(3))
    lines = "\n".join(
        f'<g style="animation-delay:{second:.2f}s" transform="translate(0 {BAR + (index + 1) * ROW - 4})">'
        f"{line(text)}</g>"
        for index, (second, text) in enumerate(rows)
        if text.strip()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}"'
        f' viewBox="0 0 {width:.0f} {height}" role="img" aria-label="A session of portend in a terminal">\n'
        f"<style>{STYLE.format(**colors)}</style>\n"
        f'<rect x="0.5" y="0.5" width="{width - 1:.0f}" height="{height - 1}" rx="8" fill="{colors["back"]}"'
        f' stroke="{colors["edge"]}"/>\n'
        f'<path d="M1 33.5V9a8 8 0 0 1 8-8H{width - 9:.0f}a8 8 0 0 1 8 8v24.5z" fill="{colors["bar"]}"/>\n{dots}\n'
        f"{lines}\n</svg>\n"
    )
