"""Every error of the HTTP API in OpenAI's form: what went wrong, and what to do next."""

import json
import math
from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from hypertransport.errors import (
    BusyError,
    ClosedError,
    ConceptError,
    GeneratorError,
    HyperTransportError,
    InterventionError,
    StrengthError,
)

CODES: Mapping[type[HyperTransportError], str] = {
    ConceptError: "bad_concept",
    StrengthError: "bad_strength",
    GeneratorError: "bad_prompt",
    InterventionError: "bad_intervention",
}
TYPES = {401: "authentication_error", 429: "rate_limit_error"}
GONE = 499  # as nginx has it: nobody is there to read it
LIST = "/openapi.json says what there is"


class ApiError(Exception):
    """An answer that is no success: a status, a code for programs, a sentence for people.

    `param` is the field that it is about, as "steering.0.image".
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(message)
        self.status, self.code, self.param = status, code, param
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, Any]:
        """An `ErrorBody`."""
        kind = TYPES.get(self.status, "invalid_request_error")
        told = {
            "message": str(self),
            "type": "server_error" if self.status >= 500 else kind,
            "param": self.param,
            "code": self.code,
        }
        return {"error": told}

    def response(self) -> Response:
        """It as JSON."""
        return Response(
            json.dumps(self.body), self.status, self.headers, media_type="application/json"
        )


def as_api_error(error: Exception, method: str, path: str, delay: int | float) -> ApiError:
    """What a client is told of an error; `delay` is when to try again, in seconds."""
    match error:
        case ApiError():
            return error
        case RequestValidationError():
            return _invalid(error.errors()[0])
        case HTTPException():
            return _of_http(error, method, path)
        case BusyError():
            return busy(str(error), delay)
        case ClosedError():
            return ApiError(503, "unavailable", str(error), headers={"Retry-After": "10"})
        case HyperTransportError() if type(error) in CODES:
            return ApiError(400, CODES[type(error)], str(error))
    return ApiError(
        500,
        "internal_error",
        f"the server failed ({type(error).__name__}); try again, and if it fails again look into "
        "its log, by the X-Request-ID of this reply",
    )


def busy(message: str, delay: int | float) -> ApiError:
    """429, with the seconds after which there may be room: 1 to 60."""
    seconds = min(max(math.ceil(delay), 1), 60)
    return ApiError(429, "queue_full", message, headers={"Retry-After": str(seconds)})


def gone() -> ApiError:
    """For the log and the metrics alone."""
    return ApiError(GONE, "client_gone", "the client went away; nobody is there to be told")


def _invalid(detail: Mapping[str, Any]) -> ApiError:
    """One thing that a body or a query has and should not have."""
    _, *place = detail["loc"]
    if detail["type"] == "json_invalid":
        return ApiError(400, "invalid_json", f"the body is no JSON ({detail['ctx']['error']})")
    if detail["type"] in ("unknown_field", "extra_forbidden"):
        place = [*place, detail["ctx"]["name"]] if "ctx" in detail else place
        param, code = _dotted(place), "unknown_field"
    else:
        param, code = _dotted(place), "invalid_value"
    said = detail["msg"][:1].lower() + detail["msg"][1:]
    return ApiError(400, code, f"{param or 'the body'}: {said}; {LIST}", param)


def _dotted(place: list[Any]) -> str | None:
    return ".".join(str(step)[:64] for step in place) or None


def _of_http(error: HTTPException, method: str, path: str) -> ApiError:
    known = {
        404: ("not_found", f"there is no {path[:200]}; {LIST}"),
        405: ("method_not_allowed", f"{path[:200]} takes no {method[:20]}; {LIST}"),
        400: ("invalid_body", f"the body cannot be read; send JSON, {LIST}"),
    }
    code, message = known.get(error.status_code, ("http_error", f"{error.detail}; {LIST}"))
    return ApiError(error.status_code, code, message, headers=error.headers)
