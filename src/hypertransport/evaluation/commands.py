"""The commands that evaluate; the rest of them are in `hypertransport.cli`."""

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hypertransport.evaluation.evaluate_arguments import TABLE
from hypertransport.extras import extra
from hypertransport.replacing import replacing
from hypertransport.terminal import progress, quiet, warn

if TYPE_CHECKING:
    from hypertransport.evaluation.pairs import Pair


def evaluate(chosen: argparse.Namespace) -> None:
    """Draw and score what a configuration asks for and the table lacks, and print its path."""
    from hypertransport.evaluation import benchmark, table
    from hypertransport.evaluation.config import EvaluationConfig
    from hypertransport.locking import one_writer
    from hypertransport.strips import check_folder

    config = EvaluationConfig.load(chosen.config) if chosen.config else EvaluationConfig()
    index, count = shard = table.Shard(*chosen.shard)
    path = chosen.out or Path(f"evaluation-{index}-of-{count}.jsonl" if count > 1 else TABLE)
    check_folder(path.parent)
    entries = benchmark.concepts(config)
    with one_writer(path):
        done = table.resume(path, config)
        cells = table.plan(config, shard.of(entries))
        if missing := sum(cell not in done for cell in cells):
            with progress(f"loading {config.generator}", missing) as bar:
                quiet()
                loaded = benchmark.Benchmark.load(config, entries)
                bar.set_description("scoring")
                loaded.run(cells, path, bar.update, done)
    print(path)


def report(chosen: argparse.Namespace) -> None:
    """Write what tables amount to as a page, and print the same in Markdown."""
    from hypertransport.evaluation import page, table
    from hypertransport.evaluation.figures import analyse
    from hypertransport.strips import check_folder

    check_folder(chosen.out.parent)
    rows = table.read(chosen.tables)
    figures = analyse(rows)
    with replacing(chosen.out) as partial:
        partial.write_text(page.html(figures, rows, chosen.tables), encoding="utf-8")
    print(page.markdown(figures))
    print(f"the page: {chosen.out}", file=sys.stderr)


def judge(chosen: argparse.Namespace) -> None:
    """Ask vision models what they have not answered yet, and print what all votes amount to."""
    with extra("judge"):
        from hypertransport.evaluation import judge  # noqa: F401 before anything is read
    from hypertransport.evaluation import pairs, report, votes
    from hypertransport.locking import one_writer

    path = chosen.votes or chosen.folder / "votes.jsonl"
    known = pairs.read_pairs(chosen.folder)
    with nullcontext() if chosen.dry_run else one_writer(path):
        _ask(chosen, known, path)
    print(report.text_by_rater(votes.complete(votes.resume(path))))


def _ask(chosen: argparse.Namespace, known: "Sequence[Pair]", path: Path) -> None:
    """Ask what the votes in `path` do not answer, and say on stderr what it takes."""
    from hypertransport.evaluation import judge as judging
    from hypertransport.evaluation import votes

    tasks = judging.open_tasks(known, chosen.models, votes.resume(path))[: chosen.max_questions]
    bill = judging.Bill(chosen.price, chosen.max_cost)
    print(judging.plan(chosen.folder, tasks, bill), file=sys.stderr)
    if tasks and not chosen.dry_run:
        key = judging.key_from(os.environ, chosen.key_variable)
        endpoint = judging.Endpoint(chosen.base_url, key, chosen.parallel, timeout=chosen.timeout)
        with progress("asking", len(tasks), "question") as bar:
            answered = judging.ask(chosen.folder, tasks, endpoint, path, bill, bar.update)
        spent = f" for about ${bill.spent:.2f}" if any(bill.price) else ""
        print(f"{answered} of {len(tasks)} answered{spent}", file=sys.stderr)
        print(path)


def study_serve(chosen: argparse.Namespace) -> None:
    """Print the address and new invitations, and serve the page of a study until Ctrl-C."""
    with extra("study"):
        from hypertransport.evaluation import study
    from hypertransport.evaluation import pairs
    from hypertransport.evaluation.answers import Answers

    known = pairs.read_pairs(chosen.folder)
    if unequal := pairs.of_unequal_sizes(chosen.folder, known):
        warn(f"{unequal} pairs have pictures of two sizes, which may tell the methods apart")
    answers = Answers.create(
        _database(chosen), known, chosen.questions, chosen.check_every, chosen.max_raters
    )

    def announce(address: str) -> None:
        print(address)
        for code in answers.invite(chosen.invite):
            print(f"{chosen.address or address}#invite={code}")
        sys.stdout.flush()

    app = study.application(chosen.folder, answers, chosen.per_address, chosen.completion)
    names = [name for name in (*chosen.allow_host, _host(chosen.address)) if name]
    study.serve(app, chosen.host, chosen.port, names, announce)


def study_report(chosen: argparse.Namespace) -> None:
    """Print what the answers of a study amount to, and how people answered."""
    from hypertransport.evaluation import raters, records, report
    from hypertransport.evaluation.answers import Answers

    if chosen.votes and chosen.votes.exists():
        raise records.RecordError(f"{chosen.votes} is there already; give --votes another name")
    answers = Answers.open(_database(chosen))
    votes, left_out = answers.votes(chosen.allowed_failures, chosen.votes_per_rater)
    if left_out:
        print(f"left out for failed attention checks: {left_out}", file=sys.stderr)
    if chosen.votes:
        records.write(chosen.votes, votes)
        print(chosen.votes)
    print(report.text(report.analyse(votes)))
    if conduct := answers.conduct():
        print(f"\n{raters.text(raters.describe(conduct, votes), every=chosen.raters)}")


def _host(address: str | None) -> str | None:
    return urlsplit(address).hostname if address else None


def _database(chosen: argparse.Namespace) -> Path:
    return chosen.database or chosen.folder / "study.sqlite"
