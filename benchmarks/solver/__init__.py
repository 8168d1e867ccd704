"""The scheduler on public instances: value, best known, gap and time, each plan checked twice.

Here lives the benchmark behind ``make bench-solver`` and, for each format, a second checker (`check_psplib`,
`check_mista`, `check_mspsp`, `check_rcpsp_max`) that is written from the format's description alone and shares no
code with ``solver``. Instances do not live here: the caller names a folder of them.
"""
