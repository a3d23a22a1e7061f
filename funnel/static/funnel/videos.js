/* One large button over each video; without scripts the browser's own controls are there.
   The first press starts the sound, never the page. */

for (const video of document.querySelectorAll("[data-video]")) {
    const button = video.parentElement.querySelector("[data-video-start]");
    if (!button) continue;
    button.hidden = false;
    video.controls = false;
    button.addEventListener("click", () => {
        video.controls = true;
        video.focus();
        video.play();
    });
    video.addEventListener("play", () => {
        button.hidden = true;
        video.controls = true;
    });
}
