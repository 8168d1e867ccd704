"""What has happened, told to those who listen: commits in their order, from the feed to any number of listeners.

Here lives the broadcast within one process. The feed itself, and the order of commits, are `opsplan.records.feed`'s;
who may hear of what is decided where it is delivered. Door: `broadcast.Broadcast`.
"""
