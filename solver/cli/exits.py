"""What the commands' exit codes mean."""

EXIT_OK = 0
"""Yes, or done."""
EXIT_NO = 1
"""No: an invalid plan, or no full plan."""
EXIT_BAD_INPUT = 2
