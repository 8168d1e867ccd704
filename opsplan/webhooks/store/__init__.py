"""Endpoints, their secrets, how far each was told, and what was sent, in the graph.

A file per thing. What stands in nodes of their own (`WebhookSecret`, `WebhookTail`, `WebhookRange`) is never read by
callers: a secret belongs into no answer, and a number of a commit would tell how much happens that is hidden.
"""
