"""A stand-in for Mailchimp on this machine, for a person trying the product and for the tests.

It answers the part of Mailchimp's Marketing API that a mailing list sync needs, remembers what it
was told, and shows it on pages for people. It imports nothing of the rest of the project and needs
nothing but Python, so that it stays a second opinion about how Mailchimp behaves and never shares a
mistake with the code it checks.

The way through: ``transport`` reads a request, ``api`` finds its handler in ``endpoints``, which
change the records in ``state`` by the rules in ``memberships``, ``merge_fields`` and ``tagging``;
``resources`` turns records into answers, ``store`` keeps them, ``pages`` shows them to a person.
``server`` puts it together: start there.
"""
