/* The videos: one large button over each, a switch for the sound, a choice of speed, and word to our
   own server when a quarter was really played. Without scripts the browser's own controls are there.
   Nothing plays before it is pressed, nothing makes a sound before it is asked to, and what another
   program may show of it (a lock screen, a list of tabs) is called “Video”. */

const WATCHED = 4;
const NEARLY_ALL = 0.95;
const MOST = 0.75;
const TRY_AGAIN_SECONDS = 10;
const SKIP_SECONDS = 5;
const videos = [...document.querySelectorAll("[data-video]")];

/* What was played, skips left out, on top of what was watched before, perhaps elsewhere. */
function shareWatched(video, before) {
    let seconds = before * video.duration;
    for (let index = 0; index < video.played.length; index += 1) {
        const begin = Math.max(video.played.start(index), before * video.duration);
        seconds += Math.max(0, video.played.end(index) - begin);
    }
    return seconds / video.duration;
}

function quarterReached(video, before) {
    if (!Number.isFinite(video.duration) || video.duration <= 0) return 0;
    const share = shareWatched(video, before);
    if (share >= NEARLY_ALL || (video.ended && share >= MOST)) return WATCHED;
    return Math.min(WATCHED - 1, Math.floor(share * WATCHED));
}

function keepCount(video) {
    const { progress, quarter } = video.dataset;
    const before = Number(quarter) / WATCHED;
    let noted = before ? Number(quarter) : -1;
    let isWaiting = false;

    function waitAndTryAgain(seconds) {
        isWaiting = true;
        setTimeout(() => {
            isWaiting = false;
            report();
        }, seconds * 1000);
    }

    async function report() {
        if (isWaiting || !video.played.length) return;
        const reached = quarterReached(video, before);
        if (reached <= noted) return;
        isWaiting = true;
        const answer = await fetch(progress, {
            method: "POST",
            body: new URLSearchParams({ quarter: reached }),
            keepalive: true,
        }).catch(() => null);
        isWaiting = false;
        if (answer?.ok) {
            noted = reached;
            if (reached === WATCHED) showTheWayOn(video);
        } else if (!answer || answer.status === 409 || answer.status >= 500) {
            waitAndTryAgain(Number(answer?.headers.get("Retry-After")) || TRY_AGAIN_SECONDS);
        } else {
            noted = WATCHED;
        }
    }

    for (const event of ["playing", "timeupdate", "ended"]) video.addEventListener(event, report);
}

function showTheWayOn(video) {
    const entry = video.closest("article");
    const next = entry?.querySelector("[data-video-next]");
    if (next) next.hidden = false;
    for (const form of entry?.querySelectorAll("[data-video-said]") ?? []) form.hidden = true;
}

function goOnWhereLeft(video) {
    const quarter = Number(video.dataset.quarter ?? 0);
    if (quarter === 0 || quarter === WATCHED) return;
    const seek = () => {
        if (video.currentTime < 1) video.currentTime = (video.duration * quarter) / WATCHED;
    };
    if (video.readyState) seek();
    else video.addEventListener("loadedmetadata", seek, { once: true });
}

function offerTools(video, tools) {
    const sound = tools.querySelector("[data-video-sound]");
    const speed = tools.querySelector("[data-video-speed]");
    const showSound = () => {
        sound.setAttribute("aria-pressed", String(!video.muted));
        sound.querySelector("[data-when-silent]").hidden = !video.muted;
        sound.querySelector("[data-when-loud]").hidden = video.muted;
    };
    sound.addEventListener("click", () => {
        const isMuted = !video.muted;
        for (const each of videos) each.muted = isMuted;
    });
    video.addEventListener("volumechange", showSound);
    speed.addEventListener("change", () => {
        video.playbackRate = Number(speed.value);
    });
    video.addEventListener("ratechange", () => {
        speed.value = String(video.playbackRate);
    });
    showSound();
    speed.value = String(video.playbackRate);
    tools.hidden = false;
}

/* Space is the browser's own; these are for whoever has the focus on the film itself. */
const KEYS = {
    ArrowLeft: (video) => { video.currentTime -= SKIP_SECONDS; },
    ArrowRight: (video) => { video.currentTime += SKIP_SECONDS; },
    m: (video) => { video.muted = !video.muted; },
    c: (video) => {
        for (const track of video.textTracks) {
            track.mode = track.mode === "showing" ? "hidden" : "showing";
        }
    },
};

function hearKeys(video) {
    video.addEventListener("keydown", (event) => {
        const act = KEYS[event.key];
        if (!act || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        act(video);
    });
}

function beNeutral() {
    if (!("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({ title: "Video" });
}

for (const video of videos) {
    const button = video.parentElement.querySelector("[data-video-start]");
    const tools = video.parentElement.parentElement.querySelector("[data-video-tools]");
    video.muted = true;
    if (button) {
        button.hidden = false;
        video.controls = false;
        button.addEventListener("click", () => {
            video.controls = true;
            video.focus();
            video.play();
        });
    }
    video.addEventListener("play", () => {
        if (button) button.hidden = true;
        video.controls = true;
        beNeutral();
        for (const other of videos) if (other !== video) other.pause();
    });
    video.addEventListener("play", () => goOnWhereLeft(video), { once: true });
    /* No screen in another room offers itself. */
    video.disableRemotePlayback = true;
    hearKeys(video);
    if (tools) offerTools(video, tools);
    if (video.dataset.progress) keepCount(video);
}

/* A private link leaves the address bar, and this tab's history, as soon as its page stands: whoever
   comes by later, or goes back, finds the clean address. The page's forms still know the link. */
const linked = document.querySelector("form[data-clean-address]");
if (linked) history.replaceState(null, "", linked.dataset.cleanAddress);
