"""A discussion's tree as a picture, drawn by matplotlib (docs/decisions/0007-dependencies.md).

Importing matplotlib takes half a second and some 40 MB: do it where and when a picture is drawn.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from bot.core.tree import Look, Node, Tree, tick_labels
from bot.exporters.picture_fonts import font_families, legible, shortened, width_of

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
# In pixels: what an entry takes beside its words.
_LEGEND_MARK = 90
# In points.
_TITLE_SIZE, _LEGEND_SIZE = 13, 8
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
    _draw_axes(figure, axes, tree)
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
    """Draw the posts, those of one look at once; deleted ones are hollow."""
    size = min(max(2_600 / len(nodes), 10.0), 110.0)
    alike: defaultdict[Look, list[Node]] = defaultdict(list)
    for node in nodes:
        alike[node.look].append(node)
    for look, posts in alike.items():
        colour = look.colour or _GREY
        axes.scatter(
            [node.place for node in posts],
            [node.depth for node in posts],
            s=size,
            marker=look.shape,
            facecolors="white" if look.is_hollow else colour,
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


def _draw_axes(figure: Figure, axes: Axes, tree: Tree) -> None:
    nodes = tree.nodes
    axes.set_title(
        shortened(figure, legible(tree.title) or "", _TITLE_SIZE, figure.bbox.width * 0.9),
        loc="left",
        fontsize=_TITLE_SIZE,
        fontfamily=font_families(),
        color=_INK,
        pad=24,
        parse_math=False,
    )
    axes.text(0, 1.02, tree.subtitle, transform=axes.transAxes, fontsize=9, color="#555555")
    step = max((len(nodes) - 1) / (_TICKS - 1), 1)
    places = sorted({round(tick * step) for tick in range(_TICKS)} & {node.place for node in nodes})
    times = [nodes[place].post.posted_at for place in places]
    axes.set_xticks(places, tick_labels(times), fontsize=8)
    axes.set_xlabel("Posts in the order of writing (UTC)", fontsize=8, color="#555555")
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
    authors = [look for look in looks if not look.is_hollow]
    shown = [*authors[:_MOST_IN_LEGEND], *(look for look in looks if look.is_hollow)]
    # At least two of them stand side by side, with their marks before them.
    room = figure.bbox.width / 2 - _LEGEND_MARK
    labels = [
        f"{shortened(figure, _name(look), _LEGEND_SIZE, room * 0.85)} ({look.posts:,})"
        for look in shown
    ]
    handles = [_mark(look) for look in shown]
    if len(authors) > _MOST_IN_LEGEND:
        labels.append(f"and {len(authors) - _MOST_IN_LEGEND:,} more")
        handles.append(Line2D([], [], linestyle=""))
    widest = max(width_of(figure, label, _LEGEND_SIZE) for label in labels)
    legend = figure.legend(
        handles,
        # A label that begins with an underscore would be left out: the texts come afterwards.
        ["author"] * len(handles),
        loc="outside lower center",
        ncols=min(_LEGEND_COLUMNS, len(handles), int(figure.bbox.width // (widest + _LEGEND_MARK))),
        fontsize=_LEGEND_SIZE,
        frameon=False,
    )
    for text, label in zip(legend.get_texts(), labels, strict=True):
        text.set_parse_math(False)
        text.set_fontfamily(font_families())
        text.set_text(label)


def _mark(look: Look) -> Line2D:
    return Line2D(
        [],
        [],
        color=look.colour or _GREY,
        marker=look.shape,
        markersize=6,
        markerfacecolor="white" if look.is_hollow else None,
        linestyle="",
    )


def _name(look: Look) -> str:
    """Give the author's name, or, where no font here can write it, what finds it out."""
    return legible(look.name) or f"who wrote post {look.first}"
