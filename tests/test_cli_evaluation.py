"""The commands that judge: `judge`, `study serve` and `study report`."""

import json
import os
import signal
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from chat_server import KEY, answer, ideal, serving
from PIL import Image
from starlette.testclient import TestClient

from hypertransport import cli, evaluation
from hypertransport.evaluation import records, study
from hypertransport.evaluation.answers import Answers
from hypertransport.evaluation.pairs import Pair, read_pairs, write_pairs
from hypertransport.evaluation.votes import Vote
from hypertransport.extras import install_line
from hypertransport.locking import one_writer
from hypertransport.trusted_hosts import TrustedHosts

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture
def folder(tmp_path):
    """Two methods on two concepts: the first method's picture is red, the second's is green."""
    for name, colour in (("a", "red"), ("b", "green")):
        Image.new("RGB", (24, 24), colour).save(tmp_path / f"{name}.png")
    write_pairs(
        tmp_path,
        [Pair(c, "a bouquet", 0, "ours", "theirs", "a.png", "b.png") for c in ("snow", "ice")],
    )
    return tmp_path


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("MY_KEY", KEY)
    return "--key-variable=MY_KEY"


def judge(folder, server, *arguments):
    return cli.main(["judge", f"{folder}", "--model", "one", "--base-url", server.url, *arguments])


def failed(capsys, *arguments) -> str:
    assert cli.main([f"{argument}" for argument in arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


# --- judge


def test_judge_shows_the_cost_asks_and_reports(folder, key, capsys):
    with serving(ideal) as server:
        assert judge(folder, server, key, "--price=1,10", "--max-cost=1") == 0
    out, err = capsys.readouterr()
    assert err.startswith("4 questions to one: about ")
    assert "4 of 4 answered for about $0.00" in err
    assert out.splitlines()[0] == f"{folder / 'votes.jsonl'}"
    assert "one: 4 votes by 1 rater on 2 questions about 2 concepts" in out
    assert "ours over theirs: 2 wins, 0 ties, 0 losses, 0 refused" in out
    assert KEY not in out + err


def test_judge_goes_on_where_it_was(folder, key, capsys):
    with serving(ideal) as server:
        assert judge(folder, server, key, "--max-questions=2") == 0
        assert judge(folder, server, key) == 0
        assert len(server.requests) == 4
        capsys.readouterr()
        assert judge(folder, server) == 0  # nothing left to ask, so no key is needed
    out, err = capsys.readouterr()
    assert err.startswith("there is nothing to ask: every --model has answered")
    assert "2 wins" in out


def test_two_judges_of_one_file_of_votes_are_refused_before_anything_is_asked(folder, key, capsys):
    with one_writer(folder / "votes.jsonl"):
        assert "another process is writing" in failed(capsys, "judge", f"{folder}", "--model=one")
    assert not (folder / "votes.jsonl").exists()


def test_judge_reports_only_pairs_seen_in_both_orders(folder, key, capsys):
    with serving(ideal) as server:
        assert judge(folder, server, key, "--max-questions=1") == 0
    assert "no votes yet" in capsys.readouterr().out
    assert len(records.read(folder / "votes.jsonl", Vote)) == 1


def test_a_dry_run_asks_nothing_and_needs_no_key(folder, capsys):
    with serving(ideal) as server:
        assert judge(folder, server, "--model=two", "--dry-run", "--price=1,1") == 0
        assert server.requests == []
    out, err = capsys.readouterr()
    assert err.startswith("8 questions to one, two: about ")
    assert out == "no votes yet\n"
    assert not (folder / "votes.jsonl").exists()


def test_several_judges_are_reported_one_by_one(folder, key, capsys):
    def behave(request, number):
        return answer("second") if request["model"] == "two" else ideal(request, number)

    with serving(behave) as server:
        assert judge(folder, server, key, "--model=two", f"--votes={folder / 'mine.jsonl'}") == 0
    out = capsys.readouterr().out
    assert "one: 4 votes" in out
    assert "two: 4 votes" in out
    assert "all: 8 votes by 2 raters" in out
    assert "0 wins, 2 ties" in out


def test_judge_says_in_a_line_what_is_wrong(folder, capsys):
    ask = ["judge", folder, "--model=one"]
    assert "--price" in failed(capsys, *ask, "--max-cost=1")
    assert "pairs.jsonl" in failed(capsys, "judge", folder / "none", "--model=one")


@pytest.mark.parametrize(
    "argument",
    ["--base-url=localhost", "--price=1", "--price=a,b", "--price=-1,1", "--price=nan,1",
     "--max-cost=0", "--max-cost=x", "--max-questions=-1", "--parallel=0", "--timeout=inf"],
)  # fmt: skip
def test_odd_arguments_of_judge_are_refused(folder, capsys, argument):
    with pytest.raises(SystemExit) as exit:
        cli.main(["judge", f"{folder}", "--model=one", argument])
    assert exit.value.code == 2
    assert argument.split("=")[0] in capsys.readouterr().err


def test_judge_without_a_key_says_what_it_would_have_asked(folder, capsys):
    assert cli.main(["judge", f"{folder}", "--model=one", "--key-variable=NO_KEY"]) == 2
    plan, told = capsys.readouterr().err.splitlines()
    assert plan.startswith("4 questions")
    assert "NO_KEY" in told


def test_a_missing_extra_is_named(folder, capsys, monkeypatch):
    monkeypatch.delattr(evaluation, "judge", raising=False)
    monkeypatch.delitem(sys.modules, "hypertransport.evaluation.judge", raising=False)
    monkeypatch.setitem(sys.modules, "openai", None)
    assert install_line("judge") in failed(capsys, "judge", folder, "--model=one")


# --- study


@pytest.fixture
def server(folder):
    """The command `study serve`, and its address."""
    command = [sys.executable, "-m", "hypertransport.cli", "study", "serve", folder, "--port=0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [f"{part}" for part in command], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        process.address = process.stdout.readline().strip()
        yield process
        process.kill()


def sent(address, value=None):
    data = None if value is None else json.dumps(value).encode()
    headers = {"Content-Type": "application/json"} if data else {}
    with urlopen(Request(address, data, headers), timeout=60) as reply:
        return json.loads(reply.read())


def test_study_serves_and_reports_and_serves_again(folder, server, capsys):
    rater = f"{server.address}api/raters"
    rater = f"{rater}/{sent(rater, {})['token']}"
    for position in range(3):
        assert sent(f"{rater}/answers", {"position": position, "seen": "first"})
    assert sent(rater) == {"answered": 3, "position": None, "total": 3}
    with pytest.raises(HTTPError, match="404"):
        sent(f"{server.address}api/raters/guess")

    votes = folder / "votes.jsonl"
    assert cli.main(["study", "report", f"{folder}", f"--votes={votes}"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == f"{votes}"
    assert "2 votes by 1 rater on 2 questions about 2 concepts" in out
    assert all(vote.answer == vote.first for vote in records.read(votes, Vote))
    assert "another name" in failed(capsys, "study", "report", folder, f"--votes={votes}")
    assert len(records.read(votes, Vote)) == 2

    server.send_signal(signal.SIGINT)
    assert server.wait(60) in (0, 130)


def test_study_serve_prints_invitations_and_answers_no_other_host(folder, monkeypatch, capsys):
    """The application as the command makes it, without the server around it."""
    served = {}

    def serve(app, host, port, allowed, announce):
        announce("http://127.0.0.1:8000/")
        served["app"] = study.guarded(app, TrustedHosts(allowed, host))

    monkeypatch.setattr(study, "serve", serve)
    options = ["--invite=2", "--address=https://study.example.org/a", "--allow-host=b.example"]
    assert cli.main(["study", "serve", f"{folder}", *options, "--completion=C0DE"]) == 0
    first, *links = capsys.readouterr().out.splitlines()
    assert first == "http://127.0.0.1:8000/"
    assert [link.split("#")[0] for link in links] == ["https://study.example.org/a/"] * 2
    codes = [link.split("#invite=")[1] for link in links]
    with TestClient(served["app"], base_url="https://study.example.org") as client:
        reply = client.post("/api/raters", json={"invitation": codes[0]})
        assert reply.status_code == 201
        assert client.post("/api/raters", json={}).status_code == 403
        statuses = {
            host: client.get("/", headers={"Host": host}).status_code
            for host in ("b.example", "127.0.0.1:8000", "evil.example")
        }
    assert statuses == {"b.example": 200, "127.0.0.1:8000": 200, "evil.example": 421}


def test_study_serve_warns_of_pictures_of_two_sizes(folder, monkeypatch, capsys):
    monkeypatch.setattr(study, "serve", lambda *arguments: None)
    Image.new("RGB", (25, 24), "red").save(folder / "a.png")
    assert cli.main(["study", "serve", f"{folder}"]) == 0
    assert "warning: 2 pairs have pictures of two sizes" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argument",
    ["--invite=-1", "--address=study.example.org", "--address=http://", "--address=http://x/#y",
     "--max-raters=x", "--per-address=-1", "--allow-host=http://x"],
)  # fmt: skip
def test_odd_arguments_of_study_serve_are_refused(folder, capsys, argument):
    try:
        code = cli.main(["study", "serve", f"{folder}", argument])
    except SystemExit as exit:
        code = exit.code
    assert code == 2
    assert argument.split("=")[0] in capsys.readouterr().err


def test_the_report_tells_how_people_answered(folder, capsys):
    answers = Answers.create(folder / "study.sqlite", read_pairs(folder))
    for seen in ("first", "tie"):
        token = answers.enrol()
        for position in range(3):
            answers.record(token, position, seen)
    options = ["--allowed-failures=9", "--votes-per-rater=1", "--raters"]
    assert cli.main(["study", "report", f"{folder}", *options]) == 0
    out = capsys.readouterr().out
    assert "2 votes by 2 raters" in out
    assert "2 people answered, 0 of them by invitation" in out
    assert "enrolment was open" in out
    assert [line.split()[:2] for line in out.splitlines()[-2:]] == [["rater", "1"], ["rater", "2"]]


def test_the_report_leaves_out_who_did_not_look(folder, capsys):
    answers = Answers.create(folder / "study.sqlite", read_pairs(folder))
    for _ in range(2):
        token = answers.enrol()
        for position in range(3):
            answers.record(token, position, "tie")
    assert cli.main(["study", "report", f"{folder}", "--allowed-failures=0"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("no votes yet\n")
    assert err == "left out for failed attention checks: 2\n"


def test_study_says_in_a_line_what_is_wrong(folder, capsys):
    assert "study serve" in failed(capsys, "study", "report", folder)
    assert "pairs.jsonl" in failed(capsys, "study", "serve", folder / "none")
    taken = failed(capsys, "study", "serve", folder, "--host=192.0.2.1", "--port=9")
    assert "--port" in taken
    write_pairs(folder, read_pairs(folder)[:1])
    assert "other pairs" in failed(capsys, "study", "serve", folder)
