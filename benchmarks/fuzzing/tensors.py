"""Mutations of safetensors: its header's shapes, types, offsets and texts, and its numbers."""

import json
import math
from random import Random
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from benchmarks.fuzzing.json_values import mutate_json

DTYPES = (
    "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "U16", "U32", "U64", "BOOL",
    "F8_E4M3", "F8_E5M2", "F4", "C64", "F128", "",
)  # fmt: skip
CASTS = (
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32,
    torch.int8, torch.uint8, torch.bool, torch.complex64, torch.float8_e4m3fn,
)  # fmt: skip
SIZES = (0, 1, 2, 7, 2**31, 2**32, 2**62, 2**63 - 1, -1, 2**64, 1.5, None)
LENGTHS = (0, 1, 2, 7, 8, 100_000_001, 2**31, 2**32, 2**63, 2**64 - 1)


def mutate_safetensors(data: bytes, rng: Random) -> bytes:
    """A change of the header as JSON, or of the tensors with a header that fits them."""
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + length])
    except (ValueError, RecursionError):
        return data
    if not isinstance(header, dict) or len(header) < 2:
        return data
    payload = data[8 + length :]
    match rng.randrange(6):
        case 0:
            return rng.choice(LENGTHS).to_bytes(8, "little") + data[8:]
        case 1:
            return _packed(_header(header, rng), payload)
        case 2:
            return _packed(_metadata(header, rng), payload)
        case 3:
            return _packed(_one_tensor(header, rng), payload)
        case _:
            return _tensors(data, header.get("__metadata__"), rng)


def _packed(header: bytes, payload: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header + payload


def _header(header: dict[str, Any], rng: Random) -> bytes:
    """Any change of the header as JSON."""
    return mutate_json(json.dumps(header).encode(), rng)


def _metadata(header: dict[str, Any], rng: Random) -> bytes:
    """One of the texts about the file: another one, or the JSON in it changed."""
    told = header.setdefault("__metadata__", {})
    if not told:
        return _header(header, rng)
    name = rng.choice(list(told))
    match rng.randrange(4):
        case 0:
            del told[name]
        case 1:
            told[name] = rng.choice(("", "0", "-1", "9" * 5000, "1" * 400, "²", "nan", "a" * 10**5))
        case _:
            told[name] = mutate_json(str(told[name]).encode(), rng).decode("utf-8", "replace")
    return json.dumps(header).encode()


def _one_tensor(header: dict[str, Any], rng: Random) -> bytes:
    """Type, shape or offsets of one tensor."""
    name = rng.choice([name for name in header if name != "__metadata__"])
    entry = header[name]
    match rng.randrange(5):
        case 0:
            entry["dtype"] = rng.choice(DTYPES)
        case 1:
            entry["shape"] = [rng.choice(SIZES) for _ in range(rng.randint(0, 4))]
        case 2:
            entry["shape"] = entry["shape"][::-1] + [1] * rng.choice((0, 1, 1000))
        case 3:
            entry["data_offsets"][rng.randrange(2)] = rng.choice(SIZES)
        case _:
            header[rng.choice((name + "/", name.replace("/", ""), "", "\0", "a"))] = header.pop(
                name
            )
    return json.dumps(header).encode()


def _tensors(data: bytes, metadata: dict[str, str] | None, rng: Random) -> bytes:
    """A whole file of other tensors: other types, shapes, numbers or names."""
    try:
        tensors = safetensors.torch.load(data)
    except (SafetensorError, KeyError):
        return data
    for _ in range(rng.choice((1, 1, 3))):
        name = rng.choice(list(tensors))
        if rng.random() < 0.15 and len(tensors) > 1:
            moved = tensors.pop(name)
            if rng.random() < 0.5:
                tensors[rng.choice((name + "/", name.partition("/")[0], "a", name + ".a"))] = moved
        else:
            tensors[name] = _tensor(tensors[name], rng).contiguous().clone()
    return safetensors.torch.save(tensors, metadata)


def _tensor(x: Tensor, rng: Random) -> Tensor:
    match rng.randrange(7):
        case 0:
            return x.to(rng.choice(CASTS))
        case 1:
            return torch.full_like(x, rng.choice((0, 1, 2)))
        case 2 if x.is_floating_point() and x.numel():
            x = x.clone()
            odd = rng.choice((math.nan, math.inf, -math.inf, -1.0, 1e38, 1e-42))
            x.view(-1)[rng.randrange(x.numel())] = odd
            return x
        case 3:
            return x[..., :-1] if x.ndim else x[None]
        case 4:
            return x[None]
        case 5:
            return x.flatten()
    return torch.empty(rng.choice(((0,), (0, 3), (), (1, 0, 2))), dtype=x.dtype)
