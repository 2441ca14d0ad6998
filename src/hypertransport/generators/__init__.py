"""What can be steered: the named targets, and any diffusers text-to-image pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hypertransport.errors import GeneratorError
from hypertransport.paths import user_source
from hypertransport.weights import canonical

if TYPE_CHECKING:  # listing the models must not wait for torch
    import torch
    from torch import nn

    from hypertransport.generators.base import Generator, wrap
    from hypertransport.sites import Site

DESCRIBED = ".toml"
# As the cards on the hub say; DMD2's GitHub repository, with its code, has CC-BY-NC-SA-4.0.
DMD2_LICENCE = "CC-BY-NC-4.0 (DMD2; its code: CC-BY-NC-SA-4.0), openrail++ (SDXL)"
__all__ = ["MODELS", "Generator", "Model", "load_generator", "wrap"]


@dataclass(frozen=True, slots=True)
class Model:
    """A named target: one line about it, its licence, and the module here that loads it, how.

    `architecture` names the configuration of its denoiser (see `architectures`) where the weights
    are the hub's; those of the others ship.
    """

    name: str
    description: str
    licence: str
    module: str
    options: Mapping[str, int] = field(default_factory=dict)
    architecture: str | None = None


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
                DMD2_LICENCE,
                "dmd2",
                architecture="sdxl-base-unet",
            ),
            Model(
                "dmd2-4step",
                "SDXL base 1.0 with DMD2's four-step UNet; from the hub",
                DMD2_LICENCE,
                "dmd2",
                {"steps": 4},
                architecture="sdxl-base-unet",
            ),
            Model(
                "nitro",
                "PixArt-Sigma XL 1024 with AMD's Nitro-1 one-step transformer; from the hub",
                "Apache-2.0 (Nitro-1), openrail++ (PixArt-Sigma)",
                "nitro",
                architecture="pixart-sigma-transformer",
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
    revision: str | None = None,
) -> "Generator":
    """Load a target by its name in `MODELS`, or any diffusers pipeline by folder or hub id, or by a
    TOML file that also says how it is called (see `described`).

    `weights`: for a named target, a local copy of its own weights instead of the usual ones.
    `revision`: of a repository of the hub, which may also be written user/name@revision; that of a
    named target's weights (nitro@revision) is otherwise the one that it is known by. Raises
    GeneratorError for an unknown name or a source that cannot be loaded, ConfigError for a file
    that is no such description.
    """
    from hypertransport.torch_state import plain_torch

    with plain_torch():
        return _load(source, weights, device, dtype, revision)


def _load(
    source: str | Path,
    weights: str | Path | None,
    device: "str | torch.device | None",
    dtype: "torch.dtype | None",
    revision: str | None,
) -> "Generator":
    source = user_source(source)
    weights = None if weights is None else user_source(weights)
    model, at = find_model(source)
    if model is not None:
        return _named(model, revision or at, weights=weights, device=device, dtype=dtype)
    name = str(source)
    if weights is not None:
        raise GeneratorError(f"weights are for {', '.join(MODELS)}; load {name} by itself")
    if name.endswith(DESCRIBED):
        described = import_module("hypertransport.generators.described")
        return described.load(Path(source), device, dtype, revision)
    if Path(source).is_dir() or name.count("/") == 1:
        return _any_pipeline(source, device, dtype, revision)
    raise GeneratorError(_unknown(name))


def find_model(source: str | Path) -> tuple[Model | None, str | None]:
    """The named target of `name` or `name@revision`, and the revision; None for other sources."""
    name, _, revision = str(source).partition("@")
    return MODELS.get(canonical(name)), revision or None


def architecture_of(name: str) -> "tuple[nn.Module, tuple[Site, ...]] | None":
    """The denoiser of a named target, without weights, and its sites; nothing is fetched.

    None for what has no such name, and for a target whose weights ship.
    """
    model, _ = find_model(name)
    if model is None or model.architecture is None:
        return None
    from hypertransport.generators import architectures
    from hypertransport.sites import find_sites

    denoiser = architectures.build(architectures.read(model.architecture))
    target = import_module(f"hypertransport.generators.{model.module}")
    return denoiser, find_sites(denoiser, target.PATTERNS)


def _named(model: Model, revision: str | None, **options: Any) -> "Generator":
    if revision is not None and model.architecture is None:
        raise GeneratorError(f"{model.name} ships with the package; leave its revision out")
    if revision is not None:
        if options["weights"] is not None:
            raise GeneratorError(f"give weights or a revision of {model.name}, not both")
        options["revision"] = revision
    target = import_module(f"hypertransport.generators.{model.module}")
    return target.load(**options, **model.options)


def _any_pipeline(
    source: str | Path,
    device: "str | torch.device | None",
    dtype: "torch.dtype | None",
    revision: str | None,
) -> "Generator":
    from hypertransport.generators import base
    from hypertransport.hub import split_revision

    chosen = base.choose_device(device)
    kind = base.half_on_gpu(dtype, chosen)
    pipeline = base.load_pipeline(source, dtype=kind, revision=revision)
    return base.wrap(pipeline.to(chosen), id=str(split_revision(source)[0]))


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
