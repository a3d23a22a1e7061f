/* Loads a video from elsewhere in place of the link to it: on a press, and not before. */

const ALLOWED = "allow-scripts allow-same-origin allow-presentation allow-popups allow-popups-to-escape-sandbox";

function player(address, title) {
    const frame = document.createElement("iframe");
    frame.title = title;
    frame.className = "outside-video__player";
    frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
    frame.allowFullscreen = true;
    frame.sandbox = ALLOWED;
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = address;
    return frame;
}

document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-outside-video] a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const place = link.closest("[data-outside-video]");
    const frame = player(place.dataset.outsideVideo, place.dataset.title);
    place.replaceChildren(frame);
    frame.focus();
});
