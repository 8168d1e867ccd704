"""Two services of one graph, of which the second is started with other cells for what is hidden."""

from pathlib import Path
from typing import Any

import h3
import pytest

from opsplan.graph.driver import Graph
from tests.opsplan.web.conftest import OTHER, OWN
from tests.opsplan.web.processes import running_service
from tests.opsplan.web.test_claim_faults import Desk
from tests.opsplan.web.test_claims import CLAIM, CREATE

WITH_HIDING = """
import asyncio, os
from opsplan.main import serve
from opsplan.main.capabilities import HIDING
from opsplan.settings import Settings
asyncio.run(serve(Settings.from_env(os.environ), capabilities=(HIDING,)))
"""


@pytest.mark.requirement("D6")
@pytest.mark.timeout(300)
async def test_a_service_that_runs_goes_by_the_cells_that_another_one_sets(
    world: Graph, graph_server: Any, tmp_path: Path
) -> None:
    """22 km from a hidden plan: let in by cells of 17 km; told of and refused by cells of 45, by either service."""
    environment = {
        "OPSPLAN_NEO4J_URI": graph_server.uri,
        "OPSPLAN_NEO4J_USER": graph_server.user,
        "OPSPLAN_NEO4J_PASSWORD": graph_server.password,
    }
    there, mine = Desk(OWN), Desk(OTHER)
    latitude, longitude = h3.cell_to_latlng(h3.latlng_to_cell(11.56, 104.92, 4))
    hidden = {**CLAIM, "sensitivity": "POINTER", "location": {"longitude": longitude, "latitude": latitude}}
    away = {**CLAIM, "location": {"longitude": longitude + 0.2, "latitude": latitude}}
    folders = [tmp_path / name for name in ("first", "second")]
    for each in folders:
        each.mkdir()
    with running_service(folders[0], environment, WITH_HIDING) as first:
        await first.ready()
        assert (await there.ask(first, CREATE, input=hidden))["createClaim"]["__typename"] == "Claim"
        assert (await mine.ask(first, CREATE, input=away))["createClaim"]["__typename"] == "Claim"
        await mine.look(first)
        assert mine.notices == {}
        with running_service(folders[1], {**environment, "OPSPLAN_HIDING_RESOLUTION": "4"}, WITH_HIDING) as second:
            await second.ready()
            for service in (first, second):
                refused = (await mine.ask(service, CREATE, input=away))["createClaim"]
                assert refused["__typename"] == "KeysMissingError"
                # Cursors hold within one data folder.
                desk = Desk(OTHER)
                await desk.look(service)
                assert [each["key"] for each in refused["missing"]] == list(desk.notices.values())
        assert "hidden_by_other_cells" in second.text()
        # What is not set stays as it is.
    with running_service(folders[1], environment, WITH_HIDING) as third:
        await third.ready()
        assert (await mine.ask(third, CREATE, input=away))["createClaim"]["__typename"] == "KeysMissingError"
