"""Put what was trained into the package, in half precision or less.

python -m recipes.emojiscape.install generator encoder catalogue hypernetwork
python -m recipes.emojiscape.install generator_sdxl hypernetwork_sdxl
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import PixArtSigmaPipeline, StableDiffusionXLPipeline
from transformers import CLIPModel

import hypertransport as ht
from hypertransport.weights import FOLDER, WORLD
from recipes.emojiscape.regression import TIMESTEP
from recipes.emojiscape.rounding import round_to_8_bits, settle_timestep

SDXL = "emojiscape-sdxl"
RESULTS = Path("docs/results")


def run_in_float32(config: Path) -> None:
    """transformers runs a model in the precision its config names, diffusers in float32: agree."""
    config.write_text(
        json.dumps(json.loads(config.read_text(encoding="utf-8")) | {"dtype": "float32"}, indent=2),
        encoding="utf-8",
    )


def install_generator(runs: Path, data: Path) -> None:
    pipeline = PixArtSigmaPipeline.from_pretrained(runs / "generator/model")
    exact = pipeline.transformer.float()
    settle_timestep(exact, TIMESTEP)
    settled = {k: v.clone() for k, v in exact.adaln_single.state_dict().items()}
    pipeline.to(torch.float16)
    pipeline.transformer.adaln_single.load_state_dict(settled, assign=True)
    for block in pipeline.transformer.transformer_blocks:  # what bears it best
        round_to_8_bits(block.attn1)
        round_to_8_bits(block.attn2)
    pipeline.save_pretrained(FOLDER / WORLD / "generator")
    run_in_float32(FOLDER / WORLD / "generator/text_encoder/config.json")


def install_generator_sdxl(runs: Path, data: Path) -> None:
    pipeline = StableDiffusionXLPipeline.from_pretrained(runs / "generator_sdxl/model")
    round_to_8_bits(pipeline.unet)
    folder = FOLDER / SDXL / "generator"  # the text encoder is the first generator's
    pipeline.unet.save_pretrained(folder / "unet")
    pipeline.vae.half().save_pretrained(folder / "vae")
    pipeline.scheduler.save_pretrained(folder / "scheduler")
    pipeline.save_config(folder)


def install_encoder(runs: Path, data: Path) -> None:
    folder = FOLDER / WORLD / "encoder"
    shutil.copytree(runs / "image_tower/model", folder, dirs_exist_ok=True)
    model = CLIPModel.from_pretrained(runs / "image_tower/model").half()
    round_to_8_bits(model.vision_model.encoder)  # pictures keep a cosine of 0.998 to what they were
    model.save_pretrained(folder)
    table = folder / "tokenizer.json"  # more than half of which is indentation
    table.write_text(
        json.dumps(json.loads(table.read_text(encoding="utf-8")), separators=(",", ":")),
        encoding="utf-8",
    )


def install_catalogue(runs: Path, data: Path) -> None:
    (FOLDER / WORLD).mkdir(parents=True, exist_ok=True)
    shutil.copy(data / "catalogue.json", FOLDER / WORLD)


def install_hypernetwork(runs: Path, data: Path) -> None:
    _install_hypernetwork(runs / "hypernetwork_further", WORLD, "hypernetwork-training.jsonl")


def install_hypernetwork_sdxl(runs: Path, data: Path) -> None:
    _install_hypernetwork(
        runs / "hypernetwork_further_sdxl", SDXL, "hypernetwork-training-sdxl.jsonl"
    )


def _install_hypernetwork(run: Path, name: str, record: str) -> None:
    hyper = ht.HyperTransport.from_pretrained(run / "model")
    hyper.save_pretrained(FOLDER / name / "hypernetwork", bits=8)
    RESULTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(run / "record.jsonl", RESULTS / record)


PARTS = {
    "generator": install_generator, "generator_sdxl": install_generator_sdxl,
    "encoder": install_encoder, "catalogue": install_catalogue,
    "hypernetwork": install_hypernetwork, "hypernetwork_sdxl": install_hypernetwork_sdxl,
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--data", type=Path, default=Path("data"))
    args = parser.parse_args()
    for part in args.parts:
        PARTS[part](args.runs, args.data)


if __name__ == "__main__":
    main()
