/* Makes the opt-in form better where scripts run; without them it works as it is.
   A refused form comes back into its place on the page, and UTM words of this page go along. */

const UTM_FIELDS = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"];

function fillUtmWords(form) {
    const words = new URLSearchParams(window.location.search);
    for (const name of UTM_FIELDS) {
        const field = form.elements.namedItem(name);
        if (field && !field.value && words.has(name)) field.value = words.get(name);
    }
}

function showRefusal(place, html) {
    const refused = new DOMParser().parseFromString(html, "text/html").querySelector("[data-opt-in]");
    if (!refused) return false;
    place.replaceWith(refused);
    refused.querySelector("[data-error-summary]")?.focus();
    return true;
}

async function send(form) {
    const place = form.closest("[data-opt-in]");
    const buttons = form.querySelectorAll("[type=submit]");
    for (const button of buttons) button.disabled = true;
    try {
        const answer = await fetch(form.action, {
            method: "POST",
            body: new URLSearchParams(new FormData(form)),
            credentials: "same-origin",
        });
        if (answer.redirected) {
            window.location.assign(answer.url);
            return;
        }
        if (answer.status === 422 && showRefusal(place, await answer.text())) return;
    } catch {
        /* No network: the plain way shows the browser's own message and keeps what was typed. */
    }
    for (const button of buttons) button.disabled = false;
    form.submit();
}

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-opt-in-form]")) return;
    event.preventDefault();
    fillUtmWords(form);
    send(form);
});
