"""How the generators start: nudges that save each its first thousand steps.

They draw from one code, a text's state, which is the same at all places. Each nudge is a fact of
that design that gradients find slowly; LOG.md has what each gains.
"""

import torch
from diffusers import PixArtTransformer2DModel, UNet2DConditionModel
from diffusers.models.resnet import ResnetBlock2D
from torch import Tensor
from torch.nn import functional as F

from recipes.emojiscape import world as w


def initialise(model: PixArtTransformer2DModel) -> None:
    """The transformer's three, in place, drawn from torch's global generator."""
    with torch.no_grad():
        heed_choices(model)
        speak_up(model)
        share_out_places(model)


def heed_choices(model: PixArtTransformer2DModel, loudness: float = 2.0) -> None:
    """The patch embedding hears only the functionals of the noise that decide (`world`): the other
    381 numbers of a patch say nothing, and drown the three that do. It leaves alone the directions
    in which places differ."""
    kernel: Tensor = model.pos_embed.proj.weight
    side = kernel.shape[-1]
    v = w.functionals()[:, :, :side, :side]
    v = v / v.flatten(1).norm(dim=1)[:, None, None, None]
    directions = torch.randn(len(kernel), len(v)) * loudness / len(kernel) ** 0.5
    places = place_codes(model)
    basis = torch.linalg.svd(places - places.mean(0), full_matrices=False)[2]
    basis = basis[: 2 * round(len(places) ** 0.5) - 2]
    kernel.copy_(torch.einsum("db,bchw->dchw", directions - basis.T @ (basis @ directions), v))


def speak_up(model: PixArtTransformer2DModel, gain: float = 6.0) -> None:
    """Cross-attention passes the code on as loud as the places; torch's usual start makes a
    thirtieth of it."""
    for block in model.transformer_blocks:
        block.attn2.to_v.weight.mul_(gain)
        block.attn2.to_out[0].weight.mul_(gain)


def share_out_places(model: PixArtTransformer2DModel, margin: float = 2.0) -> None:
    """Each feed-forward is a mixture of linear experts, one a place: hidden unit j starts in the
    linear part of its GELU at place j mod 16 and in the silent part at all others. So one code
    makes another patch at each place from the first step on."""
    places = place_codes(model)
    centre, side = places.mean(0), round(len(places) ** 0.5)
    row, column = torch.arange(len(places)) // side, torch.arange(len(places)) % side
    same = (row[:, None] == row).float() + (column[:, None] == column)
    wanted = margin * (2 * same - 3)  # margin at its own place, -margin or less elsewhere
    spread = (places.var() + 0.8) ** 0.5  # what the norm before will divide by, about
    gate = torch.linalg.pinv(places - centre, rtol=1e-3) @ (wanted - wanted.mean(0)) * spread
    bias = wanted.mean(0) - centre @ gate / spread
    for block in model.transformer_blocks:
        hidden = block.ff.net[0].proj
        place = torch.arange(hidden.out_features) % len(places)
        hidden.weight.add_(gate[:, place].T)
        hidden.bias.copy_(bias[place])


def place_codes(model: PixArtTransformer2DModel) -> Tensor:
    """The fixed positional code, (places, width)."""
    return model.pos_embed.pos_embed[0]


# --- SDXL's UNet --------------------------------------------------------------------------------

LINEAR = 3.0  # where SiLU is nearly the identity, and so passes a code on as it is


@torch.no_grad()
def initialise_unet(model: UNet2DConditionModel, added: dict[str, Tensor]) -> None:
    """The UNet's three, in place, drawn from torch's global generator.

    `added`: what some captions add to the time embedding, as the UNet takes it ("text_embeds",
    "time_ids"). Nothing is drawn at first, which is nearer to every picture than noise is.
    """
    heed_means(model)
    speak_linearly(model, added)
    model.conv_out.weight.mul_(0.1)


def heed_means(model: UNet2DConditionModel, loudness: float = 2.0) -> None:
    """It hears only the channels of the noise whose means decide (`world`), and its way down
    averages them."""
    kernel: Tensor = model.conv_in.weight
    heard = torch.randn(len(kernel), w.BITS)
    kernel.zero_()
    kernel[:, : w.BITS] = heard[:, :, None, None] * loudness / 9
    for block in model.down_blocks:
        for down in block.downsamplers or ():
            own = torch.arange(len(down.conv.weight))
            down.conv.weight.mul_(0.3)
            down.conv.weight[own, own] += 1 / 9


def speak_linearly(
    model: UNet2DConditionModel, added: dict[str, Tensor], loudness: float = 1.5
) -> None:
    """The pooled text shifts every block's features by so much (a standard deviation over
    captions), by an almost linear map of itself; the timestep, which is one, by nothing.

    So a concept that joins a prompt shifts features by nearly the same whatever the prompt, as an
    intervention does.
    """
    time, text = model.time_embedding, model.add_embedding
    time.linear_2.weight.zero_()
    time.linear_2.bias.zero_()
    sizes = model.add_time_proj(added["time_ids"].flatten()).view(len(added["time_ids"]), -1)
    x = torch.cat([added["text_embeds"], sizes], 1)
    for layer in (text.linear_1, text.linear_2):
        layer.weight.div_(layer(x).std(0).mean())
        layer.bias.copy_(LINEAR - layer.weight @ x.mean(0))
        x = F.silu(layer(x))
    for block in model.modules():
        if isinstance(block, ResnetBlock2D):
            layer = block.time_emb_proj
            layer.weight.mul_(loudness / (x @ layer.weight.T).std(0).mean())
            layer.bias.copy_(-layer.weight @ x.mean(0))
