"""From a selection to one Cypher statement with its parameters, and the views by which its rows become an answer.

`operation` takes a document apart, `selection` collects fields as GraphQL says, `statement` puts the Cypher together,
`conditions` the filters, `order` sorts and pages, `bindings` what each request's values fill in.
"""
