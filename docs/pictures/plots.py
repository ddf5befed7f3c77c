# SPDX-License-Identifier: MIT
"""Draws the results of the benchmarks peers and counts, in light and dark: plots.py RESULTS FOLDER. Called
by `./dev bench`."""

import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

THEMES = {
    "light": {"text": "#1f2328", "grid": "#d0d7de", "own": "#0969da", "other": "#59636e", "back": "#ffffff"},
    "dark": {"text": "#e6edf3", "grid": "#30363d", "own": "#58a6ff", "other": "#9198a1", "back": "#0d1117"},
}
MARKERS = "os^Dvp"


def axes(colors, title, machine):
    figure, drawn = pyplot.subplots(figsize=(7.2, 4.2))
    figure.patch.set_facecolor(colors["back"])
    drawn.set_facecolor(colors["back"])
    drawn.set_title(title, color=colors["text"], fontsize=11, loc="left")
    figure.text(0.01, 0.01, machine, color=colors["other"], fontsize=7)
    drawn.grid(True, color=colors["grid"], linewidth=0.6)
    drawn.set_axisbelow(True)
    for side in drawn.spines.values():
        side.set_color(colors["grid"])
    drawn.tick_params(colors=colors["text"], which="both")
    drawn.set_xscale("log")
    drawn.set_yscale("log")
    return figure, drawn


def label(drawn, colors, x, y):
    drawn.set_xlabel(x, color=colors["text"])
    drawn.set_ylabel(y, color=colors["text"])


def peers(figures, machine, colors):
    """One point per command; lower and further left is better."""
    figure, drawn = axes(colors, "A command behind a wait of 1 to 3 s", machine)
    label(drawn, colors, "processor time of the wait (ms)", "lateness after listen() (ms)")
    for index, (name, at) in enumerate(figures.items()):
        color = colors["own" if name == "portend" else "other"]
        drawn.scatter(at["cpu"], at["late"], color=color, s=42, zorder=3)
        # Adjacent names alternate between above and below their points.
        where = {"xytext": (6, 7 if index % 2 == 0 else -14), "textcoords": "offset points"}
        drawn.annotate(name, (at["cpu"], at["late"]), **where, color=color, fontsize=9)
    drawn.margins(0.18)
    low, high = drawn.get_xlim()
    drawn.set_xlim(low, high * 2.5)
    return figure


def counts(figures, machine, colors):
    """One line per way of probing."""
    figure, drawn = axes(colors, "Targets on this machine probed once, half of them occupied", machine)
    label(drawn, colors, "targets", "processor time (ms)")
    for marker, (name, at) in zip(MARKERS, figures.items()):
        color = colors["own" if name.startswith("portend") else "other"]
        style = "-" if name in ("portend", "nmap") else "--"
        drawn.plot([int(count) for count in at], list(at.values()), style, marker=marker, color=color, label=name)
    legend = drawn.legend(frameon=False, fontsize=9)
    for text in legend.get_texts():
        text.set_color(colors["text"])
    return figure


def main(results, folder):
    matplotlib.rcParams["svg.hashsalt"] = "portend"  # the same figures give the same file
    for name, draw in (("peers", peers), ("counts", counts)):
        path = pathlib.Path(results, name + ".json")
        if not path.exists():
            continue
        found = json.loads(path.read_text(encoding="utf8"))
        for theme, colors in THEMES.items():
            figure = draw(found["figures"], found["machine"], colors)
            figure.tight_layout(rect=(0, 0.03, 1, 1))
            figure.savefig(pathlib.Path(folder, f"{name}-{theme}.svg"), metadata={"Date": None})
            pyplot.close(figure)


if __name__ == "__main__":
    main(*sys.argv[1:])
