"""What can be steered: the named targets, and any diffusers text-to-image pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hypertransport.errors import GeneratorError
from hypertransport.weights import canonical

if TYPE_CHECKING:  # listing the models must not wait for torch
    import torch

    from hypertransport.generators.base import Generator, wrap

DESCRIBED = ".toml"
__all__ = ["MODELS", "Generator", "Model", "load_generator", "wrap"]


@dataclass(frozen=True, slots=True)
class Model:
    """A named target: one line about it, its licence, and the module here that loads it, how."""

    name: str
    description: str
    licence: str
    module: str
    options: Mapping[str, int] = field(default_factory=dict)


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            Model(
                "emojiscape-pixart",
                "a small one-step PixArt-Sigma of emoji scenes; ships with the package "
                "(alias: emojiscape)",
                "Apache-2.0",
                "emojiscape",
            ),
            Model(
                "emojiscape-sdxl",
                "the same scenes by a small one-step SDXL; ships with the package",
                "Apache-2.0",
                "emojiscape_sdxl",
            ),
            Model(
                "dmd2",
                "SDXL base 1.0 with DMD2's one-step UNet; fetched from the Hugging Face hub",
                "CC-BY-NC-SA-4.0 (DMD2), openrail++ (SDXL)",
                "dmd2",
            ),
            Model(
                "dmd2-4step",
                "SDXL base 1.0 with DMD2's four-step UNet; from the hub",
                "CC-BY-NC-SA-4.0 (DMD2), openrail++ (SDXL)",
                "dmd2",
                {"steps": 4},
            ),
            Model(
                "nitro",
                "PixArt-Sigma XL 1024 with AMD's Nitro-1 one-step transformer; from the hub",
                "Apache-2.0 (AMD's code; weights: see their card), openrail++ (PixArt-Sigma)",
                "nitro",
            ),
        )
    }
)


def load_generator(
    source: str | Path,
    *,
    weights: str | Path | None = None,
    device: "str | torch.device | None" = None,
    dtype: "torch.dtype | None" = None,
) -> "Generator":
    """Load a target by its name in `MODELS`, or any diffusers pipeline by folder or hub id, or by a
    TOML file that also says how it is called (see `described`).

    `weights`: for a named target, a local copy of its own weights instead of the usual ones.
    Raises GeneratorError for an unknown name or a source that cannot be loaded, ConfigError for a
    file that is no such description.
    """
    name = canonical(str(source))
    if name in MODELS:
        model = MODELS[name]
        target = import_module(f"hypertransport.generators.{model.module}")
        return target.load(weights=weights, device=device, dtype=dtype, **model.options)
    if weights is not None:
        raise GeneratorError(f"weights are for {', '.join(MODELS)}; load {name} by itself")
    if name.endswith(DESCRIBED):
        described = import_module("hypertransport.generators.described")
        return described.load(Path(source), device, dtype)
    if Path(source).is_dir() or name.count("/") == 1:
        return _any_pipeline(source, device, dtype)
    raise GeneratorError(_unknown(name))


def _any_pipeline(
    source: str | Path, device: "str | torch.device | None", dtype: "torch.dtype | None"
) -> "Generator":
    from hypertransport.generators import base

    chosen = base.choose_device(device)
    pipeline = base.load_pipeline(source, dtype=base.half_on_gpu(dtype, chosen))
    return base.wrap(pipeline.to(chosen), id=str(source))


def _unknown(name: str) -> str:
    near = get_close_matches(name, [*MODELS, "emojiscape"], n=1)
    hint = f"did you mean {near[0]!r}" if near else f"give one of {', '.join(MODELS)}"
    return (
        f"there is no model {name!r}: {hint}, or the folder or hub id of a diffusers pipeline, or "
        f"a {DESCRIBED} file that says how one is called"
    )


def __getattr__(name: str) -> object:
    if name in ("Generator", "wrap"):
        return getattr(import_module("hypertransport.generators.base"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
