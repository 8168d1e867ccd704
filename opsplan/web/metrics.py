"""What is counted, for Prometheus. No label holds anything that a caller can choose; an agency is that of its token."""

import threading
from functools import cache
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from opsplan.vocabulary.errors import SetupError
from opsplan.vocabulary.sentences import say

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """The service's counters; each process has its own.

    Those with labels are called with them: looked up anew for each request, they would cost it more than its log line.
    Other rooms add theirs to `registry`.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = cache(
            Counter(
                "opsplan_requests",
                "HTTP requests answered, by route and status.",
                ("route", "status"),
                registry=self.registry,
            ).labels
        )
        self.operations = cache(
            Counter(
                "opsplan_operations",
                "GraphQL operations, by kind and by whether they had errors.",
                ("kind", "errors"),
                registry=self.registry,
            ).labels
        )
        self.documents = cache(
            Counter(
                "opsplan_documents",
                "Requests by how they named their document: a trusted one by_id or by_text, an other one, or refused.",
                ("named",),
                registry=self.registry,
            ).labels
        )
        self.deprecated_uses = cache(
            Counter(
                "opsplan_deprecated_uses",
                "Operations whose document uses what is deprecated, by agency and the element's coordinate.",
                ("agency", "element"),
                registry=self.registry,
            ).labels
        )
        self.seconds = cache(
            Histogram(
                "opsplan_operation_seconds",
                "How long GraphQL queries and mutations took.",
                ("kind",),
                buckets=_SECONDS,
                registry=self.registry,
            ).labels
        )
        self.under_way = cache(
            Gauge(
                "opsplan_operations_under_way",
                "GraphQL queries and mutations under way or waiting for a place, ordinary and urgent.",
                ("share",),
                registry=self.registry,
            ).labels
        )
        self.cost = cache(
            Counter(
                "opsplan_cost",
                "Cost charged to agencies, by kind of operation, ordinary and urgent.",
                ("kind", "share"),
                registry=self.registry,
            ).labels
        )
        self.rate_limited = cache(
            Counter(
                "opsplan_rate_limited",
                "Operations refused because of what their agency may use: its budget, or operations at once.",
                ("over", "share"),
                registry=self.registry,
            ).labels
        )
        self.sockets = Gauge("opsplan_sockets", "Open WebSockets.", registry=self.registry)
        self.subscriptions = Gauge("opsplan_subscriptions", "Subscriptions under way.", registry=self.registry)


class MetricsServer:
    """Serves the counters on a port of its own, on loopback, apart from the API."""

    def __init__(self, server: WSGIServer, thread: threading.Thread) -> None:
        self._server = server
        self._thread = thread

    @classmethod
    def start(cls, metrics: Metrics, port: int) -> "MetricsServer":
        """Begin to serve.

        Raises
        ------
        SetupError
            If the port is taken.
        """
        try:
            server, thread = start_http_server(port, addr="127.0.0.1", registry=metrics.registry)
        except OSError as failure:
            raise SetupError(
                say("The metrics cannot be served on port {port}: {strerror}.", port=port, strerror=failure.strerror),
                field="OPSPLAN_METRICS_PORT",
                value=port,
                remedy=say("name a free port, or leave it unset"),
            ) from failure
        return cls(server, thread)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)

    def stop(self) -> None:
        """Stop serving and wait for the thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
