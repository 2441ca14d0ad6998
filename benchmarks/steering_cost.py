"""What steering adds to a picture: untouched, steered, folded, by hooks, by a LoRA.

Emojiscape is timed as its whole pipeline, the full sizes as one call of their denoiser. The hooks
are written after the description of Lin-AcT (arXiv 2410.23054), h -> w * h + b behind each norm;
the LoRA is one of PEFT, of rank 16 on the attention's projections, random and not merged. Whole
pictures differ more from turn to turn than steering adds; so the steered norms are timed by
themselves too, on what one picture calls them with.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from peft import LoraConfig
from peft.tuners.lora import LoraModel
from torch import Tensor, nn

from benchmarks.cases import LARGE, SMALL, Case, load, random_maps
from benchmarks.measuring import (
    Row,
    Run,
    Timed,
    Way,
    bound,
    in_turns,
    operations_of,
    row,
    typical,
    weight_bytes,
)
from hypertransport.backbones import find_places
from hypertransport.folding import fold
from hypertransport.interventions import Intervention
from hypertransport.steering import steer

BATCH = 4
BUDGET = 150.0  # seconds of turns: a hundredth is looked for, and calls differ by a tenth
RANK = 16
PROJECTIONS = ["to_q", "to_k", "to_v", "to_out.0"]
Around = Callable[[], AbstractContextManager[object]]


def measure(run: Run) -> Iterator[Row]:
    for name in (SMALL, *LARGE):
        case = load(name, run)
        yield from one_picture(case, run)
        yield batch(case, run)


def picture(case: Case, rows: int) -> Callable[[], object]:
    """What is timed: whole pictures where there is a pipeline."""
    if case.name != SMALL:
        return case.draw(rows)
    prompts, seeds = ["a mushroom"] * rows, list(range(rows))
    return lambda: case.generator(prompts, seeds)


def one_picture(case: Case, run: Run) -> Iterator[Row]:
    """Each way of steering against none, and against what others do."""
    T, backbone = random_maps(case.generator.sites).to(run.device), case.generator.backbone
    draw = picture(case, 1)
    ways = [
        Way("untouched", draw),
        Way("steered", draw, lambda: steer(case.generator, T)),
        Way("folded", draw, lambda: fold(case.generator, T)),
        Way("forward hooks", draw, lambda: hooked(backbone, T)),
        Way(f"LoRA of PEFT, rank {RANK}", draw, lambda: adapted(backbone)),
    ]
    untouched, steered, folded, hooks, lora = in_turns(run, ways, BUDGET)
    least = bound(run.machine, weight_bytes(backbone), operations_of(draw))
    tell = partial(row, case.name, note=case.note, **least)
    norms, *own = in_turns(run, norms_alone(case, draw, ways[:3]), BUDGET / 5)
    for aim, ours, alone in zip(("at most 1%", "0%"), (steered, folded), own, strict=True):
        more = f"its norms alone {overhead(alone, norms, untouched.median)}"
        told = f"{ours.how} costs {aim} of a picture, {case.name}"
        whole = overhead(ours, untouched)
        yield tell("one picture", ours, untouched, aim=told, reached=f"{whole}; {more}")
    yield tell("one picture", steered, hooks)
    yield tell("one picture", steered, lora)


def norms_alone(case: Case, draw: Callable[[], object], ways: Sequence[Way]) -> list[Way]:
    """The same ways, of the norms that are steered instead of the whole picture."""
    modules = dict(case.generator.backbone.named_modules())
    calls: list[tuple[nn.Module, Any, Any]] = []
    with ExitStack() as stack:
        for site in case.generator.sites:
            module = modules[site.name]
            hook = module.register_forward_pre_hook(lambda *c: calls.append(c), with_kwargs=True)
            stack.callback(hook.remove)
        draw()

    @torch.no_grad()
    def norms() -> None:
        for module, args, kwargs in calls:
            module(*args, **kwargs)

    return [Way(way.how, norms, way.around) for way in ways]


def overhead(ours: Timed, untouched: Timed, whole: float | None = None) -> str:
    """What it takes more, turn by turn, in hundredths of `whole` or of the same turn untouched: the
    median and its 95% interval."""
    pairs = zip(ours.seconds, untouched.seconds, strict=True)
    median, low, high = typical([100 * (a - b) / (whole or b) for a, b in pairs])
    return f"{median:.2f}% ({low:.2f} to {high:.2f}; {len(ours.seconds)} turns)"


def batch(case: Case, run: Run) -> Row:
    """One concept for each row of a batch."""
    rows = 2 if run.slow and case.name != SMALL else BATCH
    maps = random_maps(case.generator.sites, rows).to(run.device)
    draw = picture(case, rows)
    ways = [
        Way("steered, a concept for each", draw, lambda: steer(case.generator, maps)),
        Way("untouched", draw),
    ]
    steered, untouched = in_turns(run, ways, BUDGET)
    least = bound(run.machine, weight_bytes(case.generator.backbone), operations_of(draw))
    told = f"a concept for each row costs at most 1%, {case.name}"
    facts = {"aim": told, "reached": overhead(steered, untouched), "note": case.note}
    return row(case.name, f"{rows} pictures", steered, untouched, **facts, **least)


# --- the peers ------------------------------------------------------------------------------------


@contextmanager
def hooked(backbone: nn.Module, T: Intervention) -> Iterator[None]:
    """A forward hook at each norm that multiplies and adds."""
    with ExitStack() as stack:
        for name, place in find_places(backbone, T).items():
            shape = (-1, 1, 1) if place.channel_dim == 1 else (-1,)
            w, b = (v.to(place.device, place.dtype).reshape(shape) for v in T.maps[name])
            stack.enter_context(place.module.register_forward_hook(partial(_transport, w, b)))
        yield


def _transport(w: Tensor, b: Tensor, module: nn.Module, args: Any, h: Tensor) -> Tensor:
    return w * h + b


@contextmanager
def adapted(backbone: nn.Module) -> Iterator[nn.Module]:
    """A LoRA on every projection of the attentions, taken off again."""
    lora = lora_on(backbone)
    try:
        yield lora
    finally:
        lora.unload()
        backbone.requires_grad_(False)


def lora_on(backbone: nn.Module, rank: int = RANK) -> LoraModel:
    """Random in both factors, so that it does something."""
    config = LoraConfig(r=rank, target_modules=PROJECTIONS, init_lora_weights=False)
    return LoraModel(backbone, config, "default").eval().requires_grad_(False)
