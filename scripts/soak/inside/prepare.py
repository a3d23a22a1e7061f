"""Makes an empty site ready for what is tried."""

import django

django.setup()

from django.core.management import call_command  # noqa: E402

call_command("migrate", verbosity=0)
call_command("prepare_site", verbosity=0)

from funnel.models import ConsentWording, FunnelSettings  # noqa: E402

print(ConsentWording.digest_of(**FunnelSettings.load().wording))
