"""Tests of rows by the short way: what the driver gives, over lines that fail, dribble, hang up and speak otherwise."""

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from opsplan.graph.address import GraphAddress
from opsplan.graph.bolt.line import SpeaksOtherwise
from opsplan.graph.bolt.messages import HANDSHAKE, NotPlain
from opsplan.graph.bolt.reader import Reader
from opsplan.graph.driver import Graph
from opsplan.graph.failures import QueryFailed
from opsplan.graph.repeat import Bounds
from opsplan.vocabulary.errors import SetupError, Unavailable
from tests.opsplan.graph.running import LONG, until
from tests.opsplan.graph.unreliable_line import UnreliableLine, unreliable_line

_TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))
_PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | _TEXTS
    | st.text("aé漢😀", min_size=200, max_size=70_000),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(_TEXTS, inner, max_size=20),
    max_leaves=60,
)


@pytest.fixture
async def line(graph_server: GraphAddress) -> AsyncIterator[tuple[Graph, UnreliableLine]]:
    """Give a graph behind a line that can fail, and the line."""
    async with unreliable_line(graph_server.uri) as (uri, wire):
        address = GraphAddress(uri, graph_server.user, graph_server.password)
        async with Graph(address, Bounds(silence_s=0.5)) as graph:
            yield graph, wire


async def test_any_plain_value_is_as_the_driver_gives_it(graph: Graph) -> None:
    """Drawn numbers, texts of any script, nested lists and maps, small and over several chunks, there and back."""
    loop = asyncio.get_running_loop()
    asks = "UNWIND $values AS value RETURN value, $values"

    @given(st.lists(_PLAIN, max_size=4))
    def compare(values: list[object]) -> None:
        async def both() -> None:
            plain = await graph.read_plain(asks, {"values": values})
            assert plain == await graph.read_rows(asks, {"values": values})
            assert [row[0] for row in plain] == values

        asyncio.run_coroutine_threadsafe(both(), loop).result(60)

    await asyncio.to_thread(compare)


async def test_a_long_answer_is_whole_and_in_order(graph: Graph) -> None:
    """100,000 rows, and one row of several megabytes."""
    rows = await graph.read_plain("UNWIND range(1, 100000) AS n RETURN n, 'text ' + n")
    assert rows == [[n, f"text {n}"] for n in range(1, 100_001)]
    ((collected,),) = await graph.read_plain("UNWIND range(1, 100000) AS n RETURN collect([n, 'text ' + n])")
    assert collected == rows
    reader = graph._reader
    assert reader is not None
    assert all(each._rows == [] for each in reader._idle), "an idle line holds no answer"


async def test_an_answer_may_come_byte_by_byte(line: tuple[Graph, UnreliableLine]) -> None:
    """However what the server says is cut into packets, lengths of chunks included, the rows are the same."""
    graph, wire = line
    wire.dribbles = True
    assert await graph.read_plain("UNWIND range(1, 30) AS n RETURN n, 'é漢😀' + n") == [
        [n, f"é漢😀{n}"] for n in range(1, 31)
    ]


@pytest.mark.parametrize("value", ["point({x: 1, y: 2})", "date()", "duration('P1D')", "[[datetime()]]"])
async def test_a_value_that_is_not_plain_is_refused(graph: Graph, value: str) -> None:
    """A point or a date is no half-read value but a fault of the statement, and the next read is none the worse."""
    with pytest.raises(NotPlain):
        await graph.read_plain(f"RETURN {value}")
    assert await graph.read_plain("RETURN 1") == [[1]]


@pytest.mark.parametrize("value", [object(), {1: 2}, 2**63, {"a": {1, 2}}])
async def test_a_parameter_of_no_type_of_bolt_is_refused_before_anything_is_sent(graph: Graph, value: object) -> None:
    """Such a parameter is a fault of ours; tuples go as lists."""
    with pytest.raises((TypeError, ValueError, OverflowError)):
        await graph.read_plain("RETURN $value", {"value": value})
    assert await graph.read_plain("RETURN $value", {"value": (1, (2,))}) == [[[1, [2]]]]


async def test_idle_lines_that_were_cut_are_not_used_again(line: tuple[Graph, UnreliableLine]) -> None:
    """After the server has hung up, the next reads open new lines and succeed; none waits for a dead one."""
    graph, wire = line
    await asyncio.gather(*(graph.read_plain("RETURN 1") for _ in range(5)))
    before = wire.connections
    wire.cut()
    await asyncio.sleep(0.1)
    assert await graph.read_plain("RETURN 2") == [[2]]
    assert wire.connections == before + 1


async def test_lines_are_used_again_and_no_more_than_allowed(graph_server: GraphAddress) -> None:
    """Hundreds of reads over three lines: each gets its own answer, and no fourth line is opened."""
    async with unreliable_line(graph_server.uri) as (uri, wire):
        address = GraphAddress(uri, graph_server.user, graph_server.password)
        async with Graph(address, connections=3) as graph:
            rows = await asyncio.gather(*(graph.read_plain("RETURN $n", {"n": n}) for n in range(300)))
    assert rows == [[[n]] for n in range(300)]
    assert wire.connections == 3


async def test_closing_ends_what_still_runs(graph_server: GraphAddress, graph: Graph) -> None:
    """A graph that is closed under a read tells its reader, and the statement ends on the server."""
    async with Graph(graph_server, Bounds(attempts=1)) as closing:
        task = asyncio.create_task(closing.read_plain(LONG))
        await until(graph, LONG, running=True)
    with pytest.raises(Unavailable):
        await task
    await until(graph, LONG, running=False)


async def test_a_closed_graph_opens_no_lines(line: tuple[Graph, UnreliableLine]) -> None:
    """Neither a read that comes after closing nor one that was just opening a line keeps one."""
    graph, wire = line
    opening = asyncio.create_task(graph.read_plain("RETURN 1"))
    while not wire.connections:  # noqa: ASYNC110 - the line has no event for it
        await asyncio.sleep(0)
    await graph.close()
    for reading in (opening, asyncio.create_task(graph.read_plain("RETURN 1"))):
        with pytest.raises((QueryFailed, Unavailable)):
            await reading
    async with asyncio.timeout(5):
        while wire.open:  # noqa: ASYNC110 - the line has no event for it
            await asyncio.sleep(0.02)


async def test_a_refused_login_or_database_says_which_setting(graph_server: GraphAddress) -> None:
    """As the driver's: at once, by the setting's name, without the password."""
    wrong = GraphAddress(graph_server.uri, graph_server.user, "not-the-password")
    async with Graph(wrong) as graph:
        with pytest.raises(SetupError, match="refused the login") as refused:
            await graph.read_plain("RETURN 1")
        assert "not-the-password" not in str(refused.value)
    elsewhere = GraphAddress(graph_server.uri, graph_server.user, graph_server.password, database="elsewhere")
    async with Graph(elsewhere) as graph:
        with pytest.raises(SetupError, match="no database of that name"):
            await graph.read_plain("RETURN 1")


async def test_where_nobody_listens_it_is_tried_for_the_time_allowed(graph_server: GraphAddress) -> None:
    """As the driver's: our own error, which may be tried again."""
    address = GraphAddress("bolt://127.0.0.1:9", graph_server.user, graph_server.password)
    async with Graph(address, Bounds(total_s=0.5)) as graph:
        with pytest.raises(Unavailable, match="did not answer") as refused:
            await graph.read_plain("RETURN 1")
        assert refused.value.retryable


async def test_a_server_that_speaks_another_bolt_is_left_to_the_driver(graph_server: GraphAddress) -> None:
    """Where the one version that is offered is refused, the driver, which knows others, reads from then on."""
    async with _refusing_our_handshake(graph_server.uri) as (uri, refused):
        reader = Reader(uri, graph_server.user, graph_server.password, "neo4j", agent="opsplan", lines=1, wait_s=1.0)
        with pytest.raises(SpeaksOtherwise):
            await reader.rows("RETURN 1", {}, 1.0)
        async with Graph(GraphAddress(uri, graph_server.user, graph_server.password)) as graph:
            for n in range(3):
                assert await graph.read_plain("RETURN $n", {"n": n}) == [[n]]
    assert refused == [True, True]


async def test_a_server_that_speaks_no_bolt_is_told_as_such(graph_server: GraphAddress) -> None:
    """A web server at the address is an error of ours, not a hang."""

    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    uri = f"bolt://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, Graph(GraphAddress(uri, "neo4j", "x"), Bounds(total_s=0.3)) as graph:
        with pytest.raises((Unavailable, SetupError)):
            await graph.read_plain("RETURN 1")


async def test_tls_is_spoken_and_certificates_are_asked_for(graph_server: GraphAddress, tmp_path: Path) -> None:
    """``bolt+ssc`` reads through any certificate; ``bolt+s`` refuses one that nobody known has signed."""
    async with _behind_tls(graph_server.uri, tmp_path) as port:
        trusting = GraphAddress(f"bolt+ssc://127.0.0.1:{port}", graph_server.user, graph_server.password)
        async with Graph(trusting) as graph:
            assert await graph.read_plain("RETURN 1") == [[1]]
        strict = GraphAddress(f"bolt+s://127.0.0.1:{port}", graph_server.user, graph_server.password)
        async with Graph(strict, Bounds(total_s=0.3)) as graph:
            with pytest.raises(Unavailable):
                await graph.read_plain("RETURN 1")


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def _refusing_our_handshake(uri: str) -> AsyncIterator[tuple[str, list[bool]]]:
    """Give a line to the server that answers our own handshake as a server does that knows no such version."""
    target, refused = urlsplit(uri), []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        begun = await reader.readexactly(len(HANDSHAKE))
        if begun == HANDSHAKE:
            refused.append(True)
            writer.write(bytes(4))
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection(target.hostname, target.port)
        far_writer.write(begun)
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"bolt://127.0.0.1:{server.sockets[0].getsockname()[1]}", refused


@asynccontextmanager
async def _behind_tls(uri: str, folder: Path) -> AsyncIterator[int]:
    """Give the port of a line to the server that speaks TLS, with a certificate that it has signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    target = urlsplit(uri)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(target.hostname, target.port)
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer), return_exceptions=True)

    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]
