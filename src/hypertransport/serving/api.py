"""The HTTP API: OpenAI's images, steered. Needs the extra `serve`.

    app = application(generator, hyper, EngineSettings(max_batch=8))

is an ASGI application for any server; `hypertransport serve` runs it under uvicorn.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.types import Scope

from hypertransport import __version__
from hypertransport.catalogue import Entry
from hypertransport.concepts import Words
from hypertransport.errors import HyperTransportError
from hypertransport.generators.base import Generator
from hypertransport.hypernetwork import HyperTransport
from hypertransport.serving import catalogue_pages, schemas
from hypertransport.serving.api_errors import ApiError, as_api_error
from hypertransport.serving.api_keys import ApiKeys
from hypertransport.serving.engine import Engine, EngineSettings
from hypertransport.serving.gate import Gate, require_json
from hypertransport.serving.heads import Heads
from hypertransport.serving.images import Images
from hypertransport.serving.journal import Journal
from hypertransport.serving.metrics import TYPE, Metrics
from hypertransport.serving.pictures import concept_of
from hypertransport.serving.region_layers import TRIAL
from hypertransport.trusted_hosts import TrustedHosts
from hypertransport.weights import canonical

USUAL = EngineSettings()
LOOPBACK = TrustedHosts()
ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": schemas.ErrorBody, "description": what}
    for status, what in (("4XX", "What was asked for cannot be had"), ("5XX", "The server failed"))
}
FILE = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
JSON_ONLY = [Depends(require_json)]
TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


def application(
    generator: Generator,
    hyper: HyperTransport,
    settings: EngineSettings = USUAL,
    catalogue: Sequence[Entry] = (),
    keys: ApiKeys | None = None,
    hosts: TrustedHosts = LOOPBACK,
) -> FastAPI:
    """An application that owns the generator until it is shut down; then it draws what waits.

    It answers requests for `hosts` only: without them, those that this machine sends to itself. A
    picture is drawn first, to warm up and to learn its size. Raises InterventionError when the two
    do not fit.
    """
    width, height = generator(TRIAL).size
    metrics = Metrics()
    engine = Engine(generator, hyper, settings, on_batch=metrics.batch)
    metrics.watch(lambda: engine.waiting)

    def told(error: Exception, scope: Scope) -> ApiError:
        found = as_api_error(error, scope["method"], scope["path"], engine.delay)
        metrics.failure(found.code, error)
        return found

    async def answer(request: Request, error: Exception) -> Response:
        return told(error, request.scope).response()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await to_thread.run_sync(engine.close)

    app = FastAPI(
        title="hypertransport",
        version=__version__,
        docs_url=None,  # its page would load scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        responses=ERRORS,
        exception_handlers=dict.fromkeys(
            (ApiError, HTTPException, RequestValidationError, HyperTransportError), answer
        ),
        middleware=[
            Middleware(Journal, metrics=metrics, told=told),
            Middleware(Gate, hosts=hosts, keys=keys, most=settings.max_queue + settings.max_batch),
            Middleware(Heads),
        ],
    )
    model = schemas.Model(id=generator.id, created=int(time.time()), size=f"{width}x{height}")
    _add_drawing(app, engine, generator, model)
    _add_lists(app, model, catalogue)
    _add_operation(app, engine, metrics)
    return app


def _add_drawing(app: FastAPI, engine: Engine, generator: Generator, model: schemas.Model) -> None:
    images = Images(engine, model.size)

    @app.post("/v1/images/generations", dependencies=JSON_ONLY)
    async def generate(body: schemas.ImagesBody, request: Request) -> schemas.ImagesReply:
        require_model(body.model, model)
        return await images.generate(body, request)

    @app.post(
        "/v1/interventions", dependencies=JSON_ONLY, response_class=Response, responses={200: FILE}
    )
    async def intervention(body: schemas.InterventionBody) -> Response:
        require_model(body.model, model)
        data = await images.in_thread(_intervention_file, engine, generator, body)
        name = {"Content-Disposition": 'attachment; filename="intervention.safetensors"'}
        return Response(data, headers=name, media_type="application/octet-stream")

    @app.post("/v1/novelty", dependencies=JSON_ONLY)
    async def novelty(body: schemas.InterventionBody) -> schemas.Novelty:
        """How far a concept lies from those trained on, and what its strength will mean."""
        require_model(body.model, model)
        known = await images.in_thread(lambda: engine.foresee(concept_of(body)))
        return schemas.Novelty(**known._asdict())


def _add_lists(app: FastAPI, model: schemas.Model, catalogue: Sequence[Entry]) -> None:
    @app.get("/v1/models")
    async def models() -> schemas.Models:
        return schemas.Models(data=[model])

    @app.get("/v1/models/{name:path}")
    async def one_model(name: str) -> schemas.Model:
        require_model(name, model)
        return model

    @app.get("/v1/concepts")
    async def concepts(asked: Annotated[schemas.ConceptsQuery, Query()]) -> schemas.Concepts:
        return catalogue_pages.page(catalogue, asked)


def _add_operation(app: FastAPI, engine: Engine, metrics: Metrics) -> None:
    @app.get("/health")
    async def health() -> schemas.Status:
        """Whether the process is well; if not, it is to be started anew."""
        return _status(engine.working, "the engine has stopped; start the server again")

    @app.get("/ready")
    async def ready() -> schemas.Status:
        """Whether requests are taken: not full, and not shutting down."""
        full = engine.waiting >= engine.settings.max_queue
        return _status(engine.working and not full, "no requests are taken now; try again later")

    @app.get("/metrics", response_class=Response, responses={200: TEXT})
    async def numbers() -> Response:
        return Response(metrics.page(), media_type=TYPE)


def require_model(name: str | None, model: schemas.Model) -> None:
    """Raise ApiError unless it is the one that is served, or none is named."""
    if name is not None and canonical(name) != model.id:
        raise ApiError(
            404, "model_not_found", f"this server has no such model; give {model.id!r}", "model"
        )


def _intervention_file(
    engine: Engine, generator: Generator, body: schemas.InterventionBody
) -> bytes:
    concept = concept_of(body)
    note = {"method": "hypernetwork"}
    if isinstance(concept, Words):
        note["phrase"] = concept.text
    return engine.intervention(concept).to_bytes(
        generator=generator.id, generator_revision=generator.revision, note=note
    )


def _status(well: bool, otherwise: str) -> schemas.Status:
    if not well:
        raise ApiError(503, "unavailable", otherwise, headers={"Retry-After": "1"})
    return schemas.Status(status="ok")
