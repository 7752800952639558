"""A discussion's tree as a picture, drawn by matplotlib (docs/decisions/0007-dependencies.md).

Importing matplotlib takes half a second and some 40 MB: do it where and when a picture is drawn.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from bot.core.tree import Look, Node, Tree, tick_labels

_DOTS_PER_INCH = 160
# In inches.
_HEIGHT = 6.2
_MARGIN = 0.12
_NARROWEST, _WIDEST = 7.5, 16.0
# So few posts have room for their numbers beside them.
_MOST_NUMBERED = 60
_LARGE = 20
# Where there are many posts, a reply to one so far back is drawn faintly.
_FAR = 40
_MOST_IN_LEGEND = 24
_LEGEND_COLUMNS = 4
_TICKS = 7
_GREY, _INK, _FAINT = "#8A8A8A", "#222222", "#DDDDDD"


def draw_tree(tree: Tree) -> bytes:
    """Draw the tree as a PNG: posts from left to right, each reply one step above its parent."""
    count = len(tree.nodes)
    figure = Figure(
        figsize=(min(max(_NARROWEST, count * 0.045 + 5), _WIDEST), _HEIGHT),
        dpi=_DOTS_PER_INCH,
        layout=ConstrainedLayoutEngine(w_pad=_MARGIN, h_pad=_MARGIN),
        facecolor="white",
    )
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _draw_edges(axes, tree.nodes)
    _draw_posts(axes, tree.nodes)
    _draw_axes(axes, tree)
    _draw_legend(figure, tree.looks)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _draw_edges(axes: Axes, nodes: Sequence[Node]) -> None:
    """Draw who answered whom; where there are many, those from afar are faint."""
    is_dense = len(nodes) > _MOST_NUMBERED
    replies = [(nodes[node.parent], node) for node in nodes if node.parent is not None]
    axes.add_collection(
        PathCollection(
            [_curve(parent, reply) for parent, reply in replies],
            facecolors="none",
            edgecolors=[
                to_rgba(
                    reply.look.colour or _GREY, _edge_strength(parent, reply, is_dense=is_dense)
                )
                for parent, reply in replies
            ],
            linewidths=0.8 if is_dense else 1.6,
            zorder=1,
        ),
        autolim=False,
    )


def _curve(parent: Node, reply: Node) -> Path:
    bend = (parent.place + reply.place) / 2
    return Path(
        [
            (parent.place, parent.depth),
            (bend, parent.depth),
            (bend, reply.depth),
            (reply.place, reply.depth),
        ],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )


def _edge_strength(parent: Node, reply: Node, *, is_dense: bool) -> float:
    return 0.18 if is_dense and reply.place - parent.place > _FAR else 0.55


def _draw_posts(axes: Axes, nodes: Sequence[Node]) -> None:
    """Draw the posts; a deleted one is hollow."""
    size = min(max(2_600 / len(nodes), 10.0), 110.0)
    alike: defaultdict[tuple[Look, bool], list[Node]] = defaultdict(list)
    for node in nodes:
        alike[node.look, node.post.is_deleted].append(node)
    for (look, is_deleted), posts in alike.items():
        colour = look.colour or _GREY
        axes.scatter(
            [node.place for node in posts],
            [node.depth for node in posts],
            s=size,
            marker=look.shape,
            facecolors="white" if is_deleted else colour,
            edgecolors=colour,
            linewidths=1.2 if size > _LARGE else 0.7,
            zorder=2,
        )
    for node in nodes if len(nodes) <= _MOST_NUMBERED else ():
        axes.annotate(
            str(node.post.number),
            (node.place, node.depth),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            color=_INK,
        )


def _draw_axes(axes: Axes, tree: Tree) -> None:
    nodes = tree.nodes
    axes.set_title(
        _drawable(tree.title), loc="left", fontsize=13, color=_INK, pad=24, parse_math=False
    )
    axes.text(
        0, 1.02, _drawable(tree.subtitle), transform=axes.transAxes, fontsize=9, color="#555555"
    )
    step = max((len(nodes) - 1) / (_TICKS - 1), 1)
    places = sorted({round(tick * step) for tick in range(_TICKS)} & {node.place for node in nodes})
    times = [nodes[place].post.posted_at for place in places]
    axes.set_xticks(places, tick_labels(times), fontsize=8)
    hollow = "; hollow: deleted" if any(node.post.is_deleted for node in nodes) else ""
    axes.set_xlabel(f"Posts in the order of writing (UTC){hollow}", fontsize=8, color="#555555")
    axes.set_ylabel("Depth of reply", fontsize=8, color="#555555")
    deepest = max(node.depth for node in nodes)
    margin = max(len(nodes) * 0.02, 0.6)
    axes.set_xlim(-margin, len(nodes) - 1 + margin)
    axes.set_ylim(-0.5, max(deepest, 2) + 0.6)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="y", labelsize=8)
    axes.grid(visible=True, axis="y", color=_FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _draw_legend(figure: Figure, looks: Sequence[Look]) -> None:
    shown = looks[:_MOST_IN_LEGEND]
    labels = [f"{look.name} ({look.posts:,})" for look in shown]
    handles = [
        Line2D([], [], color=look.colour or _GREY, marker=look.shape, markersize=6, linestyle="")
        for look in shown
    ]
    if len(looks) > len(shown):
        labels.append(f"and {len(looks) - len(shown):,} more")
        handles.append(Line2D([], [], linestyle=""))
    legend = figure.legend(
        handles,
        # A label that begins with an underscore would be left out: the texts come afterwards.
        ["author"] * len(handles),
        loc="outside lower center",
        ncols=min(_LEGEND_COLUMNS, len(handles)),
        fontsize=8,
        frameon=False,
    )
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_parse_math(False)
        text.set_text(_drawable(label))


@cache
def _glyphs() -> frozenset[int]:
    """Give the characters that the font which comes with matplotlib has."""
    return frozenset(get_font(findfont(FontProperties())).get_charmap())


def _drawable(text: str) -> str:
    """Give the text with a box for each character that the font lacks."""
    return "".join(sign if ord(sign) in _glyphs() else "▯" for sign in text)
