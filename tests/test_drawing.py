import pytest
import torch
from families import FAMILIES
from PIL import Image
from pipelines import PIXELS, emojiscape_pipeline, tiny_sdxl

from hypertransport import drawing
from hypertransport.drawing import compose, draw
from hypertransport.errors import InterventionError
from hypertransport.generators.base import wrap
from hypertransport.generators.emojiscape import CALL, PATTERNS
from hypertransport.interventions import Intervention
from hypertransport.steering import steer


@pytest.fixture(scope="module")
def generator():
    call = {"num_inference_steps": 1, "guidance_scale": 0.0, "timesteps": [399]}
    return wrap(tiny_sdxl(), id="tiny", **call)


def intervention(generator, seed: int) -> Intervention:
    torch.manual_seed(seed)
    width = sum(site.width for site in generator.sites)
    scale, shift = 1 + 0.2 * torch.randn(width), 0.2 * torch.randn(width)
    return Intervention.from_flat(generator.sites, scale, shift)


def test_one_part_at_weight_1_is_itself_at_each_strength(generator):
    T = intervention(generator, 0)
    rows = compose([(T, 1.0)], [0.0, 0.5, 1.0])
    assert rows.equals(Intervention.stack([T.at(0.0), T.at(0.5), T.at(1.0)]))


def test_parts_act_in_order_each_at_its_own_strength(generator):
    A, B = intervention(generator, 0), intervention(generator, 1)
    rows = compose([(A, 0.5), (B, -0.2)], [0.0, 0.5, 1.0])
    assert rows[0].equals(Intervention.identity(generator.sites))
    assert rows[1].equals(A.at(0.25).then(B.at(-0.1)), atol=1e-6)
    assert rows[2].equals(A.at(0.5).then(B.at(-0.2)), atol=1e-6)


def test_each_picture_is_the_one_drawn_alone_however_the_cells_are_batched(generator, monkeypatch):
    T, told = intervention(generator, 0), []
    cells = [(3, 0.0), (3, 1.0), (4, 0.5)]
    whole = draw(generator, "a cat", [(T, 1.0)], cells, told.append)
    monkeypatch.setattr(drawing, "AT_ONCE", 2)
    parts = draw(generator, "a cat", [(T, 1.0)], cells, told.append)
    assert told == [3, 2, 1]
    for image, other, (seed, strength) in zip(whole, parts, cells, strict=True):
        with steer(generator, T, strength):
            alone = generator("a cat", seed)
        for drawn in (image, other):
            assert (
                max(abs(a - b) for a, b in zip(drawn.tobytes(), alone.tobytes(), strict=True)) <= 1
            )


def test_parts_act_where_the_mask_is_white_and_not_where_it_is_black(generator):
    T = intervention(generator, 0)

    def drawn(weight: float, mask: Image.Image | None = None) -> list[bytes]:
        pictures = draw(generator, "a cat", [(T, weight)], [(3, 1.0), (4, 0.5)], mask=mask)
        return [picture.tobytes() for picture in pictures]

    white, black = (Image.new("RGB", (10, 10), name) for name in ("white", "black"))
    assert drawn(1.0, white) == drawn(1.0)
    assert drawn(1.0, black) == drawn(0.0)
    half = white.copy()
    half.paste(black.crop((0, 0, 5, 10)))
    assert drawn(1.0, half) not in (drawn(1.0), drawn(0.0))


def test_a_mask_of_another_aspect_ratio_is_refused_even_where_positions_allow_it():
    """The 16 positions of the tiny transformer are 4 by 4, but 2 by 8 would be as many."""
    generator = wrap(emojiscape_pipeline(), id="tiny", patterns=PATTERNS, **CALL)
    parts = [(intervention(generator, 0), 1.0)]
    for size in ((40, 20), (64, 16)):
        with pytest.raises(InterventionError, match=f"{size[1]} x {size[0]} for latents of 16 x"):
            draw(generator, "a cat", parts, [(3, 1.0)], mask=Image.new("L", size))


def test_where_latents_are_tokens_the_picture_tells_the_aspect_ratio():
    """FLUX's 64 tokens are 8 by 8 here; its texts and heads are no part of the picture."""
    (flux,) = (family for family in FAMILIES if family.name == "FLUX.1")
    generator = flux.generator()
    T = intervention(generator, 0)
    parts = [(T.without("*_context*", "*.attn.*", "single_transformer_blocks.*"), 1.0)]
    draw(generator, "a cat", parts, [(3, 1.0)], mask=Image.new("L", (8, 8)))
    with pytest.raises(InterventionError, match=f"64 x 16 .* {PIXELS} x {PIXELS}"):
        draw(generator, "a cat", parts, [(3, 1.0)], mask=Image.new("L", (64, 16)))
