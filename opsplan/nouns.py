"""All nouns of the service in one catalogue: the place to see, in one look, what the graph holds."""

from opsplan.comments import rules as comment_rules
from opsplan.comments.model import with_comments
from opsplan.conduct import model as conduct
from opsplan.deconfliction import model as deconfliction
from opsplan.deconfliction import rules as deconfliction_rules
from opsplan.deconfliction.service import (
    claim_footprints,
    deconflict,
    judge_anew,
    look_round,
    note_refused_probes,
    watch_capacities,
    watch_zones,
    watch_zones_of_claims,
)
from opsplan.gazetteer import model as gazetteer
from opsplan.jurisdiction import model as jurisdiction
from opsplan.jurisdiction import rules as jurisdiction_rules
from opsplan.operations import model as operations
from opsplan.operations import rules as operation_rules
from opsplan.operations.service import watch_rotas
from opsplan.orders import model as orders
from opsplan.orders.field import with_orders
from opsplan.orders.service import issue_orders
from opsplan.records.declaration import Catalogue
from opsplan.records.laws import Laws
from opsplan.records.writing.readers import keep_readers
from opsplan.scheduling import model as scheduling
from opsplan.scheduling.service.activation import guard_activation
from opsplan.scheduling.service.authority import watch_authority
from opsplan.scheduling.service.watch import watch_published_plans
from opsplan.scheduling.service.watch_hosts import watch_hosts
from opsplan.targets import model as targets
from opsplan.targets import rules as target_rules
from opsplan.webhooks import model as webhooks

CATALOGUE = Catalogue(
    with_comments(
        with_orders(
            (
                *gazetteer.NOUNS,
                *jurisdiction.NOUNS,
                *targets.NOUNS,
                *operations.NOUNS,
                *deconfliction.NOUNS,
                *scheduling.NOUNS,
                *conduct.NOUNS,
                *orders.NOUNS,
                *webhooks.NOUNS,
            )
        ),
        # The rows of a plan come and go with edits: people speak about the plan, or about the action.
        # Endpoints and what was sent to them are machinery.
        but=frozenset({"PlannedAction", "UnplacedAction", "WebhookEndpoint", "WebhookDelivery"}),
    )
)
"""Every noun, by name."""

LAWS = Laws(
    CATALOGUE,
    {
        **jurisdiction_rules.RULES,
        **target_rules.RULES,
        **operation_rules.RULES,
        **deconfliction_rules.RULES,
        **comment_rules.RULES,
    },
    (
        keep_readers,
        watch_rotas,
        watch_published_plans,
        watch_hosts,
        issue_orders,
        claim_footprints,
        # What is shown of claims to whoever is asked for a release comes before their conflicts are told.
        watch_zones,
        deconflict,
        watch_zones_of_claims,
        judge_anew,
        watch_capacities,
        watch_authority,
        guard_activation,
    ),
    (look_round,),
    note_refused_probes,
    frozenset({"Claim"}),
)
"""The catalogue with the capabilities' rules and what follows from each write: what every write takes."""
