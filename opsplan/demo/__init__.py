"""The demonstration: the main job from end to end, as its users do it, over the API alone.

It starts the service as `opsplan serve` does, loads the small exercise, and then speaks GraphQL over HTTP and a
WebSocket with a token, like any agency's system: `client.py` is that client, `documents.py` the operations it sends,
`show.py` the tables, `run.py` the story. It calls no service of the house directly after loading.
"""
