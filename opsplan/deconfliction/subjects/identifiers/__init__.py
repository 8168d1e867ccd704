"""Identifiers: the normal form in which one number, address or name is the same text for everybody.

`forms_of` gives the forms of all that a subject is known by. Phones are read by `phonenumbers`, IBAN, LEI and numbers
of companies and persons by `stdnum`; wallets, addresses of the internet and plates by rules of their own files. A form
has an exact text where everything is known that makes it unique, such as the country that issued it, and a loose one
for the case that the other side does not know that. Here live no names.
"""

from opsplan.deconfliction.subjects.identifiers.forms import Form, forms_of

__all__ = ["Form", "forms_of"]
