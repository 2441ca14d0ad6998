"""What the HTTP API takes and gives, in OpenAI's form: unknown fields are refused, all is bounded.

Unknown fields get one error, not one each: whoever sends a million of them must not have the server
write a million sentences.
"""

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, FailFast, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from hypertransport.concepts import MAX_PICTURES, MAX_WORDS

MAX_N = 10  # as OpenAI has it
MAX_PROMPT = 4000  # characters; an encoder reads the first 40 to 300 tokens
MAX_STRENGTHS = 32
MAX_STRENGTH = 10.0
MAX_STEERING = 32
MAX_MASK = 2**20  # characters of base64
MAX_NUMBERS = 8192  # of an embedding
MAX_SEED = 2**53 - MAX_N  # with those that follow it, exact in every JSON parser
MAX_NAME = 200
MAX_PAGE = 100
SOURCES = ("concept", "image", "images", "embedding")
NULL = {"type": "null"}


def _given(*names: str) -> dict[str, Any]:
    """The JSON schema of an object that has all of these fields, none of them null."""
    return {"required": [*names], "properties": {name: {"not": NULL} for name in names}}


ONE_SOURCE: dict[str, Any] = {"oneOf": [_given(source) for source in SOURCES]}
ONE_REGION: dict[str, Any] = {"not": _given("region", "mask")}

Strength: TypeAlias = Annotated[float, Field(ge=-MAX_STRENGTH, le=MAX_STRENGTH)]
Encoded: TypeAlias = Annotated[str, Field(min_length=1)]
Side: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Text: TypeAlias = Annotated[str, Field(max_length=MAX_NAME)]


class Strict(BaseModel):
    """A JSON object of exactly these fields, each of exactly its type.

    A field that may be left out may be null as well, and counts as left out: tables and clients of
    other languages send null for what they have no value for.
    """

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _only_known(cls, sent: Any) -> Any:
        if isinstance(sent, dict):
            for name in sent:
                if name not in cls.model_fields:
                    # It may hold half a character, which no message can.
                    told = str(name)[:64].encode("ascii", "backslashreplace").decode()
                    known = {"name": told, "fields": ", ".join(cls.model_fields)}
                    raise PydanticCustomError("unknown_field", "unknown; give {fields}", known)
            return {name: value for name, value in sent.items() if cls._counts(name, value)}
        return sent

    @classmethod
    def _counts(cls, name: str, value: Any) -> bool:
        return value is not None or cls.model_fields[name].is_required()

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema)
        for name, field in fields["properties"].items():
            if name not in fields.get("required", ()) and NULL not in field.get("anyOf", ()):
                told = {key: field.pop(key) for key in ("title", "default") if key in field}
                fields["properties"][name] = {"anyOf": [field, NULL], **told}
        return schema


class ConceptBody(Strict):
    """A concept: by words, by one or several pictures of it (base64 of files, or data: URLs), or by
    an embedding."""

    model_config = ConfigDict(json_schema_extra=ONE_SOURCE)

    concept: Annotated[str, Field(min_length=1, max_length=MAX_WORDS, pattern=r"\S")] = ""
    image: Encoded = ""
    images: Annotated[list[Encoded], FailFast(), Field(min_length=1, max_length=MAX_PICTURES)] = []
    embedding: Annotated[list[float], FailFast(), Field(min_length=1, max_length=MAX_NUMBERS)] = []

    @model_validator(mode="after")
    def _one_source(self) -> "ConceptBody":
        if len(self.model_fields_set & {*SOURCES}) != 1:
            raise PydanticCustomError("one_source", f"give one of {', '.join(SOURCES)}")
        return self


class Steering(ConceptBody):
    """A concept of a picture, at a strength of its own, everywhere or in a region.

    The region is [left, top, right, bottom], from 0 to 1 of the picture, or a mask: a picture of
    the same aspect ratio (base64, as reference pictures), white where the concept acts.
    """

    model_config = ConfigDict(json_schema_extra={**ONE_SOURCE, **ONE_REGION})

    strength: Strength = 1.0
    region: Annotated[list[Side], Field(min_length=4, max_length=4)] | None = None
    mask: Annotated[str, Field(min_length=1, max_length=MAX_MASK)] = ""

    @model_validator(mode="after")
    def _one_region(self) -> "Steering":
        if {"region", "mask"} <= self.model_fields_set:
            raise PydanticCustomError("one_region", "give a region or a mask, not both")
        return self


class ImagesBody(Strict):
    """`POST /v1/images/generations`: OpenAI's fields, and `steering`, `seed` and `strengths`.

    Pictures are drawn for `n` seeds, counting up from `seed` (at random if left out), each at every
    one of `strengths`, which multiply the concepts' own. `calibrated`: 1 has the same effect for
    every concept, and 0.5 shows half of it.
    """

    prompt: Annotated[str, Field(min_length=1, max_length=MAX_PROMPT, pattern=r"\S")]
    model: Text | None = None
    n: Annotated[int, Field(ge=1, le=MAX_N)] | None = None
    size: Annotated[str, Field(pattern=r"^(auto|[1-9][0-9]{0,4}x[1-9][0-9]{0,4})$")] | None = None
    response_format: Literal["b64_json"] | None = None
    steering: Annotated[list[Steering], FailFast(), Field(max_length=MAX_STEERING)] = []
    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] | None = None
    strengths: Annotated[
        list[Strength], FailFast(), Field(min_length=1, max_length=MAX_STRENGTHS)
    ] = [1.0]
    calibrated: bool = False


class InterventionBody(ConceptBody):
    """`POST /v1/interventions` and `/v1/novelty`: the concept that is asked about."""

    model: Text | None = None


class ConceptsQuery(BaseModel):
    """`GET /v1/concepts`: a page of the catalogue, or of the part that is asked for."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 20
    after: Text = ""
    kind: Text = ""
    split: Literal["train", "validation", "test"] | None = None
    find: Text = ""


class Picture(BaseModel):
    """One picture, as PNG in base64, and what it was drawn with."""

    b64_json: str
    seed: int
    strength: float


class ImagesReply(BaseModel):
    """All pictures that were asked for: seed by seed, each at all strengths.

    `warnings` says what of a prompt or a concept is longer than its encoder reads, or unknown to a
    bundled model.
    """

    created: int
    data: list[Picture]
    warnings: list[str] = []


class Novelty(BaseModel):
    """What is known of a concept before it is drawn, each null where the hypernetwork lacks it.

    `novelty` above 1 is far from all that was trained on; strength `gain` has the effect that is
    common to all concepts; beyond strength `limit` most effects shrink.
    """

    novelty: float | None
    gain: float | None
    limit: float | None


class Model(BaseModel):
    """The model that is served, with the size of its pictures."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["hypertransport"] = "hypertransport"
    size: str


class Models(BaseModel):
    """All models that are served: one."""

    object: Literal["list"] = "list"
    data: list[Model]


class CatalogueConcept(BaseModel):
    """One concept of the catalogue; see `hypertransport.catalogue`."""

    id: str
    object: Literal["concept"] = "concept"
    name: str
    kind: str
    phrase: str
    split: str


class Concepts(BaseModel):
    """A page of concepts; for the next one, ask for those `after` the last id."""

    object: Literal["list"] = "list"
    data: list[CatalogueConcept]
    has_more: bool


class Status(BaseModel):
    """Whether the server is well."""

    status: str


class ErrorDetail(BaseModel):
    """What went wrong, in OpenAI's words."""

    message: str
    type: str
    param: str | None
    code: str


class ErrorBody(BaseModel):
    """Every error: what went wrong and what to do next."""

    error: ErrorDetail
