"""Which videos an invitation offers, and which a private link opens."""

from funnel.models import CallToAction, FunnelSettings, PrivateLink, Video, VideoSeries


def videos_offered_by(
    call_to_action: CallToAction | None,
) -> tuple[VideoSeries | None, list[Video]]:
    """Return the series of this call to action, or else the site's own, and its videos."""
    series = (call_to_action.series if call_to_action else None) or FunnelSettings.load().series
    return series, list(series.videos.all()) if series else []


def videos_for(link: PrivateLink) -> tuple[VideoSeries | None, list[Video]]:
    """Return the series this link's opt-in asked for, and its videos."""
    return videos_offered_by(link.opt_in.call_to_action if link.opt_in else None)
