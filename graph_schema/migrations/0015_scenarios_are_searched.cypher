// Why: what-ifs are found by their owner.
// Owner: scheduling
// Way back: MATCH (n:WhatIf) DETACH DELETE n; DROP what is made here. Runs of scenarios stay, without a what-if.
CREATE CONSTRAINT what_if_external_id IF NOT EXISTS FOR (n:WhatIf) REQUIRE (n.owner_id, n.external_id) IS UNIQUE;
CREATE INDEX what_if_owner_id IF NOT EXISTS FOR (n:WhatIf) ON (n.owner_id);
