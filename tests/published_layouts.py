"""The named targets' repositories as the hub has them, tiny: file lists, key names, model indices.

Read at SDXL's, DMD2's, PixArt-Sigma's and Nitro-1-PixArt's pages on the hub: tokenizers without a
`tokenizer.json`, weights that older versions of transformers saved, two text encoders, variants in
half precision beside the full weights, a model index and a configuration that name the class which
PixArt's transformer had once.
"""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.pipelines.stable_diffusion_xl.pipeline_stable_diffusion_xl import (
    StableDiffusionXLPipeline,
)
from diffusers.schedulers.scheduling_euler_discrete import EulerDiscreteScheduler
from pipelines import randomise, tiny_pixart, tiny_unet, tiny_vae
from safetensors.torch import load_file, save, save_file
from texts import EMBEDDING, WIDTH, clip_text
from torch import Tensor
from transformers.models.clip.modeling_clip import CLIPTextModel, CLIPTextModelWithProjection
from transformers.models.t5.configuration_t5 import T5Config
from transformers.models.t5.modeling_t5 import T5EncoderModel

SENTINELS = 100  # <extra_id_0> and so on, which T5 has after its vocabulary


def files_of(folder: Path) -> dict[str, bytes]:
    """What lies in and below a folder, by the names that the hub gives it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# --- SDXL and DMD2 --------------------------------------------------------------------------------


def sdxl_unet(seed: int) -> UNet2DConditionModel:
    """Of both text encoders' states, one beside the other."""
    sizes: Any = {"projection_class_embeddings_input_dim": 6 * 4 + EMBEDDING}
    return tiny_unet(seed, cross_attention_dim=2 * WIDTH, **sizes)


def sdxl_base(folder: Path, full: bool = True) -> Path:
    """stabilityai/stable-diffusion-xl-base-1.0; without its `full` weights, of variants alone."""
    parts: dict[str, Any] = {"vae": tiny_vae(), "unet": sdxl_unet(0)}
    kinds = {"": CLIPTextModel, "_2": CLIPTextModelWithProjection}
    for seed, (end, kind) in enumerate(kinds.items(), start=2):
        parts["tokenizer" + end], parts["text_encoder" + end] = clip_text(kind)
        randomise(parts["text_encoder" + end], seed)
    scheduler: Any = EulerDiscreteScheduler()
    pipeline = StableDiffusionXLPipeline(**parts, scheduler=scheduler, add_watermarker=False)
    if full:
        pipeline.save_pretrained(folder)
    pipeline.to(torch.float16).save_pretrained(folder, variant="fp16")
    for end in kinds:
        old_tokenizer(folder / f"tokenizer{end}", parts["tokenizer" + end])
        for path in (folder / f"text_encoder{end}").glob("*.safetensors"):
            rewrite(path, old_clip)
    shutil.copytree(folder / "vae", folder / "vae_1_0")
    (folder / "unet/model.onnx").write_bytes(b"of another library")
    (folder / "sd_xl_base_1.0.safetensors").write_bytes(b"of another library")
    return folder


def old_clip(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """With the prefix of once, and the positions, which were stored."""
    inner = {name.removeprefix("text_model."): value for name, value in weights.items()}
    heads = {name: inner.pop(name) for name in [*inner] if name.startswith("text_projection")}
    named = {f"text_model.{name}": value for name, value in inner.items()}
    positions = len(inner["embeddings.position_embedding.weight"])
    ids = torch.arange(positions).unsqueeze(0)
    return named | heads | {"text_model.embeddings.position_ids": ids}


def old_tokenizer(folder: Path, tokenizer: Any) -> None:
    """CLIP's as it was saved once: a vocabulary and merges."""
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.json").write_text(json.dumps(tokenizer.get_vocab()))
    (folder / "merges.txt").write_text("#version: 0.2\n")


def dmd2_files() -> dict[str, bytes]:
    """tianweiy/DMD2: the two half-precision students, each a pickled state dict."""
    files = {"README.md": b"", "dmd2_sdxl_4step_lora.safetensors": b"of another library"}
    for steps in (1, 4):
        data = io.BytesIO()
        torch.save(sdxl_unet(10 + steps).half().state_dict(), data)
        files[f"dmd2_sdxl_{steps}step_unet_fp16.bin"] = data.getvalue()
    return files


# --- PixArt-Sigma and Nitro -----------------------------------------------------------------------


def pixart_sigma(folder: Path) -> Path:
    """PixArt-alpha/PixArt-Sigma-XL-2-1024-MS: T5 in shards, a tokenizer of SentencePiece alone."""
    pipeline = tiny_pixart()
    tokens = sentencepiece_of(folder / "tokenizer") + SENTINELS
    sizes = {"d_model": WIDTH, "d_kv": 8, "d_ff": 2 * WIDTH, "num_layers": 1, "num_heads": 2}
    pipeline.text_encoder = randomise(T5EncoderModel(T5Config(vocab_size=tokens, **sizes)), 2)
    kept = files_of(folder / "tokenizer")
    pipeline.save_pretrained(folder, max_shard_size="8KB")
    shutil.rmtree(folder / "tokenizer")
    (folder / "tokenizer").mkdir()
    for name, data in kept.items():
        (folder / "tokenizer" / name).write_bytes(data)
    for name, key in (("model_index.json", "transformer"), ("transformer/config.json", None)):
        rename_class(folder / name, key)
    return folder


def sentencepiece_of(folder: Path) -> int:
    """A T5's tokenizer, trained on next to nothing; the size of its vocabulary."""
    folder.mkdir(parents=True)
    sentences = iter(["a cat on a chair", "a fox in the snow", "the quick brown fox jumps"] * 9)
    trained = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=sentences, model_writer=trained, vocab_size=32, minloglevel=2,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, hard_vocab_limit=False,
    )  # fmt: skip
    (folder / "spiece.model").write_bytes(trained.getvalue())
    specials = {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    names = {"additional_special_tokens": [f"<extra_id_{i}>" for i in range(SENTINELS)]}
    (folder / "special_tokens_map.json").write_text(json.dumps(specials | names))
    told = {"tokenizer_class": "T5Tokenizer", "extra_ids": SENTINELS, "model_max_length": 300}
    (folder / "tokenizer_config.json").write_text(json.dumps(specials | names | told))
    pieces = sentencepiece.SentencePieceProcessor(model_proto=trained.getvalue())
    return pieces.get_piece_size()


def rename_class(path: Path, key: str | None) -> None:
    """`PixArtTransformer2DModel` was `Transformer2DModel` when the repository was made."""
    config = json.loads(path.read_text())
    if key:
        config[key][1] = "Transformer2DModel"
    else:
        config["_class_name"] = "Transformer2DModel"
        config |= {"num_vector_embeds": None, "double_self_attention": False}
    path.write_text(json.dumps(config))


def nitro_files(seed: int = 9) -> dict[str, bytes]:
    """amd/Nitro-1-PixArt: one file of weights."""
    weights = {name: value.contiguous() for name, value in nitro_weights(seed).items()}
    return {"README.md": b"", "pixart-sigma-nitro.safetensors": save(weights)}


def nitro_weights(seed: int = 9) -> dict[str, Tensor]:
    return tiny_pixart(seed).transformer.state_dict()


def rewrite(path: Path, change: Any) -> None:
    """Change the weights of a .safetensors file."""
    weights = change(load_file(path))
    save_file({name: value.contiguous() for name, value in weights.items()}, path, {"format": "pt"})
