"""What is decided about webhooks, purely: which addresses and URLs may be called, what is sent, when it is tried again.

A file per question. Here is no I/O and no clock: `opsplan.webhooks.sending` asks the network, and asks here first.
"""
