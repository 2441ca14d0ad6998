"""What a server counts for Prometheus. No label holds anything that a client has written."""

from collections.abc import Callable

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)
PICTURES = (1, 2, 4, 8, 16, 32, 64)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OTHER = "other"
TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """Durations, queue, batches, and failures by class; each application has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        by_request = ("route", "method", "status")
        self._requests = self._histogram("request_seconds", "from first to last byte", by_request)
        self._drawing = self._histogram("batch_seconds", "to draw a batch")
        self._pictures = Histogram(
            "hypertransport_batch_pictures",
            "pictures in a batch",
            buckets=PICTURES,
            registry=self._registry,
        )
        self._failures = Counter(
            "hypertransport_failures",
            "errors that were answered, by their code and by the exception behind them",
            ("code", "exception"),
            registry=self._registry,
        )
        self._queue = Gauge(
            "hypertransport_queue_length", "pictures that wait", registry=self._registry
        )

    def watch(self, waiting: Callable[[], int]) -> None:
        """Ask this for the length of the queue whenever somebody looks."""
        self._queue.set_function(waiting)

    def batch(self, pictures: int, seconds: float) -> None:
        """A batch was drawn."""
        self._pictures.observe(pictures)
        self._drawing.observe(seconds)

    def request(self, route: str | None, method: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is the pattern of its path, None where there is none."""
        self._requests.labels(route or OTHER, known(method), str(status)).observe(seconds)

    def failure(self, code: str, error: Exception) -> None:
        """An error was answered."""
        self._failures.labels(code, type(error).__name__).inc()

    def page(self) -> bytes:
        """All of it in Prometheus' text format, of media type `TYPE`."""
        return generate_latest(self._registry)

    def _histogram(self, name: str, meaning: str, labels: tuple[str, ...] = ()) -> Histogram:
        return Histogram(
            f"hypertransport_{name}",
            f"seconds {meaning}",
            labels,
            buckets=SECONDS,
            registry=self._registry,
        )


def known(method: str) -> str:
    """A method of HTTP: clients may send any word for one."""
    return method if method in METHODS else OTHER
