"""The same HTTP API by replicas on a Ray cluster. Needs the extra `ray`.

    serve run hypertransport.serving.ray_serve:app model=emojiscape max_replicas=4

Each replica is the application of `api`, with a generator, queue and batches of its own; Ray Serve
shares requests out among them, and starts and stops replicas as requests come and go.
"""

import argparse
import os
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from ray import serve  # pyright: ignore[reportMissingImports] not in what development takes

from hypertransport import loading
from hypertransport.parsing import MODEL
from hypertransport.serving.engine import EngineSettings

ANYWHERE = "0.0.0.0"  # proxies on any machine of the cluster pass requests on
Count = Annotated[int, Field(ge=1)]


def _listed(given: Any) -> Any:
    """Names as `serve run` gives them, with commas between, or as they are."""
    return given.split(",") if isinstance(given, str) else given


Names = Annotated[list[str], BeforeValidator(_listed)]


class Settings(BaseModel):
    """What `serve run` or a Serve config file gives: the options of `hypertransport serve`.

    And how many replicas there are, with the GPUs that each takes. Paths are those of their
    machines.
    """

    model_config = ConfigDict(extra="forbid")

    model: str = MODEL
    weights: str | None = None
    hypernetwork: str | None = None
    api_keys: Path | None = None
    allow_host: Names = []
    max_batch: Count = 8
    max_wait: Annotated[float, Field(ge=0)] = 0.005
    max_queue: Count = 64
    min_replicas: Count = 1
    max_replicas: Count = 1
    gpus: Annotated[float, Field(ge=0)] = 0


def app(settings: Settings) -> serve.Application:
    """The deployment: autoscaled towards a full batch on each replica.

    Where every replica is full, as many requests wait as one replica's queue takes; further ones
    are answered with 503.
    """
    room = settings.max_batch + settings.max_queue

    def build() -> FastAPI:
        return replica(settings)

    deployment = serve.deployment(
        serve.ingress(build)(),
        name="hypertransport",
        max_ongoing_requests=room,
        max_queued_requests=settings.max_queue,
        autoscaling_config={
            "min_replicas": settings.min_replicas,
            "max_replicas": settings.max_replicas,
            "target_ongoing_requests": settings.max_batch,
        },
        ray_actor_options={"num_cpus": 1, "num_gpus": settings.gpus},
    )
    return deployment.bind()


def replica(settings: Settings) -> FastAPI:
    """The application of one replica, loaded where it runs."""
    from hypertransport.serving import api, catalogue_pages
    from hypertransport.serving.api_keys import load_keys
    from hypertransport.trusted_hosts import TrustedHosts

    keys = load_keys(settings.api_keys, os.environ)
    engine = EngineSettings(settings.max_batch, settings.max_wait, settings.max_queue)
    generator, hyper = loading.steered(argparse.Namespace(**settings.model_dump()))
    entries = catalogue_pages.world_of(settings.model)
    hosts = TrustedHosts(settings.allow_host, ANYWHERE)
    return api.application(generator, hyper, engine, entries, keys, hosts)
