"""A vision-language model as judge, over any endpoint that speaks OpenAI's chat completions.

Judges prefer what stands first: each pair is asked in both orders, and answers that disagree are a
tie (`votes.settle`). Each answer is on the disk before the next question: a run that is stopped, by
its budget too, goes on where it was. Needs the extra `judge`.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from openai import (
    APIConnectionError,
    AsyncOpenAI,
    BadRequestError,
    InternalServerError,
    OpenAIError,
    RateLimitError,
)

from hypertransport.errors import HyperTransportError
from hypertransport.evaluation import records
from hypertransport.evaluation.chat import RESPONSE_FORMAT, Tokens, expected, messages, read_reply
from hypertransport.evaluation.pairs import OTHER, Pair, Side
from hypertransport.evaluation.replies import is_cut_off
from hypertransport.evaluation.votes import Seen, Vote

ASKED = 3  # times, while the answers are no JSON as wanted
GIVE_UP = 5  # questions in a row without an answer
FILTERED = ("content_filter", "content_policy_violation")


class JudgeError(HyperTransportError):
    """The judges cannot be asked: no key, a wrong model, an endpoint that does not answer."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask. `timeout` is in seconds, of one try; between tries the client backs off."""

    url: str
    key: str = field(repr=False)
    parallel: int = 4
    retries: int = 5
    timeout: float = 120.0


@dataclass(frozen=True, slots=True)
class Task:
    """One question to one model: a pair in one order."""

    pair: Pair
    first: Side
    model: str


@dataclass(slots=True)
class Bill:
    """What is spent, in dollars, at a price per million tokens in and out, and the most it may be.

    What is under way counts as much as the dearest question so far, or as much as it is expected to
    take; so only the first questions, asked before any bill has come, can go beyond the limit.
    Replies without a count of tokens cost what was expected; tries without a reply cost nothing.

    Raises JudgeError for a limit without a price.
    """

    price: tuple[float, float] = (0.0, 0.0)
    limit: float = inf
    spent: float = 0.0
    pending: int = 0
    dearest: float = 0.0

    def __post_init__(self) -> None:
        if self.limit < inf and not any(self.price):
            raise JudgeError("a limit in dollars needs the price of a token; give --price too")

    def cost(self, tokens: Tokens) -> float:
        """The price of so many tokens, in dollars."""
        return (tokens.input * self.price[0] + tokens.output * self.price[1]) / 1e6

    def allows(self, tokens: Tokens) -> bool:
        """Whether one more question may be asked."""
        each = max(self.dearest, self.cost(tokens))
        return self.spent + (self.pending + 1) * each <= self.limit

    def pay(self, cost: float, before: float = 0.0) -> float:
        """Add what one reply has cost; `before` is what the question had cost until then.

        Returns what the question has cost by now.
        """
        self.spent += cost
        self.dearest = max(self.dearest, before + cost)
        return before + cost


def key_from(environment: Mapping[str, str], variable: str) -> str:
    """The key in an environment variable. Raises JudgeError where there is none."""
    key = environment.get(variable, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise JudgeError(
            f"{variable} holds no key; set it to the endpoint's key, or to any word for a server "
            "that asks for none"
        )
    return key


def open_tasks(pairs: Sequence[Pair], models: Iterable[str], votes: Iterable[Vote]) -> list[Task]:
    """All that is not answered yet: each pair, for each model, in both orders.

    Pairs are shuffled, always alike, so that the votes of a part of the work are a fair sample.
    """
    answered = {(vote.question, vote.first_method, vote.rater) for vote in votes}
    shuffled = random.Random(0).sample(pairs, len(pairs))
    return [
        Task(pair, first, model)
        for pair in shuffled
        for model in dict.fromkeys(models)
        for first in OTHER
        if (pair.question, pair.a if first == "A" else pair.b, model) not in answered
    ]


def plan(folder: Path, tasks: Sequence[Task], bill: Bill) -> str:
    """What asking `tasks` will take, in a sentence."""
    estimates = [expected(folder, task.pair) for task in tasks]
    total = Tokens(sum(t.input for t in estimates), sum(t.output for t in estimates))
    if not tasks:
        return "there is nothing to ask: every --model has answered, or none is given"
    models = ", ".join(dict.fromkeys(task.model for task in tasks))
    cost = f", about ${bill.cost(total):.2f}" if any(bill.price) else "; no --price was given"
    most = f", at most ${bill.limit:.2f}" if bill.limit < inf else ""
    return (
        f"{len(tasks)} questions to {models}: about {total.input:,} tokens in and "
        f"{total.output:,} out{cost}{most}"
    )


def ask(
    folder: Path,
    tasks: Sequence[Task],
    endpoint: Endpoint,
    votes: Path,
    bill: Bill,
    advance: Callable[[], object] = lambda: None,
) -> int:
    """Ask all tasks, or as many as the bill allows; append each vote to the file `votes`.

    Returns how many were answered. The others can be asked again by another call.

    Raises JudgeError, with all votes so far written: the endpoint refuses the key, the model or the
    pictures, or `GIVE_UP` questions in a row brought no answer after all retries.
    """
    return asyncio.run(_ask(_Asking(folder, endpoint, votes, bill, advance), tasks))


async def _ask(asking: "_Asking", tasks: Sequence[Task]) -> int:
    queue = iter(tasks)
    try:
        async with asking.client, asyncio.TaskGroup() as group:
            for _ in range(asking.endpoint.parallel):
                group.create_task(asking.work(queue))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return asking.answered


class _Asking:
    """One run: several workers that take their tasks from one queue."""

    def __init__(
        self,
        folder: Path,
        endpoint: Endpoint,
        votes: Path,
        bill: Bill,
        advance: Callable[[], object],
    ) -> None:
        self.folder, self.endpoint, self.votes = folder, endpoint, votes
        self.bill, self.advance = bill, advance
        self.answered = self.unanswered_in_a_row = 0
        self.client = AsyncOpenAI(
            base_url=endpoint.url,
            api_key=endpoint.key,
            timeout=endpoint.timeout,
            max_retries=endpoint.retries,
        )

    async def work(self, queue: Iterator[Task]) -> None:
        for task in queue:
            estimate = expected(self.folder, task.pair)
            if not self.bill.allows(estimate):
                return
            self.bill.pending += 1
            seen, problem = await self.try_hard(task, estimate)
            self.bill.pending -= 1
            self.note(task, seen, problem)
            self.advance()

    def note(self, task: Task, seen: Seen | None, problem: str) -> None:
        if seen:
            records.append(self.votes, Vote.cast(task.pair, task.first, seen, task.model))
            self.answered += 1
            self.unanswered_in_a_row = 0
            return
        self.unanswered_in_a_row += 1
        if self.unanswered_in_a_row == GIVE_UP:
            raise JudgeError(
                f"{GIVE_UP} questions in a row without an answer ({problem}); see to the endpoint, "
                "then run this again: it goes on where it stopped"
            )

    async def try_hard(self, task: Task, estimate: Tokens) -> tuple[Seen | None, str]:
        """The answer, or none and the reason; JudgeError for what no patience mends."""
        cost = 0.0
        try:
            for _ in range(ASKED):
                body = await self.request(task)
                seen, tokens = read_reply(body)
                cost = self.bill.pay(self.bill.cost(tokens or estimate), cost)
                if seen:
                    return seen, ""
                if is_cut_off(body):  # and would be again, at the same price
                    return None, f"{task.model} reached the endpoint's limit of tokens; raise it"
        except (APIConnectionError, RateLimitError, InternalServerError) as error:
            return None, self.said(error)
        except BadRequestError as error:
            if error.code in FILTERED:
                return "refused", ""
            raise JudgeError(f"the endpoint does not take it: {self.said(error)}") from None
        except OpenAIError as error:
            raise JudgeError(f"the endpoint does not take it: {self.said(error)}") from None
        return None, f"{task.model} does not answer in the JSON that it is asked for"

    async def request(self, task: Task) -> str:
        """The body of the reply to one question."""
        raw = await self.client.chat.completions.with_raw_response.create(
            model=task.model,
            messages=messages(self.folder, task.pair, task.first),
            response_format=RESPONSE_FORMAT,
        )
        return raw.text

    def said(self, error: OpenAIError) -> str:
        """What the client or the endpoint said; some endpoints repeat the key."""
        cause = f" {error.__cause__}" if isinstance(error, APIConnectionError) else ""
        return f"{error}{cause}".replace(self.endpoint.key, "***")[:300]
