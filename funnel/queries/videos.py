"""Which videos a private link opens."""

from funnel.models import FunnelSettings, PrivateLink, Video, VideoSeries


def videos_for(link: PrivateLink) -> tuple[VideoSeries | None, list[Video]]:
    """Return the series its opt-in asked for, or else the site's own, and its videos."""
    action = link.opt_in.call_to_action if link.opt_in else None
    series = (action.series if action else None) or FunnelSettings.load().series
    return series, list(series.videos.all()) if series else []
