"""Webhooks: an agency's endpoints are told, by signed requests, what has happened to records that it may read.

Owns the labels WebhookEndpoint, WebhookDelivery, WebhookSecret, WebhookTail and WebhookRange. What is told is the feed
of changes (`opsplan.records.feed`), for each endpoint with the eyes of its agency, as the Standard Webhooks
specification has it: ids and what happened, never content. So a noun needs no line here to be told of. Here live the
rules of which addresses may be called (`rules`), the only way out to them (`sending`), and who sends (`worker`). Here
live no rights to records: those are the readership's, asked again at each attempt.
"""
