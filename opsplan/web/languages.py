"""The language of an answer: what the caller asks for by Accept-Language, of those that there are."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from opsplan.languages import Languages, chosen, told_in


class InLanguage:
    """Answers each request, and each connection, in the language that it asks for.

    Put around the app only where there is more than English: then answers say which language they have, and that it
    depends on what was asked for.
    """

    def __init__(self, app: ASGIApp, languages: Languages) -> None:
        self._app = app
        self._languages = languages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request, or one WebSocket connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        tag = chosen(Headers(scope=scope).get("accept-language"), self._languages.tags)

        async def with_language(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-language"] = tag
                headers.add_vary_header("accept-language")
            await send(message)

        with told_in(self._languages, tag):
            await self._app(scope, receive, with_language)
