"""What is longer than an encoder reads, and who is told so."""

import warnings
from threading import Thread

import pytest
import torch
from families import FAMILIES, Family
from pipelines import save_steerable, tiny_clip
from torch.utils._pytree import tree_flatten
from transformers.models.byt5.tokenization_byt5 import ByT5Tokenizer

from hypertransport import cli, truncation
from hypertransport.concepts import Words, as_concept
from hypertransport.encoders import ConceptEncoder
from hypertransport.truncation import TextLimit, TruncationWarning, collecting, report

KNOWN = ("Stable Diffusion XL", "Stable Diffusion 3.5", "FLUX.1", "PixArt-Sigma", "Sana", "Z-Image")
SOME = [family for family in FAMILIES if family.name in KNOWN]
MANY = 40


@pytest.fixture(scope="module")
def encoder() -> ConceptEncoder:
    return ConceptEncoder(*tiny_clip(), id="tiny")


def same(a: object, b: object) -> bool:
    """Whether all tensors within are equal."""
    first, second = tree_flatten(a)[0], tree_flatten(b)[0]
    return all(
        torch.equal(x, y) if isinstance(x, torch.Tensor) else x == y
        for x, y in zip(first, second, strict=True)
    )


# diffusers 0.42 hands numpy a tensor in DPMSolverMultistepScheduler.set_timesteps.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("family", SOME, ids=lambda family: family.name)
def test_a_prompt_is_cut_off_just_where_its_end_changes_nothing(family: Family):
    """Whatever the family's tokenizers are, and however many."""
    generator = family.generator()
    words = next(n for n in range(MANY) if generator.truncations(["c " * n + "a"]))

    def end_matters(words: int) -> bool:
        with collecting():
            ends = [generator.record_inputs("c " * words + end, 0) for end in "ab"]
        return not same(*ends)

    assert end_matters(words - 1)
    assert not end_matters(words)


@pytest.mark.parametrize("option", ["negative_prompt", "prompt_2"])
def test_other_texts_of_a_call_are_looked_at_too(option):
    generator = SOME[0].generator()
    (told,) = generator.truncations(["a cat"], {option: "a dog " * MANY})
    assert "'a dog a dog" in told
    with pytest.warns(TruncationWarning, match="a dog"):
        generator("a cat", **{option: "a dog " * MANY})


def test_a_concept_is_cut_off_just_where_its_end_changes_nothing(encoder):
    words = next(n for n in range(MANY) if encoder.truncations([Words("c " * n + "a")]))
    with collecting() as told:
        a, b, c, d = encoder.encode(["c " * n + end for n in (words, words - 1) for end in "ab"])
    assert a.equal(b)
    assert not c.equal(d)
    assert len(told) == 2


def test_the_sentence_says_what_is_left_out(encoder):
    text = "red " * 20 + "navy"
    (told,) = encoder.truncations([as_concept({text: 1.0, "a": 0.5})])
    found = TextLimit(encoder.tokenizer, 16).truncation(text)
    assert found is not None
    assert text.endswith(found.left_out)
    assert len(encoder.tokenizer(text)["input_ids"]) == found.tokens
    assert told.startswith("'red red ")
    assert f"of its {found.tokens} tokens 16 are read, " in told
    assert told.endswith("navy' is left out")
    assert encoder.truncations([as_concept("red hat")]) == []


def test_a_slow_tokenizer_tells_as_well():
    limit = TextLimit(ByT5Tokenizer(), 20)
    assert limit.truncation("a" * 19) is None
    assert limit.truncation("a" * 19 + "bc") == (22, 20, "bc")


def test_counting_leaves_the_tokenizer_as_it_is(encoder):
    before = encoder.tokenizer.backend_tokenizer.to_str()
    assert TextLimit(encoder.tokenizer, 16).truncation("red " * 40)
    assert encoder.tokenizer.backend_tokenizer.to_str() == before


def test_tokens_that_are_added_count(encoder):
    tokenizer = tiny_clip()[1]
    limit = TextLimit(tokenizer, 16)
    assert limit.truncation("navyblue " * 12) is not None
    tokenizer.add_tokens("navyblue")
    assert limit.truncation("navyblue " * 12) is None


def test_each_text_is_said_once_and_no_more_than_some_are_remembered(monkeypatch):
    monkeypatch.setattr(truncation, "_said", {})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        report(["a", "b", "a"])
        assert [str(one.message) for one in caught] == ["a", "b"]
        report(map(str, range(3 * truncation.SENTENCES)))
    assert len(truncation._said) <= truncation.SENTENCES + 2


def test_what_is_collected_is_not_warned_of_and_other_threads_are_not_asked():
    def other() -> None:
        with pytest.warns(TruncationWarning, match="other"):
            report(["other"])

    with collecting() as told:
        report(["mine"])
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert told == ["mine"]
    with pytest.warns(TruncationWarning, match="after"):
        report(["after"])


def test_the_command_line_says_it_once_for_each_text(tmp_path, capsys):
    save_steerable(tmp_path)
    model = ["--weights", f"{tmp_path}/generator", "--hypernetwork", f"{tmp_path}/hyper"]
    long, out = "red " * 40, ["--out", f"{tmp_path}/a.png", "-n", "2", "--strengths=0,1"]
    assert cli.main(["steer", long + "door", "--concept", long + "hat", *out, *model]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "cut off" in line]
    assert len(told) == 2
    assert all(line.startswith("hypertransport: warning: 'red red") for line in told)
    path = tmp_path / "many.csv"
    path.write_text(f"prompt,concept\n{long}door,hat\n{long}door,sun\n", encoding="utf-8")
    assert cli.main(["generate-many", str(path), "--out", f"{tmp_path}/many", *model]) == 0
    (line,) = (line for line in capsys.readouterr().err.splitlines() if "cut off" in line)
    assert "door' is left out" in line
