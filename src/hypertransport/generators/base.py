"""The contract of all that can be steered: a diffusers pipeline, its backbone and its sites."""

import inspect
import logging
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from os import PathLike
from pathlib import Path
from traceback import walk_tb
from types import MappingProxyType
from typing import Any, overload

import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from PIL import Image
from safetensors import SafetensorError
from torch import Tensor, nn

from hypertransport.complete_weights import complete_weights
from hypertransport.errors import GeneratorError, HyperTransportError, first_line
from hypertransport.generators.layouts import install_line, missing_packages, only_variant
from hypertransport.generators.revisions import revision_of
from hypertransport.generators.rows import as_rows, is_one_seed
from hypertransport.generators.text_length import short_text, takes_text_as_pixart
from hypertransport.hub import list_files, split_revision
from hypertransport.library_errors import loading
from hypertransport.ownership import drawing
from hypertransport.sites import Site, find_sites, is_compiled, uncompiled
from hypertransport.torch_state import plain_torch
from hypertransport.truncation import pipeline_truncations, report

# Of a folder that is torn, of other classes, or takes a package that is not there.
LOADING_ERRORS = (
    *(OSError, ValueError, TypeError, AttributeError, RuntimeError, KeyError, ImportError),
    SafetensorError,
)
# Between a call of a generator and an error about its arguments only code of these runs.
LIBRARIES = {
    "hypertransport", "diffusers", "transformers", "tokenizers", "torch", "accelerate", "numpy",
    "PIL", "peft", "safetensors", "sentencepiece", "jaxtyping", "beartype", "bs4", "ftfy",
}  # fmt: skip
OWN = {"generator", "num_images_per_prompt"}  # what rows of seeds are instead
# It warns at every call of the one timestep that one-step targets were distilled at.
logging.getLogger("diffusers.schedulers.scheduling_lcm").setLevel(logging.ERROR)


class Generator:
    """A frozen text-to-image pipeline of any diffusers family, with the sites of its backbone.

    `defaults` are the arguments of the pipeline's call that make the target what it is (number of
    steps, guidance, timesteps); a call may override them. `weights` says where the backbone's
    weights were read, if elsewhere than the pipeline's own folder. `masks_padding` says that the
    family masks the padding of its text, which is then no longer than the longest prompt asks for.
    """

    def __init__(
        self,
        pipeline: DiffusionPipeline,
        *,
        id: str,
        sites: tuple[Site, ...],
        defaults: Mapping[str, Any],
        weights: str | PathLike[str] | None = None,
        masks_padding: bool = False,
    ):
        self.pipeline: Any = pipeline  # Any: each family has attributes and a call of its own
        self.id = id
        self.sites = sites
        self.weights = weights
        self.masks_padding = masks_padding
        self.defaults = MappingProxyType(dict(defaults))
        for module in pipeline.components.values():
            if isinstance(module, nn.Module):
                module.eval().requires_grad_(False)
        pipeline.set_progress_bar_config(disable=True)

    def __repr__(self) -> str:
        return f"Generator({self.id!r}, {len(self.sites)} sites, {self.device})"

    @property
    def backbone(self) -> nn.Module:
        """The denoiser: the pipeline's `unet` or `transformer`."""
        return _backbone(self.pipeline)

    @cached_property
    def revision(self) -> str | None:
        """Which weights the backbone was loaded with (see `revisions`), or None for unknown."""
        config: Any = uncompiled(self.backbone).config
        source = self.weights or config.get("_name_or_path")
        return revision_of(source) if source else None

    @property
    def device(self) -> torch.device:
        """Where the backbone's weights are."""
        return next(self.backbone.parameters()).device

    def to(self, *args: Any, **kwargs: Any) -> "Generator":
        """Move to a device or a dtype, with the arguments of diffusers' own `to`; return itself.

        Raises InUseError where another thread or task owns the generator.
        """
        with drawing(self):
            self.pipeline.to(*args, **kwargs)
        return self

    def __getstate__(self) -> dict[str, Any]:
        """The attributes that copies and pickles get: a read-only view cannot be pickled."""
        return vars(self) | {"defaults": dict(self.defaults)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The inverse of `__getstate__`."""
        vars(self).update(state | {"defaults": MappingProxyType(state["defaults"])})

    @overload
    def __call__(  # pyright: ignore[reportOverlappingOverload] a str is a sequence of str
        self, prompt: str, seed: int = 0, **overrides: Any
    ) -> Image.Image: ...

    @overload
    def __call__(
        self, prompt: str | Sequence[str], seed: int | Sequence[int] = 0, **overrides: Any
    ) -> list[Image.Image]: ...

    @plain_torch(autocast=True)
    def __call__(
        self, prompt: str | Sequence[str], seed: int | Sequence[int] = 0, **overrides: Any
    ) -> Image.Image | list[Image.Image]:
        """Draw one PIL picture for a prompt and a seed, a list of them when either is a list.

        A single prompt or seed goes with every row of the other. Each row's noise comes from its
        own CPU generator, so that a row is the same alone, in a batch and on any device (law 4).
        Prompts are cleaned (`clean_text`); one that is longer than the text encoders read gives a
        TruncationWarning. Seeds may be integers of numpy and torch, and arrays of them. The call
        owns the generator (`ownership`): another thread waits until it ends. Raises GeneratorError
        for rows that do not match, none, or more than 64, for seeds that are no integers, and for a
        call that the pipeline does not take; InUseError where another task of this thread owns the
        generator, or another thread for too long. Errors of your own callbacks pass unchanged.
        """
        prompts, seeds = as_rows(prompt, seed)
        with drawing(self):  # tokenizers included, which change as they are called
            options = self.short_text(prompts, overrides) | overrides
            # First in whatever a pipeline returns; Kandinsky 5 does not call them `images`.
            images = self._run(prompts, seeds, options)[0]
        return images[0] if isinstance(prompt, str) and is_one_seed(seed) else images

    @plain_torch(autocast=True)
    def record_inputs(
        self, prompts: str | Sequence[str], seeds: int | Sequence[int], **overrides: Any
    ) -> dict[str, Any]:
        """Keyword arguments of the backbone at the first denoising step.

        `generator.backbone(**inputs)` then runs the step by itself, differentiably: under the
        steered one-step generator this is the whole of the loss's forward pass. The pipeline
        itself prepares them, so every diffusers family works without code of its own. Raises
        GeneratorError as a call does, and when the pipeline never calls its backbone.
        """
        names = list(inspect.signature(uncompiled(self.backbone).forward).parameters)

        def stop(module: nn.Module, args: tuple, kwargs: dict) -> None:
            raise _Recorded(dict(zip(names, args, strict=False)) | kwargs)

        with drawing(self):
            handle = self.backbone.register_forward_pre_hook(stop, prepend=True, with_kwargs=True)
            try:
                self._run(*as_rows(prompts, seeds), overrides)
            except _Recorded as recorded:
                return recorded.inputs
            finally:
                handle.remove()
        raise GeneratorError(f"{self.id} never called its backbone; check num_inference_steps")

    def short_text(
        self, prompts: Sequence[str], overrides: Mapping[str, Any] = MappingProxyType({})
    ) -> dict[str, int]:
        """More overrides, which leave out the padding that no picture of a call depends on.

        Empty where the family does not mask it, and for compiled code, which keeps one length.
        """
        if not self.masks_padding or is_compiled(self.backbone):
            return {}
        return short_text(self.pipeline, prompts, {**self.defaults, **overrides})

    def truncations(
        self, prompts: Sequence[str], overrides: Mapping[str, Any] = MappingProxyType({})
    ) -> list[str]:
        """A sentence for each prompt that is longer than the text encoders read."""
        return pipeline_truncations(self.pipeline, prompts, {**self.defaults, **overrides})

    def _run(self, prompts: list[str], seeds: list[int], overrides: Mapping[str, Any]) -> Any:
        if odd := OWN & overrides.keys():
            raise GeneratorError(
                f"a generator's call takes no {' or '.join(sorted(odd))}: give a seed for each "
                "picture, or call generator.pipeline yourself"
            )
        report(self.truncations(prompts, overrides))
        noise = [torch.Generator().manual_seed(seed) for seed in seeds]
        call = {**self.defaults, **overrides}
        if isinstance(negative := call.get("negative_prompt"), str):
            # Some families refuse one beside a list of prompts, and others encode a single row.
            call["negative_prompt"] = [negative] * len(prompts)
        try:
            return self.pipeline(prompt=prompts, generator=noise, **call)
        except HyperTransportError:
            raise
        except (TypeError, ValueError) as error:
            if self._passed_through_user_code(error):
                raise
            raise GeneratorError(
                f"{type(self.pipeline).__name__} cannot be called so ({first_line(error):.300}); "
                "give it what it needs in the call, in ht.wrap, or in the [call] of a .toml file"
            ) from error

    def _passed_through_user_code(self, error: Exception) -> bool:
        """Whether a function of the user, such as a callback, ran when an error was raised."""
        own = {kind.__module__.partition(".")[0] for kind in type(self.pipeline).__mro__}
        known = LIBRARIES | own | sys.stdlib_module_names - {"__main__"}
        names = (frame.f_globals.get("__name__", "") for frame, _ in walk_tb(error.__traceback__))
        return any(name.partition(".")[0] not in known for name in names)


class _Recorded(Exception):
    """Stops the pipeline at the backbone's door, carrying what it came with."""

    def __init__(self, inputs: dict[str, Any]):
        self.inputs = inputs


def wrap(
    pipeline: DiffusionPipeline,
    *,
    id: str,
    patterns: str | Sequence[str] = "*norm*",
    weights: str | PathLike[str] | None = None,
    masks_padding: bool = False,
    **defaults: Any,
) -> Generator:
    """Make any diffusers text-to-image pipeline a generator that can be steered.

    The sites are the backbone's norms whose names match a glob of `patterns`; `defaults` go into
    every call. The pipeline stays yours: its modules are frozen in place, nothing is copied. Give
    `weights` where the backbone's came from another file than its pipeline's, and `masks_padding`
    where the family masks the padding of its text, as PixArt's do. Raises GeneratorError when there
    is no backbone or no site, or for `masks_padding` of a pipeline that takes its text in another
    way than theirs, and leaves the pipeline as it was.
    """
    sites = find_sites(_backbone(pipeline), patterns)
    if masks_padding and not takes_text_as_pixart(pipeline):
        raise GeneratorError(
            f"{type(pipeline).__name__} takes its text in another way than PixArt's pipelines; "
            "leave masks_padding out"
        )
    told: Any = {"weights": weights, "masks_padding": masks_padding}
    return Generator(pipeline, id=id, sites=sites, defaults=defaults, **told)


def load_pipeline(
    source: str | PathLike[str],
    *,
    revision: str | None = None,
    variant: str | None = None,
    **options: Any,
) -> Any:
    """`DiffusionPipeline.from_pretrained`, with GeneratorError for what is missing or broken.

    Weights that the library would initialise at random, or leave unread, count as broken. A folder
    that has its weights in one variant only is loaded in that. A tokenizer that takes packages
    which are not installed is reported before anything is fetched.
    """
    place, named = split_revision(source if isinstance(source, str) else Path(source))
    options["revision"] = revision or named
    if options["revision"] and Path(place).is_dir():
        raise GeneratorError(f"{place!s} is a folder, which has no revision; leave that out")
    files = require_packages(place, **options)
    options["variant"] = variant or only_variant(files, options)
    try:
        with loading(place), complete_weights():
            return DiffusionPipeline.from_pretrained(place, **options)
    except ImportError as error:
        missing = missing_packages(files, failed=True)
        told = ImportError(install_line(missing)) if missing else error
        raise GeneratorError(_cannot_load(source, told)) from error
    except LOADING_ERRORS as error:
        raise GeneratorError(_cannot_load(source, error)) from error


def require_packages(source: str | Path, **options: Any) -> list[str]:
    """The names of a pipeline's files, none of which is fetched.

    `options` are those of its loading. Raises GeneratorError when its tokenizers take packages that
    are not installed.
    """
    files = list_files(source, **options)
    if missing := missing_packages(files):
        raise GeneratorError(f"cannot load a generator from {source!s}: {install_line(missing)}")
    return files


def load_weights(backbone: nn.Module, weights: Mapping[str, Tensor], source: object) -> None:
    """Put a distilled student's weights into its teacher's backbone, strictly, without a copy.

    Raises GeneratorError, naming their `source`, when they do not fit.
    """
    try:
        backbone.load_state_dict(weights, assign=True)
    except (RuntimeError, TypeError) as error:
        raise GeneratorError(_cannot_load(source, error)) from error


def choose_device(device: str | torch.device | None) -> torch.device:
    """The device asked for, else a GPU where there is one, else the CPU."""
    return torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))


def half_on_gpu(dtype: torch.dtype | None, device: torch.device) -> torch.dtype:
    """The dtype asked for, else float16 on a GPU and float32 on a CPU."""
    return dtype or (torch.float32 if device.type == "cpu" else torch.float16)


def _backbone(pipeline: DiffusionPipeline) -> nn.Module:
    for name in ("unet", "transformer"):
        module = getattr(pipeline, name, None)
        if module is not None:
            return module
    raise GeneratorError(
        f"{type(pipeline).__name__} has neither a unet nor a transformer to steer; "
        "give a diffusion pipeline"
    )


def _cannot_load(source: object, error: Exception) -> str:
    first = first_line(error)
    return f"cannot load a generator from {source!s} ({first}); check the folder or the hub id"
