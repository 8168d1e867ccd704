"""That somebody seems to feel for what is hidden, as a noun."""

from opsplan.records.declaration import Kind, Noun, Property, Readership, Relation

PROBE_ALERT = Noun(
    "ProbeAlert",
    "ProbeAlerts",
    "Hidden claims of an agency were met more often within a day than by plans made in good faith. What those who met "
    "them have learned is their cell and hours, whom to call, and no more.",
    owner="deconfliction",
    entered=False,
    properties=(
        Property("times", Kind.INTEGER, "How often the claim had been met within a day.", entered=False),
        Property("since", Kind.INSTANT, "From when these were counted.", entered=False, sorted_by=True),
    ),
    relations=(
        Relation("claim", "ALERT_ON", "Claim", "The hidden claim.", entered=False, required=True),
        Relation("agencies", "ALERT_ABOUT", "Agency", "The agencies that met it.", many=True, entered=False),
    ),
    readership=Readership(condition="{node}.owner_id = $reader.agency_id", follows=()),
)
