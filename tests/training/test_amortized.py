import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from hypertransport.errors import CheckpointError, OutputError, TrainingError
from hypertransport.hypernetwork import HyperTransport
from hypertransport.hypernetwork_files import CONFIG, TABLES, WEIGHTS
from hypertransport.locking import one_writer
from hypertransport.training import amortized
from hypertransport.training.amortized import make_network, train, train_step
from hypertransport.training.problem import Problem

STEPS = 6
FILES = CONFIG, WEIGHTS, TABLES
SOURCE = str(Path(amortized.__file__).parents[2])
KILLED = """
import os, pathlib, signal, sys
import torch
from hypertransport.training import amortized

def dying(network, material, step):
    if step == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    loss = original(network, material, step)
    print(step, loss.item().hex(), flush=True)
    return loss

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
original, amortized.train_step, amortized.SAVE_EVERY = amortized.train_step, dying, 2
amortized.train(pathlib.Path(sys.argv[1]))
"""


class Losses(dict):
    """Loss of every step by its number, and what is to happen in which step."""

    def __init__(self, monkeypatch):
        super().__init__()
        self.events = {}
        self.step = -1
        monkeypatch.setattr(amortized, "train_step", self.watch(train_step))
        monkeypatch.setattr(amortized, "update", self.disturb(amortized.update))

    def watch(self, original):
        def watched(network, material, step):
            self.step = step
            loss = original(network, material, step)
            self.happen("step")
            self[step] = loss.item().hex()
            return loss

        return watched

    def disturb(self, original):
        def disturbed(*args):
            self.happen("update")
            original(*args)

        return disturbed

    def happen(self, where):
        event = self.events.pop((where, self.step), None)
        if event:
            event()


@pytest.fixture
def losses(monkeypatch):
    monkeypatch.setattr(amortized, "SAVE_EVERY", 2)
    return Losses(monkeypatch)


def saved_step(folder) -> int:
    with safe_open(folder / "out" / "checkpoint.safetensors", "pt") as file:
        return int(file.metadata()["step"])


@pytest.fixture(scope="module")
def whole(workplace, pictures):
    """An uninterrupted training with all that there is: losses, record, and its folder."""
    path = workplace(steps=STEPS, pictures=str(pictures), embedding_noise=0.1, bfloat16=True)
    with pytest.MonkeyPatch.context() as patch:
        losses = Losses(patch)
        train(path)
    return dict(losses), path


@pytest.fixture
def again(whole, tmp_path):
    """The same training with its targets made, but not a step taken."""
    folder = shutil.copytree(whole[1].parent, tmp_path / "again")
    for file in ("checkpoint.safetensors", "record.jsonl"):
        (folder / "out" / file).unlink()
    shutil.rmtree(folder / "out" / "model")
    return folder / "train.toml"


def assert_same(whole, path):
    """Weights, moments and record equal those of the training that was not stopped."""
    outs = [p.parent / "out" for p in (whole[1], path)]
    one, other = (load_file(out / "checkpoint.safetensors") for out in outs)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert len({(out / "record.jsonl").read_text() for out in outs}) == 1
    assert len({(out / "model" / "model.safetensors").read_bytes() for out in outs}) == 1


def test_a_training_killed_at_any_moment_goes_on_bit_for_bit(whole, again, losses):
    command = [sys.executable, "-c", KILLED, str(again), "5"]
    environment = os.environ | {"TQDM_DISABLE": "1", "PYTHONPATH": SOURCE}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    seen = [line.split() for line in done.stdout.splitlines() if line[0].isdigit()]
    assert {int(step): loss for step, loss in seen} == {k: whole[0][k] for k in range(5)}
    assert saved_step(again.parent) == 4
    train(again, resume=True)
    assert losses == {k: whole[0][k] for k in (4, 5)}
    assert_same(whole, again)


@pytest.mark.parametrize(
    ("where", "step", "error", "saved"),
    [
        ("step", 3, KeyboardInterrupt, 3),  # saved at once
        ("update", 3, KeyboardInterrupt, 4),  # an update is never left half done
        ("step", 3, ZeroDivisionError, 2),  # the last of every two steps
        ("step", 1, ZeroDivisionError, 0),  # the warm start
    ],
)
def test_an_interrupted_training_goes_on_bit_for_bit(
    whole, again, losses, where, step, error, saved
):
    def interrupt():
        if error is KeyboardInterrupt:
            signal.raise_signal(signal.SIGINT)
        else:
            raise error

    losses.events[where, step] = interrupt
    with pytest.raises(error):
        train(again)
    assert saved_step(again.parent) == saved
    train(again, resume=True)
    assert losses == whole[0]
    assert_same(whole, again)


def test_a_cost_that_is_no_number_ends_a_training_and_spoils_no_checkpoint(
    whole, again, losses, monkeypatch
):
    cost = Problem.cost
    with monkeypatch.context() as patch:
        patch.setattr(
            Problem, "cost", lambda *x: cost(*x) * (float("nan") if losses.step == 3 else 1)
        )
        with pytest.raises(TrainingError, match="no finite number"):
            train(again)
    assert saved_step(again.parent) == 2
    train(again, resume=True)
    assert_same(whole, again)


def test_a_finished_training_resumes_to_itself(whole, tmp_path, losses):
    path = shutil.copytree(whole[1].parent, tmp_path / "copy") / "train.toml"
    train(path, resume=True)
    assert losses == {}
    assert_same(whole, path)


def test_the_result_is_a_hypernetwork_and_a_record(whole, again):
    out = whole[1].parent / "out"
    hyper = HyperTransport.from_pretrained(out / "model")
    assert hyper.generator == "emojiscape-pixart"
    assert hyper.about.generator_revision.startswith("sha256:")
    assert hyper.novelty(["hat", "oil"]).max() < 0.1 < hyper.novelty(["fox"]).item()
    assert hyper(["hat", "fox"]).rows == 2
    assert not hyper("hat").equals(hyper("fox"))
    record = [json.loads(line) for line in (out / "record.jsonl").read_text().splitlines()]
    assert [line["step"] for line in record] == [0, 4, 6]
    for split in ("train", "validation"):
        figures = {"identity", "words", "pictures", "floor", "closed"}
        assert record[-1][split].keys() == figures
    assert hyper.about.record.costs == {s: record[-1][s] for s in ("train", "validation")}


def test_a_record_that_ends_within_a_line_is_mended(whole, tmp_path):
    path = shutil.copytree(whole[1].parent, tmp_path / "torn") / "train.toml"
    with (path.parent / "out" / "record.jsonl").open("a") as file:
        file.write('{"step": 6, "tra')
    train(path, resume=True)
    assert_same(whole, path)


def test_two_trainings_into_one_folder_are_refused(whole, again):
    for path, resume in ((whole[1], True), (again, False)):
        checkpoint = path.parent / "out" / "checkpoint.safetensors"
        with one_writer(checkpoint), pytest.raises(OutputError, match="another process is writing"):
            train(path, resume=resume)
    assert not (again.parent / "out" / "checkpoint.safetensors").exists()


def test_all_files_of_a_training_are_as_open_as_the_umask_says_and_nothing_is_left(whole, again):
    child = os.fork()
    if not child:
        os.umask(0o026)
        train(again)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    out = again.parent / "out"
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    model = {f"model/{name}" for name in (*FILES, "README.md")}
    made = {"checkpoint.safetensors", "record.jsonl"} | model
    assert names == made | {"targets.safetensors", "floor.safetensors"}
    assert {(out / name).stat().st_mode & 0o777 for name in made} == {0o640}


def test_training_over_another_one_or_resuming_none_is_refused(whole, again):
    with pytest.raises(CheckpointError, match="holds a training; give --resume"):
        train(whole[1])
    with pytest.raises(CheckpointError, match="train without --resume first"):
        train(again, resume=True)


def test_a_checkpoint_of_another_network_or_a_damaged_one_is_refused(whole, again):
    checkpoint = again.parent / "out" / "checkpoint.safetensors"
    shutil.copy(whole[1].parent / "out" / "checkpoint.safetensors", checkpoint)
    again.write_text(again.read_text().replace("\nwidth = 8\n", "\nwidth = 12\n"))
    with pytest.raises(CheckpointError, match="another model"):
        train(again, resume=True)
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match="damaged"):
        train(again, resume=True)


# --- the parts ------------------------------------------------------------------------------------


def test_networks_and_losses_are_functions_of_the_seed(material):
    torch.manual_seed(1)
    state = torch.get_rng_state()
    one = make_network(material)
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(2)
    other = make_network(material)
    assert all(map(torch.equal, one.state_dict().values(), other.state_dict().values()))
    losses = [train_step(one, material, step).item() for step in range(5)]
    assert losses == [train_step(other, material, step).item() for step in range(5)]
    assert len(set(losses)) > 1


def test_a_step_is_no_function_of_the_gradients_before_it(material):
    network = make_network(material)
    train_step(network, material, 3)
    alone = [p.grad.clone() for p in network.parameters() if p.grad is not None]
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    train_step(network, material, 3)
    after = [p.grad for p in network.parameters() if p.grad is not None]
    assert len(alone) == len(after)
    assert all(map(torch.equal, alone, after))


def test_steps_on_one_batch_lower_its_cost(material):
    network = make_network(material)
    optimizer = torch.optim.AdamW(network.parameters(), 1e-3)
    losses = []
    for _ in range(9):
        losses.append(train_step(network, material, 0))
        optimizer.step()
        optimizer.zero_grad()
    assert losses[-1] < 0.9 * losses[0]


def test_a_step_in_parts_has_the_loss_and_gradients_of_the_whole(load):
    results = []
    for accumulation in (1, 3):
        material = load(accumulation=accumulation, concepts_per_step=4)
        network = make_network(material)
        loss = train_step(network, material, 0)
        results.append((loss, [p.grad for p in network.parameters()]))
    (loss, whole), (other, parts) = results
    torch.testing.assert_close(loss, other)
    assert any(gradient.any() for gradient in whole)
    torch.testing.assert_close(whole, parts, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("warm_start_steps", [0, 2])
def test_a_training_without_steps_ends_where_it_starts(workplace, warm_start_steps):
    network = train(workplace(steps=0, warm_start_steps=warm_start_steps)).network
    for parameters in (network.linear.up.parameters(), network.heads.parameters()):
        assert any(p.any() for p in parameters) == bool(warm_start_steps)


def test_a_training_goes_on_from_another_one(whole, workplace):
    model = whole[1].parent / "out" / "model"
    begun = train(workplace(steps=0, start=str(model)))
    assert begun("hat").equals(HyperTransport.from_pretrained(model)("hat"))
    further = train(workplace(steps=1, start=str(model)))
    assert not further("hat").equals(begun("hat"))
    assert [hyper.about.record.steps for hyper in (begun, further)] == [STEPS, STEPS + 1]


def test_a_training_from_a_hypernetwork_of_another_shape_or_none_is_refused(whole, workplace):
    model = whole[1].parent / "out" / "model"
    with pytest.raises(CheckpointError, match="has another rank, width; ask for what it has"):
        train(workplace(start=str(model), rank=3, width=12))
    with pytest.raises(CheckpointError, match="no-such-folder"):
        train(workplace(start="no-such-folder"))


def test_without_a_rank_there_is_a_network_alone(workplace):
    config = workplace(rank=0, steps=1)
    hyper = train(config)
    assert hyper.network.linear is None
    assert any(p.any() for p in hyper.network.heads.parameters())
