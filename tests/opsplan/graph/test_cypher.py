"""Reading parameters and statement ends from Cypher text."""

from opsplan.graph.cypher import parameters_of, seeking_ids, statements_of


def test_parameters_are_derived_from_the_text() -> None:
    """Parameters are the dollar names outside quotes, quoted names and comments."""
    text = """
        // $comment
        MATCH (c:Compound {id: $id}) /* $block
        comment */ WHERE c.`$quoted` = '$text' OR c.name = "it's $five" OR c.name = 'O\\'$Brien'
        RETURN c LIMIT $limit_2
    """
    assert parameters_of(text) == {"id", "limit_2"}


def test_statements_end_at_semicolons_outside_quotes_and_comments() -> None:
    """A file is split where Cypher would end a statement, and nowhere else."""
    text = """
        // Why: one; two
        CREATE (a:A {text: 'x; y', other: "z;", `odd;name`: 1});
        /* three; four */
        MATCH (a) RETURN a;
        // the end; really
    """
    first, second = statements_of(text)
    assert first.endswith("`odd;name`: 1})")
    assert second.endswith("MATCH (a) RETURN a")


def test_records_named_by_their_ids_are_sought() -> None:
    """A match by id gets its hint, at the begin of a path as well; what is optional, hinted or of no id stays."""
    hint = "USING INDEX SEEK n:Record(id)"
    sought = seeking_ids("MATCH (n:Record {id: row.id}) WHERE n:Unit")
    assert sought == f"MATCH (n:Record {{id: row.id}}) {hint} WHERE n:Unit"
    path = seeking_ids("MATCH (n:Record {id: $id})<-[:PART_OF]-(a:Action) RETURN a")
    assert path == f"MATCH (n:Record {{id: $id}}) {hint} MATCH (n)<-[:PART_OF]-(a:Action) RETURN a"
    for text in (
        "OPTIONAL MATCH (n:Record {id: $id}) RETURN n",
        f"MATCH (n:Record {{id: $id}}) {hint} RETURN n",
        "MATCH (n:Agency {id: $id}) RETURN n",
        "MATCH (:Record {id: $id}) RETURN 1",
    ):
        assert seeking_ids(text) == text
