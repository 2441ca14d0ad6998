"""The independent scorer: an image classifier that shares nothing with what it scores.

    python -m recipes.emojiscape.recogniser

transformers' ResNet, with its own seed and renderings (shifted, softened, recoloured a little,
noisy); it takes no part in training generator, encoder or hypernetwork. Its accuracy on true scenes
is the ceiling of every score it gives. `hypertransport evaluate` takes its folder as a scorer, with
the labels.json in it.
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import ResNetConfig, ResNetForImageClassification
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from recipes.emojiscape import world as w
from recipes.emojiscape.captions import article
from recipes.emojiscape.loop import chance, fit, optimizers, training_arguments
from recipes.emojiscape.references import numbered, scene_of

SEED, STEPS, BATCH = 7, 2200, 64
WHAT = ("subject", "second", "set", "tint", "colour", "pattern", "frame")
# What is right when all that makes it up is.
WHOLE = {"style": ("set", "tint"), "background": ("colour", "pattern"), "frame": ("frame",)}


def values(names: list[str]) -> dict[str, list[str]]:
    """What each attribute can be; `second` may be nothing, `frame` begins with none."""
    frames = [f"{kind} {colour}" for colour in w.COLOURS for kind in w.FRAME_KINDS]
    return {
        "subject": names, "second": [*names, "nothing"], "set": list(w.SETS), "tint": list(w.TINTS),
        "colour": list(w.COLOURS), "pattern": list(w.PATTERNS), "frame": ["none", *frames],
    }  # fmt: skip


def recogniser(names: list[str]) -> ResNetForImageClassification:
    """A ResNet whose labels are "attribute: value", of all attributes in a row."""
    labels = [f"{k}: {value}" for k, of in values(names).items() for value in of]
    config = ResNetConfig(
        embedding_size=40, hidden_sizes=[40, 80, 160, 256], depths=[1, 2, 2, 2], layer_type="basic",
        id2label=dict(enumerate(labels)), label2id={label: i for i, label in enumerate(labels)},
        problem_type="multi_label_classification",
    )  # fmt: skip
    return ResNetForImageClassification(config)


def processor() -> ViTImageProcessorPil:
    """A ResNet quarters the sides at once, so that small pictures want enlarging."""
    side = 2 * w.SIZE
    return ViTImageProcessorPil(size={"height": side, "width": side}, resample=2)


def prepared(pictures: Tensor) -> Tensor:
    """Pictures (n, 3, 64, 64) in [0, 1] as `processor` prepares them: (n, 3, 128, 128)."""
    return F.interpolate(pictures * 2 - 1, scale_factor=2, mode="bilinear")


def by_attribute(logits: Tensor, names: list[str]) -> dict[str, Tensor]:
    """{attribute: (n, values)} of logits (n, labels)."""
    sizes = {k: len(of) for k, of in values(names).items()}
    return dict(zip(sizes, logits.split(list(sizes.values()), 1), strict=True))


def labels_of(scenes: np.ndarray, things: int) -> dict[str, Tensor]:
    """Class targets of scenes by attribute."""
    columns = dict(zip(w.ATTRIBUTES, scenes.T.copy(), strict=True))
    columns["second"] = np.where(columns["second"] < 0, things, columns["second"])
    return {k: torch.from_numpy(columns[k]) for k in WHAT}


def other_rendering(x: Tensor, random: torch.Generator) -> Tensor:
    """Another rendering of the same scenes: shifted, softened, recoloured a little, noisy."""
    dy, dx = torch.randint(-2, 3, (2,), generator=random).tolist()
    soft = F.avg_pool2d(F.pad(x, (2, 2, 2, 2), mode="replicate"), 5, 1)
    mix = torch.rand(len(x), 1, 1, 1, generator=random)
    x = x + mix * (soft - x)
    x = x * (1 + 0.08 * torch.randn(len(x), 3, 1, 1, generator=random))
    return (x + 0.03 * torch.randn(x.shape, generator=random)).roll((dy, dx), (2, 3)).clamp(0, 1)


@torch.no_grad()
def recognise(model: ResNetForImageClassification, pictures: Tensor) -> dict[str, Tensor]:
    """Value of every attribute in pictures (n, 3, 64, 64) in [0, 1]: {attribute: (n,)}."""
    names = [label.removeprefix("subject: ") for label in model.config.id2label.values()
             if label.startswith("subject: ")]  # fmt: skip
    logits = torch.cat([model(part).logits for part in prepared(pictures).split(250)])
    return {k: v.argmax(1) for k, v in by_attribute(logits, names).items()}


def load(runs: Path) -> ResNetForImageClassification:
    return ResNetForImageClassification.from_pretrained(runs / "recogniser").eval()


def correct(read: dict[str, Tensor], truth: dict[str, Tensor]) -> dict[str, np.ndarray]:
    """Which rows are read right, by attribute and by whole style and background: (n,) bool each."""
    right = {k: (read[k] == v).numpy() for k, v in truth.items()}
    return right | {k: np.logical_and.reduce([right[a] for a in v]) for k, v in WHOLE.items()}


def ceiling(
    model: ResNetForImageClassification, painter: w.Painter, n: int = 2000
) -> dict[str, float]:
    """Accuracy on true scenes that were never drawn in training."""
    scenes = w.free(np.random.default_rng(10**6), len(painter.world.names), n)
    read = recognise(model, painter(scenes))
    truth = labels_of(scenes, len(painter.world.names))
    there = scenes[:, w.SECOND] != w.NOTHING
    right = correct(read, truth)
    return {k: float((v[there] if k == "second" else v).mean()) for k, v in right.items()}


def labels_by_text(names: list[str]) -> dict[str, list[str | list[str]]]:
    """By which labels a concept, and a prompt about a thing, are recognised (see `scorers`)."""
    texts: dict[str, list[str | list[str]]] = {}
    for concept, (kind, number) in numbered(names).items():
        if kind == "thing":
            texts[concept] = [[f"subject: {concept}", f"second: {concept}"]]
            texts[article(concept)] = [f"subject: {concept}"]
        else:
            scene = dict(zip(w.ATTRIBUTES, scene_of(kind, number).tolist(), strict=True))
            texts[concept] = [f"{k}: {values(names)[k][scene[k]]}" for k in WHOLE[kind]]
    return texts


def main() -> None:
    args = training_arguments(__doc__, STEPS)
    torch.manual_seed(SEED)
    painter, out = w.Painter(w.World.load()), args.runs / "recogniser"
    names = painter.world.names
    model = recogniser(names).train()

    def loss_at(step: int) -> tuple[Tensor, dict[str, float]]:
        rng, random = chance(SEED, step)
        scenes = w.free(rng, len(names), BATCH)
        x = prepared(other_rendering(painter(scenes), random))
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(x.contiguous(memory_format=torch.channels_last)).logits
        read, labels = by_attribute(logits.float(), names), labels_of(scenes, len(names))
        # Which value is likeliest, and whether a label shows at all, which `evaluate` asks for.
        one = [F.cross_entropy(read[k], v) for k, v in labels.items()]
        each = [
            F.binary_cross_entropy_with_logits(read[k], F.one_hot(v, read[k].shape[1]).float())
            * read[k].shape[1]
            for k, v in labels.items()
        ]
        right = {f"{k}_right": (read[k].argmax(1) == v).float().mean() for k, v in labels.items()}
        return torch.stack(one + each).sum(), {k: v.item() for k, v in right.items()}

    fit(out, args.steps, {"recogniser": model}, optimizers(model, 8e-3, 2e-3), loss_at)
    model.eval().save_pretrained(out)
    processor().save_pretrained(out)
    (out / "labels.json").write_text(json.dumps(labels_by_text(names), indent=0))
    figures = ceiling(model, painter)
    (out / "ceiling.json").write_text(json.dumps(figures, indent=1))
    print(figures)


if __name__ == "__main__":
    main()
