"""The styles of the world: operations on a finished scene, each in several colours.

An operation takes scenes (n, 3, 64, 64) in [0, 1] and one colour for each (n, 3, 1, 1), and returns
scenes of the same shape. It knows nothing of objects, so a generator that has learnt it draws every
object in that style.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional as F

Operation: TypeAlias = Callable[[Tensor, Tensor], Tensor]
SIZE = 64
COLOURS = {
    "red": (222, 48, 48), "orange": (242, 134, 30), "gold": (226, 184, 40), "green": (44, 164, 72),
    "teal": (24, 158, 158), "blue": (48, 96, 230), "purple": (136, 60, 190), "pink": (240, 96, 168),
    "grey": (128, 128, 128),
}  # fmt: skip


def luminance(x: Tensor) -> Tensor:
    """Return the grey value of each pixel, (n, 1, 64, 64)."""
    return torch.einsum("nchw,c->nhw", x, x.new_tensor([0.299, 0.587, 0.114]))[:, None]


def blurred(x: Tensor, size: int) -> Tensor:
    """Return the mean over a square of an odd `size`, with the edge repeated."""
    padded = F.pad(x, (size // 2,) * 4, mode="replicate")
    return F.avg_pool2d(padded, size, stride=1)


def edges(x: Tensor) -> Tensor:
    """Return how strongly the colours change at each pixel, (n, 1, 64, 64) in [0, 1]."""
    right = F.pad((x[..., 1:] - x[..., :-1]).abs(), (0, 1))
    down = F.pad((x[..., 1:, :] - x[..., :-1, :]).abs(), (0, 0, 0, 1))
    return (right + down).amax(1, keepdim=True).mul(1.5).clamp(0, 1)


def places(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return the row and the column of each pixel's centre, both (64, 64)."""
    line = torch.arange(SIZE, device=x.device) + 0.5
    row, column = torch.meshgrid(line, line, indexing="ij")
    return row, column


def mixed(x: Tensor, y: Tensor, share: Tensor) -> Tensor:
    """Return `x` where the share is 0 and `y` where it is 1."""
    return x + (y - x) * share


def ramp(grey: Tensor, colour: Tensor) -> Tensor:
    """Map grey values to black, the colour, and white."""
    return torch.where(grey < 0.5, colour * 2 * grey, colour + (1 - colour) * (2 * grey - 1))


# --- tones --------------------------------------------------------------------------------------


def duotone(x: Tensor, colour: Tensor) -> Tensor:
    """Two tones: a dark shade of the colour and a cream white."""
    cream = x.new_tensor([1.0, 0.96, 0.86])[:, None, None]
    return mixed(0.35 * colour, cream, luminance(x))


def poster(x: Tensor, colour: Tensor) -> Tensor:
    """Three flat tones of the colour."""
    return ramp((luminance(x) * 2.999).floor() / 2 * 0.7 + 0.15, colour)


def negative(x: Tensor, colour: Tensor) -> Tensor:
    """A photographic negative on stock of the colour."""
    return (1 - x) * (0.4 + 0.6 * colour)


def night(x: Tensor, colour: Tensor) -> Tensor:
    """Moonlight of the colour: dark, little saturation, a dark rim."""
    row, column = places(x)
    rim = 1 - ((row - 32).square() + (column - 32).square()) / 2600
    return (0.75 * luminance(x) + 0.25 * x) * (0.15 + 0.55 * colour) * rim.clamp(0.2, 1)


def solarised(x: Tensor, colour: Tensor) -> Tensor:
    """Tones that rise and fall again, over the colour."""
    grey = luminance(x)
    return ramp(1 - (2 * grey - 1).abs(), colour) * 0.85 + 0.15 * x


# --- light --------------------------------------------------------------------------------------


def neon(x: Tensor, colour: Tensor) -> Tensor:
    """Contours that glow in the colour on black."""
    line = edges(x)
    glow = blurred(line, 5)
    return (line * (0.5 + 0.5 * colour) + 1.1 * glow * colour).clamp(0, 1) + 0.04


def glow(x: Tensor, colour: Tensor) -> Tensor:
    """Soft focus in light of the colour."""
    return (0.55 * blurred(x, 7) + 0.25 * x + 0.4 * colour * blurred(luminance(x), 11)).clamp(0, 1)


def spotlight(x: Tensor, colour: Tensor) -> Tensor:
    """A round light in the middle of a dark shade of the colour."""
    row, column = places(x)
    inside = ((27 - torch.hypot(row - 32, column - 32)) / 5).clamp(0, 1)
    return mixed(0.35 * colour + 0.1 * x, x, inside)


# --- drawing ------------------------------------------------------------------------------------


def sketch(x: Tensor, colour: Tensor) -> Tensor:
    """Contours in the colour on paper."""
    paper = x.new_tensor([0.97, 0.96, 0.92])[:, None, None]
    return mixed(paper, 0.7 * colour, (edges(x) * 1.3).clamp(0, 1))


def hatched(x: Tensor, colour: Tensor) -> Tensor:
    """Diagonal strokes of the colour on paper, denser where the scene is darker."""
    row, column = places(x)
    paper, dark = x.new_tensor([0.97, 0.95, 0.9])[:, None, None], 1 - luminance(x)
    strokes = ((row + column) % 4 < 1.6) & (dark > 0.25) | ((row - column) % 4 < 1.6) & (
        dark > 0.55
    )
    return mixed(paper, 0.75 * colour, strokes.float())


def halftone(x: Tensor, colour: Tensor) -> Tensor:
    """Dots of the colour on white, larger where the scene is darker."""
    row, column = places(x)
    dark = F.avg_pool2d(1 - luminance(x), 4).repeat_interleave(4, 2).repeat_interleave(4, 3)
    radius = 2.6 * dark.sqrt()
    distance = torch.hypot(row % 4 - 2, column % 4 - 2)
    return mixed(torch.ones_like(x), 0.85 * colour, (radius - distance + 0.5).clamp(0, 1))


def embossed(x: Tensor, colour: Tensor) -> Tensor:
    """A relief lit from the upper left, in the colour."""
    grey = luminance(x)
    shifted = F.pad(grey, (1, 0, 1, 0), mode="replicate")[..., :-1, :-1]
    return ((0.5 + 1.6 * (grey - shifted)).clamp(0, 1) * 0.9 + 0.1) * (0.45 + 0.75 * colour).clamp(
        0, 1
    )


# --- material -----------------------------------------------------------------------------------


def mosaic(x: Tensor, colour: Tensor) -> Tensor:
    """Tiles of 8 pixels with joints of the colour."""
    row, column = places(x)
    tiles = F.avg_pool2d(x, 8).repeat_interleave(8, 2).repeat_interleave(8, 3)
    joint = (row % 8 < 1) | (column % 8 < 1)
    return mixed(tiles, 0.8 * colour, joint.float())


def stained_glass(x: Tensor, colour: Tensor) -> Tensor:
    """Diagonal panes in strong colours, leaded in a dark shade of the colour."""
    row, column = places(x)
    pane = (x + 0.6 * (x - luminance(x))).clamp(0, 1)
    lead = ((row + column) % 16 < 2) | ((row - column) % 16 < 2)
    return mixed(pane * (0.75 + 0.25 * colour), 0.25 * colour, lead.float())


def woven(x: Tensor, colour: Tensor) -> Tensor:
    """Cloth of crossing threads, every other one dyed in the colour."""
    row, column = places(x)
    over = ((row // 4 + column // 4) % 2).bool()
    across = 1 - ((row % 4 - 2).abs() / 2) * 0.6
    along = 1 - ((column % 4 - 2).abs() / 2) * 0.6
    return torch.where(over, x * across, mixed(x, colour, x.new_tensor(0.5)) * along)


def scan_lines(x: Tensor, colour: Tensor) -> Tensor:
    """An old screen: dark rows between bright ones, tinted by the colour."""
    row, _ = places(x)
    return (x * 0.6 + 0.45 * colour * luminance(x)) * torch.where(row % 4 < 2, 1.0, 0.35)


def blinds(x: Tensor, colour: Tensor) -> Tensor:
    """Upright slats of the colour before the scene."""
    _, column = places(x)
    return mixed(x, colour * (0.6 + 0.4 * (column % 8 / 3)), ((column % 8) < 3).float())


def rippled(x: Tensor, colour: Tensor) -> Tensor:
    """The scene in water of the colour: rows shifted by a wave."""
    row, column = places(x)
    shifted = (column + 2.2 * torch.sin(row * torch.pi / 8)).clamp(0.5, SIZE - 0.5)
    grid = torch.stack([shifted / 32 - 1, row / 32 - 1], -1).expand(len(x), -1, -1, -1)
    moved = F.grid_sample(x, grid, padding_mode="border", align_corners=False)
    crest = 0.12 * torch.cos(row * torch.pi / 8)
    return (mixed(moved, colour, x.new_tensor(0.28)) + crest).clamp(0, 1)


OPERATIONS: dict[str, Operation] = {
    "duotone": duotone, "poster": poster, "negative": negative, "night": night,
    "solarised": solarised, "neon": neon, "glow": glow, "spotlight": spotlight, "sketch": sketch,
    "hatched": hatched, "halftone": halftone, "embossed": embossed, "mosaic": mosaic,
    "stained glass": stained_glass, "woven": woven, "scan line": scan_lines, "blinds": blinds,
    "rippled": rippled,
}  # fmt: skip
HELD_OUT = ("halftone", "night", "woven")  # operations that no hypernetwork is trained on
STYLES = tuple((operation, colour) for operation in OPERATIONS for colour in COLOURS)


def styled(x: Tensor, styles: Sequence[int] | Tensor) -> Tensor:
    """Apply to each scene its style, an index into `STYLES`, or -1 for none: (n, 3, 64, 64)."""
    styles = torch.as_tensor(styles)
    out, palette = x.clone(), torch.tensor(list(COLOURS.values())).to(x) / 255
    for number, operation in enumerate(OPERATIONS.values()):
        rows = torch.nonzero((styles >= 0) & (styles // len(COLOURS) == number)).flatten()
        if len(rows):
            colour = palette[styles[rows] % len(COLOURS)][:, :, None, None]
            out[rows.to(x.device)] = operation(x[rows.to(x.device)], colour).clamp(0, 1)
    return out
