"""Put what was trained into the package, in half precision.

python -m recipes.emojiscape.install generator encoder catalogue hypernetwork
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import PixArtSigmaPipeline
from transformers import CLIPModel

import hypertransport as ht

NAME = "emojiscape-pixart"
PACKAGE = Path("src/hypertransport/weights") / NAME
RESULTS = Path("docs/results")


def run_in_float32(config: Path) -> None:
    """transformers runs a model in the precision its config names, diffusers in float32: agree."""
    config.write_text(json.dumps(json.loads(config.read_text()) | {"dtype": "float32"}, indent=2))


def install_generator(runs: Path, data: Path) -> None:
    pipeline = PixArtSigmaPipeline.from_pretrained(runs / "generator/model", dtype=torch.float16)
    pipeline.save_pretrained(PACKAGE / "generator")
    run_in_float32(PACKAGE / "generator/text_encoder/config.json")


def install_encoder(runs: Path, data: Path) -> None:
    shutil.copytree(runs / "image_tower/model", PACKAGE / "encoder", dirs_exist_ok=True)
    CLIPModel.from_pretrained(runs / "image_tower/model").half().save_pretrained(
        PACKAGE / "encoder"
    )


def install_catalogue(runs: Path, data: Path) -> None:
    PACKAGE.mkdir(parents=True, exist_ok=True)
    shutil.copy(data / "catalogue.json", PACKAGE)


def install_hypernetwork(runs: Path, data: Path) -> None:
    encoder = ht.ConceptEncoder.from_pretrained(NAME)
    hyper = ht.HyperTransport.from_pretrained(runs / "hypernetwork/model", encoder=encoder)
    hyper.save_pretrained(PACKAGE / "hypernetwork", bits=16)
    RESULTS.mkdir(parents=True, exist_ok=True)
    shutil.copy(runs / "hypernetwork/record.jsonl", RESULTS / "hypernetwork-training.jsonl")


PARTS = {
    "generator": install_generator, "encoder": install_encoder,
    "catalogue": install_catalogue, "hypernetwork": install_hypernetwork,
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
