"""Where a form was sent from."""

from django.http import HttpRequest

from funnel.conf import site_url


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site, as far as a browser tells.

    This takes the place of a CSRF token, which would set a cookie and end caching. Browsers send
    Sec-Fetch-Site over https and on localhost; over plain http elsewhere, Origin has to do.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    own = {site_url(), f"{request.scheme}://{request.get_host()}"}
    return request.headers.get("Origin") in own
