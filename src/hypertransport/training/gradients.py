"""Gradients through a frozen generator: large enough for its precision, and finite or refused."""

from collections.abc import Iterable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from hypertransport.errors import TrainingError
from hypertransport.training.problem import Problem


def gradient_scale(problem: Problem) -> float:
    """What a cost is to be multiplied by before its gradient is taken, and that divided by after.

    The cost is a mean over channels, sites and samples, and pooled activations are means over
    positions: what one activation adds to it is far below the least number of float16, as which it
    is passed on in such a generator. So much makes it about 1 / positions for a channel of usual
    weight, as in the mixed-precision training of Micikevicius et al. (arXiv 1710.03740).
    """
    weights = problem.generator.backbone.parameters()
    if problem.bfloat16 or all(weight.dtype != torch.float16 for weight in weights):
        return 1.0
    return problem.samples / problem.weights.median().item()


def unscale(parameters: Iterable[nn.Parameter], loss: Float[Tensor, ""], scale: float) -> None:
    """Divide gradients that were taken of `scale` times a loss; TrainingError unless they, and the
    loss, are finite."""
    found = [p.grad for p in parameters if p.grad is not None]
    if scale != 1:
        for gradient in found:
            gradient.div_(scale)
    if not torch.stack([loss.detach().isfinite(), *(g.isfinite().all() for g in found)]).all():
        raise TrainingError(
            "the cost or its gradient is no finite number any more: what the generator computes "
            "overflows; load it in bfloat16 or float32, or lower the learning rate"
        )
