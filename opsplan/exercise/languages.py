"""Languages as keys: codes that fit the units made for them alone, and codes that fit none."""

_CODES = (
    "aa ab ae ak an av ba bi bm bo br ce ch co cr cu cv cy dv ee eo fj fo fy ga gd gl gv ha ho hz ig ii ik iu "
    "jv kg ki kj kl kr ks ku kv kw la lb li lu mh na nd ng nr nv ny oc oj om os pi qu rm rn sa sc se sg sm su ss ty "
    "wa wo xh yi yo za zu"
)
RARE = tuple(_CODES.split())
"""Codes of ISO 639-1 that no unit speaks of itself: a need for one fits only the teams that were made to speak it."""

UNSPOKEN = ("ia", "ie", "io", "vo")
"""Codes of ISO 639-1, of constructed languages, that no unit of any exercise speaks."""
