"""The labelled set of row D2: pairs of subjects, each with whether they are one.

`generator` makes pairs of invented people, companies, sites and numbers from lists and a seed. The tuning part is
made from `names.yaml`, `more_names.yaml` and `things.yaml`; rules and figures were chosen by looking at it. The held-
out part is made from `held_out_names.yaml` and `held_out_things.yaml`, lists of other names, written when most rules
stood; its misses were counted by script and never looked at, while rules were still mended by the tuning part.
`pairs.yaml` is made by hand, with a reason in every row, before it was tried; what it showed was mended, so its
figures are no forecast. `pair` reads it into the same form.
"""
