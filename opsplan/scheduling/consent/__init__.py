"""What hosts consent to: each country's part of a plan, and the text of it that its authority signs.

Pure. Here live the part of a host (`parts`) and approvals as files (`evidence`). Here live no graph and no keys:
`opsplan.access.detached` knows signatures.
"""
