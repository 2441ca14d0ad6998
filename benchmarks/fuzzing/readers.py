"""Every reader of the package: which files it reads, and how a valid one is made and read.

A reader is whatever takes bytes that came from outside: files, answers of servers, bodies of
requests. What it may raise is `HyperTransportError`, and what its caller handles (`refusals`).
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from benchmarks.fuzzing import models, seeds
from benchmarks.fuzzing.replies import answering
from hypertransport import catalogue
from hypertransport.batch import lines
from hypertransport.batch.cells import begun
from hypertransport.concepts import Picture, Words
from hypertransport.encoders import ConceptEncoder
from hypertransport.errors import HyperTransportError
from hypertransport.evaluation import chat, figures, page, pairs, table, votes
from hypertransport.evaluation import study as study_page
from hypertransport.evaluation.answers import Answers, Shown
from hypertransport.evaluation.config import EvaluationConfig
from hypertransport.evaluation.scorers import Classifier, read_labels
from hypertransport.evaluation.study_pictures import StudyPictures
from hypertransport.generators import described, dmd2, emojiscape_sdxl, nitro
from hypertransport.generators.base import load_pipeline
from hypertransport.hypernetwork import HyperTransport
from hypertransport.hypernetwork_files import encoder_of
from hypertransport.interventions import Intervention
from hypertransport.lexicon import read_lexicon
from hypertransport.picture_files import load_picture
from hypertransport.serving import areas, images, schemas
from hypertransport.serving.api_errors import ApiError
from hypertransport.serving.api_keys import load_keys
from hypertransport.serving.client import Server
from hypertransport.serving.pictures import concept_of
from hypertransport.training import monitoring, prompts
from hypertransport.training.checkpoints import load_checkpoint
from hypertransport.training.config import TrainConfig
from hypertransport.training.target_cache import TargetCache
from hypertransport.vocabulary import read_vocabulary

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Reader:
    """`make` writes valid files into a folder, of which those in `kinds` are mutated, each by its
    kind (see `mutations`); `after` mends what a mutation would always break, such as digests;
    `read` reads the folder. `share` of the files, where the usual one is 1."""

    kinds: Mapping[str, str]
    make: Callable[[Path], object]
    read: Callable[[Path], object]
    after: Callable[[Path], object] = lambda folder: None
    share: float = 1.0
    refusals: tuple[type[Exception], ...] = field(default=(HyperTransportError,))

    def files(self) -> Files:
        """Valid files by their paths from the folder."""
        with TemporaryDirectory() as name:
            folder = Path(name)
            self.make(folder)
            paths = sorted(path for path in folder.rglob("*") if path.is_file())
            return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


# --- how the less simple ones read ----------------------------------------------------------------


def _lines(name: str, folder: Path) -> object:
    return lines.read(folder / name)


def _hypernetwork(folder: Path) -> None:
    """With what is told before a picture is drawn."""
    hyper = HyperTransport.from_pretrained(folder, encoder=models.encoder())
    hyper("hat", calibrated=hyper.about.calibration is not None)
    hyper.novelty(["hat"])
    hyper.dial(0.5)
    if hyper.about.calibration is not None:
        assert isinstance(hyper.about.calibration.limit + hyper.about.calibration.level, float)


def _intervention(folder: Path) -> None:
    T = Intervention.load(folder / "a.safetensors")
    T.at(0.5).flatten()


def _checkpoint(folder: Path) -> None:
    load_checkpoint(folder / "checkpoint.safetensors", *seeds.training_state(1))


def _targets(folder: Path) -> None:
    cache = TargetCache(folder / "targets.safetensors")
    assert cache.batch(["thing/hat", "style/oil"]).ndim == 3


def _prompts(folder: Path) -> None:
    prompts.read_prompts_by_kind(folder / "prompts.json", ["style", "thing"], 2)


def _table(folder: Path) -> None:
    path = folder / "table.jsonl"
    rows = table.read([path])
    found = figures.analyse(rows)
    page.markdown(found)
    page.html(found, rows, [path])


def _votes(folder: Path) -> None:
    votes.settle(votes.complete(votes.resume(folder / "votes.jsonl")))


def _study(folder: Path) -> None:
    """What the server and the report ask of it."""
    answers, token = Answers.open(folder / "study.sqlite"), (folder / "token").read_text("utf-8")
    votes.settle(answers.votes()[0])
    answers.progress(token)
    pair = answers.shown(token, 0).pair
    assert pair.text
    answers.record(token, 3, "second")
    answers.enrol()


def _study_pictures(folder: Path) -> None:
    """What a judge and a person are shown of a pair."""
    chat._patches.cache_clear()
    pair = pairs.read_pairs(folder)[0]
    StudyPictures(folder).picture("token", 0, Shown(pair, "A", is_check=True), "A")
    chat.expected(folder, pair)
    chat.messages(folder, pair, "A")


def _picture(name: str, folder: Path) -> None:
    """As a reference, and as a mask."""
    areas.as_area(load_picture(folder / name))


def _drawn(folder: Path) -> None:
    server = answering()
    server.reply = (folder / "head").read_bytes() + (folder / "body").read_bytes()
    Server(server.address).draw("a cat", [(Words("hat"), 1.0)], 0, [0.0, 1.0])


def _foreseen(folder: Path) -> None:
    server = answering()
    server.reply = (folder / "head").read_bytes() + (folder / "body").read_bytes()
    told = Server(server.address).foresee(Picture(seeds.picture()))
    assert all(value is None or type(value) is float for value in told.values()), told


def _judged(folder: Path) -> None:
    seen, tokens = chat.read_reply((folder / "body").read_bytes().decode("utf-8", "replace"))
    assert seen is None or seen in votes.SEEN
    assert tokens is None or tokens.input + tokens.output >= 0


def _asked(folder: Path) -> None:
    images.cells_of(schemas.ImagesBody.model_validate_json((folder / "body").read_bytes()))


def _asked_of_concepts(folder: Path) -> None:
    body = schemas.InterventionBody.model_validate_json((folder / "body").read_bytes())
    models.encoder().encode([concept_of(body)])


def _answered(folder: Path) -> None:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": (folder / "body").read_bytes()}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    study_page._read_answer(asyncio.run(study_page._body(request)))


# --- how the less simple ones are made ------------------------------------------------------------


def _encoded() -> str:
    with TemporaryDirectory() as folder:
        seeds.save_picture("a.png")(Path(folder))
        return b64encode((Path(folder) / "a.png").read_bytes()).decode()


def _reply(body: object, status: str = "200 OK") -> Callable[[Path], object]:
    """The head and the body of an answer."""

    def make(folder: Path) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
        (folder / "head").write_bytes(head.encode())
        seeds.document("body", body() if callable(body) else body)(folder)

    return make


def _strip() -> object:
    return {"created": 1, "data": [{"b64_json": _encoded(), "seed": 0, "strength": 1.0}] * 2}


def _asking(folder: Path) -> None:
    encoded = _encoded()
    steering = [
        {"concept": "oil", "strength": 0.5, "region": [0, 0, 0.5, 1]},
        {"image": encoded, "mask": encoded},
        {"images": [encoded, f"data:image/png;base64,{encoded}"]},
        {"embedding": [0.5] * models.DIM},
    ]  # fmt: skip
    body = {"prompt": "a cat", "seed": 3, "n": 2, "strengths": [0.0, 1.0], "steering": steering}
    seeds.document("body", {**body, "size": "64x64", "model": "mine"})(folder)


def _pipeline(folder: Path) -> None:
    load_pipeline(folder, dtype=torch.float32, local_files_only=True)


REFUSED = {"error": {"message": "no such model", "type": "invalid_request_error", "code": "x"}}
FIGURES = {"novelty": 0.5, "gain": 1.25, "limit": None}
ANSWER_KINDS = {"head": "http", "body": "json"}
BODY = {"body": "json"}
LINES = "a.jsonl"
PICTURES = {
    "png": seeds.save_picture("a.png"),
    "png-16-bits": lambda folder: seeds.picture("I;16").save(folder / "a.png"),
    "png-palette": lambda folder: seeds.picture("P").save(folder / "a.png", transparency=0),
    "png-transparent": seeds.save_picture("a.png", "RGBA"),
    "jpeg": seeds.save_picture("a.jpeg"),
    "webp": seeds.save_picture("a.webp"),
    "gif": lambda folder: seeds.picture("P").save(folder / "a.gif"),
    "bmp": lambda folder: seeds.picture().save(folder / "a.bmp"),
}


def _picture_reader(name: str, make: Callable[[Path], object]) -> Reader:
    kind = name.partition("-")[0]
    return Reader({f"a.{kind}": kind}, make, partial(_picture, f"a.{kind}"))


READERS: Mapping[str, Reader] = {
    # TOML
    "generator.toml": Reader(
        {"a.toml": "toml"},
        seeds.text("a.toml", seeds.DESCRIPTION),
        lambda folder: described.read(folder / "a.toml"),
    ),
    "training.toml": Reader(
        {"a.toml": "toml"},
        seeds.text("a.toml", seeds.TRAINING),
        lambda folder: TrainConfig.load(folder / "a.toml"),
    ),
    "evaluation.toml": Reader(
        {"a.toml": "toml"},
        seeds.text("a.toml", seeds.EVALUATION),
        lambda folder: EvaluationConfig.load(folder / "a.toml"),
    ),
    # JSON
    "catalogue": Reader(
        {"a.json": "json"},
        seeds.document("a.json", seeds.CATALOGUE),
        lambda folder: catalogue.read(folder / "a.json"),
    ),
    "vocabulary": Reader(
        {"a.json": "json"},
        seeds.document("a.json", ["hat", "oil", "a red key"]),
        lambda folder: read_vocabulary(folder / "a.json"),
    ),
    "lexicon": Reader(
        {"a.json": "json"},
        seeds.document("a.json", {"words": ["hat", "oil"], "max_distance": 0.25}),
        lambda folder: read_lexicon(folder / "a.json"),
    ),
    "labels": Reader(
        {"a.json": "json"},
        seeds.document("a.json", seeds.LABELS),
        lambda folder: read_labels(folder / "a.json"),
    ),
    "prompts by kind": Reader(
        {"prompts.json": "json"},
        seeds.document("prompts.json", {"thing": ["a", "b"], "style": ["c", "d"]}),
        _prompts,
    ),
    "begun batch": Reader(
        {".begun.json": "json"},
        seeds.begun_batch,
        lambda folder: begun(folder / ".begun.json", ["a", "b"], ["b"]),
    ),
    # lines
    "generate-many.jsonl": Reader(
        {LINES: "jsonl"}, seeds.lines(LINES, seeds.LINES), partial(_lines, LINES)
    ),
    "generate-many.csv": Reader(
        {"a.csv": "csv"}, seeds.text("a.csv", seeds.CSV), partial(_lines, "a.csv")
    ),
    "training record": Reader(
        {"record.jsonl": "jsonl"},
        seeds.training_record,
        lambda folder: monitoring.forget(folder / "record.jsonl", 3),
    ),
    "pairs": Reader(
        {"pairs.jsonl": "jsonl"}, seeds.pairs, lambda folder: pairs.read_pairs(folder)
    ),
    "votes": Reader({"votes.jsonl": "jsonl"}, seeds.votes, _votes),
    "evaluation table": Reader({"table.jsonl": "jsonl"}, seeds.scores, _table, share=0.1),
    # text
    "API keys": Reader(
        {"keys": "text"},
        seeds.text("keys", seeds.KEYS),
        lambda folder: load_keys(folder / "keys", {}),
    ),
    "prompts": Reader(
        {"a.txt": "text"},
        seeds.text("a.txt", seeds.PROMPTS),
        lambda folder: prompts.read_prompts(folder / "a.txt"),
    ),
    # tensors
    "intervention": Reader({"a.safetensors": "safetensors"}, seeds.intervention, _intervention),
    "hypernetwork config": Reader(
        {"config.json": "json"}, models.save_hypernetwork, _hypernetwork, share=0.5
    ),
    "hypernetwork tensors": Reader(
        {"model.safetensors": "safetensors", "tables.safetensors": "safetensors"},
        models.save_hypernetwork,
        _hypernetwork,
        after=seeds.sign,
        share=0.5,
    ),
    "encoder's name": Reader(
        {"config.json": "json"}, models.save_hypernetwork, lambda folder: encoder_of(folder)
    ),
    "checkpoint": Reader(
        {"checkpoint.safetensors": "safetensors"}, seeds.checkpoint, _checkpoint
    ),
    "targets": Reader({"targets.safetensors": "safetensors"}, seeds.targets, _targets),
    "stopped targets": Reader(
        {".targets.safetensors.partial": "safetensors"},
        seeds.stopped_targets,
        lambda folder: seeds.write_targets(folder / "targets.safetensors", torch.ones(3, 4)),
    ),
    "Nitro's weights": Reader(
        {"a.safetensors": "safetensors"},
        seeds.intervention,
        lambda folder: nitro._read(folder / "a.safetensors"),
    ),
    "DMD2's weights": Reader(
        {"unet.bin": "pickle"}, seeds.pickled, lambda folder: dmd2._read(folder / "unet.bin")
    ),
    # folders of other libraries
    "concept encoder": Reader(
        {
            "config.json": "json", "model.safetensors": "safetensors", "tokenizer.json": "json",
            "tokenizer_config.json": "json", "preprocessor_config.json": "json",
        },
        models.save_encoder,
        lambda folder: ConceptEncoder.from_pretrained(folder),
        share=0.1,
    ),
    "scorer": Reader(
        {
            "config.json": "json", "model.safetensors": "safetensors",
            "preprocessor_config.json": "json",
        },
        models.save_scorer,
        lambda folder: Classifier.from_pretrained(folder),
        share=0.1,
    ),
    "pipeline": Reader(
        {
            "model_index.json": "json", "scheduler/scheduler_config.json": "json",
            "transformer/config.json": "json", "vae/config.json": "json",
            "text_encoder/config.json": "json", "tokenizer/tokenizer.json": "json",
            "transformer/diffusion_pytorch_model.safetensors": "safetensors",
            "text_encoder/model.safetensors": "safetensors",
        },
        models.save_pipeline,
        _pipeline,
        share=0.05,
    ),
    "shared text tower": Reader(
        {
            "text_encoder/config.json": "json", "text_encoder/model.safetensors": "safetensors",
            "tokenizer/tokenizer.json": "json", "tokenizer/tokenizer_config.json": "json",
        },
        models.save_pipeline,
        lambda folder: emojiscape_sdxl.shared_parts(folder, torch.float32),
        share=0.1,
    ),
    "teacher's denoiser": Reader(
        {"transformer/config.json": "json", "model_index.json": "json"},
        models.save_pipeline,
        lambda folder: nitro.TEACHER.empty_denoiser(folder),
        share=0.1,
    ),
    # SQLite
    "study": Reader({"study.sqlite": "sqlite"}, seeds.study, _study, share=0.5),
    # pictures
    **{name: _picture_reader(name, make) for name, make in PICTURES.items()},
    "pictures of pairs": Reader(
        {"prompting.png": "png", "hypertransport.png": "png"}, seeds.pairs, _study_pictures
    ),
    # answers and requests
    "server's pictures": Reader(ANSWER_KINDS, _reply(_strip), _drawn),
    "server's figures": Reader(ANSWER_KINDS, _reply(FIGURES), _foreseen),
    "server's refusal": Reader(ANSWER_KINDS, _reply(REFUSED, "404 Not Found"), _foreseen),
    "judge's reply": Reader(BODY, seeds.document("body", seeds.completion()), _judged),
    "request for pictures": Reader(
        BODY, _asking, _asked, refusals=(HyperTransportError, ApiError, ValidationError)
    ),
    "request for a concept": Reader(
        BODY,
        seeds.document("body", {"embedding": [0.5] * models.DIM, "model": "mine"}),
        _asked_of_concepts,
        refusals=(HyperTransportError, ApiError, ValidationError),
    ),
    "answer of a person": Reader(
        BODY,
        seeds.document("body", {"position": 3, "seen": "first"}),
        _answered,
        refusals=(HTTPException,),
    ),
}  # fmt: skip
