"""Opening the webhooks of a service: from its settings, with its counters."""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import anyio.to_thread
from prometheus_client import CollectorRegistry, Counter, Histogram

from opsplan.access.kept import kept_secret
from opsplan.main.wiring import Ground
from opsplan.nouns import LAWS
from opsplan.settings import Settings
from opsplan.webhooks.model import WebhookOutcome
from opsplan.webhooks.sending import Limits, Resolve
from opsplan.webhooks.worker import Counts, Options, WebhookOffice, open_office

_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 600.0, 3_600.0, 86_400.0)


@asynccontextmanager
async def open_webhooks(ground: Ground, *, resolve: Resolve | None = None) -> AsyncIterator[Mapping[type[Any], Any]]:
    """Tell agencies' endpoints what happens. `resolve` gives names' addresses; the machine's resolver, when None."""
    settings = ground.settings
    options = Options(
        key=await anyio.to_thread.run_sync(_sealing_key, settings),
        limits=Limits(
            settings.webhook_seconds, settings.webhook_ports, settings.webhook_networks, settings.webhook_ca_file
        ),
        sends=settings.webhook_sends,
        disable_after=timedelta(hours=settings.webhook_disable_hours),
        kept=timedelta(days=settings.webhook_kept_days),
    )
    counts = _counts(ground.metrics.registry)
    async with open_office(
        ground.graph, ground.clock, LAWS, ground.broadcast, options, resolve=resolve, count=counts
    ) as office:
        yield {WebhookOffice: office}


def _sealing_key(settings: Settings) -> bytes:
    if settings.webhook_key is not None:
        return settings.webhook_key.encode()
    return kept_secret(settings.data_dir / "webhook-key", lambda: secrets.token_bytes(32))


def _counts(registry: CollectorRegistry) -> Counts:
    attempts = cache(
        Counter(
            "opsplan_webhook_attempts",
            "Attempts to deliver messages to webhooks, by what came of them.",
            ("outcome",),
            registry=registry,
        ).labels
    )
    seconds = Histogram(
        "opsplan_webhook_delivery_seconds",
        "How long after it was made a message to a webhook has arrived.",
        buckets=_SECONDS,
        registry=registry,
    )

    def count(outcome: WebhookOutcome, taken_s: float) -> None:
        attempts(outcome.name).inc()
        if outcome is WebhookOutcome.OK:
            seconds.observe(max(0.0, taken_s))

    return count
