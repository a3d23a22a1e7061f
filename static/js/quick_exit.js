/* Leaves this site at once: on a press of a quick exit, or of Shift three times in five seconds.
   Without this module the quick exits are plain links; without a quick exit it does nothing. */

const SECONDS = 5;
const SAID = ["", "Quick exit: press Shift two more times.", "Quick exit: press Shift once more."];
const TYPED = "typed";
const place = document.querySelector("[data-quick-exit]");
const said = place?.querySelector("[data-quick-exit-said]");

let presses = 0;
let isAlone = false;
let timer = 0;
let hadMemory = false;

/* What a browser may refuse must never stand between a person and the way out. */
function quietly(act) {
    try {
        return act();
    } catch {
        return undefined;
    }
}

function leave() {
    const fields = document.querySelectorAll("input, textarea, select");
    document.body.replaceChildren();
    document.title = "Loading…";
    const { close, icon, quickExit } = place.dataset;
    for (const link of document.querySelectorAll("link[rel~=icon]")) link.href = icon;
    for (const field of fields) {
        field.checked = false;
        field.value = "";
    }
    quietly(() => sessionStorage.clear());
    quietly(() => history.replaceState(null, "", "/"));
    if (close) quietly(() => fetch(close, { method: "POST", keepalive: true }).catch(() => {}));
    location.replace(quickExit);
}

function count(number, words = SAID[number]) {
    if (number < 2) clearTimeout(timer);
    if (number === 1) timer = setTimeout(count, SECONDS * 1000, 0, "Quick exit stopped.");
    presses = number;
    said.textContent = words;
    place.toggleAttribute("data-counting", number > 0);
}

function listen() {
    document.addEventListener("click", (event) => {
        if (!event.target.closest?.("[data-leave-now]")) return;
        event.preventDefault();
        leave();
    }, true);

    /* Shift counts when it is pressed by itself: not for a capital letter, not beside Alt. */
    document.addEventListener("keydown", (event) => {
        const isShift = event.key === "Shift";
        if (!event.repeat) isAlone = isShift && !event.altKey && !event.ctrlKey && !event.metaKey;
        if (!isAlone && presses) count(0);
    }, true);

    document.addEventListener("keyup", (event) => {
        if (event.key !== "Shift" || !isAlone) return;
        isAlone = false;
        if (presses === 2) leave();
        else count(presses + 1);
    }, true);

    /* Earlier pages of this tab: a browser would bring them back as they were left, with what was typed
       or chosen there. That a tab's memory has been emptied meanwhile tells them not to. */
    document.addEventListener("input", () => quietly(() => sessionStorage.setItem(TYPED, "1")), true);

    window.addEventListener("pagehide", () => {
        hadMemory = quietly(() => sessionStorage.length > 0) ?? true;
    });

    window.addEventListener("pageshow", (event) => {
        if (event.persisted) {
            if (!hadMemory || quietly(() => sessionStorage.length)) return;
            document.body.replaceChildren();
            location.reload();
            return;
        }
        const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
        if (!isBack || quietly(() => sessionStorage.getItem(TYPED))) return;
        for (const form of document.forms) form.reset();
    });
}

if (place) listen();
