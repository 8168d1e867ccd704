"""What a log may say of an exception: its kinds and where it arose, never its words, which may hold values."""

import traceback


def kinds(failure: BaseException) -> list[str]:
    """Name the class of an exception and those of its causes; never their texts, which may hold values."""
    named: list[str] = []
    current: BaseException | None = failure
    while current is not None and len(named) < 5:
        named.append(type(current).__name__)
        current = current.__cause__ or current.__context__
    return named


def places(failure: BaseException) -> list[str]:
    """Give where an exception arose: file, line and function of its innermost frames."""
    frames = traceback.extract_tb(failure.__traceback__)[-6:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]
