"""The page that explores the API: worked examples, an editor, answers, and the schema's descriptions.

Here live the page's own HTML, CSS and JavaScript, and the worked examples as GraphQL files. It is our own page and
not GraphiQL's bundle: it must load nothing from the net, so that it works on closed networks and its policy can forbid
every outside source (see docs/decisions/0011). It holds no token and no data; the API behind it answers nothing
without a token. Where only trusted documents are taken the page is off, as it could ask nothing of its own.
"""

from opsplan.web.explorer.page import Example, examples, explorer, no_explorer

__all__ = ["Example", "examples", "explorer", "no_explorer"]
