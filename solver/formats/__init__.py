"""Public benchmark formats, read into the same `Problem` that raids are scheduled from.

Here lives one file per format (`psplib`, `mista`, `mspsp_dzn`, `rcpsp_max`), what they share (`rows`, `dzn`, `place`,
`precedences`, `lags`), and the front door `read`, which tells the formats apart. Here does not live: opening files
(the caller hands in how a file is fetched), our own JSON text (``solver.jsonio``), checking plans against a file
(``benchmarks.solver``, which shares no code with this package). `docs/solver.md` says what becomes of each field.
"""

from solver.formats.read import ENDINGS, Format, format_of_file, read

__all__ = ["ENDINGS", "Format", "format_of_file", "read"]
