/* Makes the opt-in form better where scripts run; without them it works as it is.
   A refused form comes back into its place on the page. What this visit knows of itself (its first
   page, where it came from) goes along with an opt-in: it is kept in this tab only, and the quick
   exit empties that. Marks of advertisers and mail programs leave the address bar. */

const UTM_FIELDS = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"];
const MARKS = /^(utm_\w+|mc_[a-z]+|[a-z]{1,2}clid|fbclid|gclsrc|gad_\w+|dclid|gbraid|wbraid|msclkid|ttclid|twclid|yclid|igshid|igsh|_hs\w+|mkt_tok|vero_id|s_cid|_ga|_gl)$/i;
const VISIT = "visit";
/* A private link is no landing page. */
const LIKE_A_TOKEN = /[\w-]{32,}/;
const LONGEST = 500;
/* Our server takes nobody for a person who is quicker than two seconds. */
const PATIENCE = 2500;
const STAMP_LASTS = 3600 * 1000;

const stamps = new WeakMap();

function outsideHost() {
    try {
        const host = new URL(document.referrer).hostname;
        return host === location.hostname ? "" : host;
    } catch {
        return "";
    }
}

function kept() {
    try {
        return JSON.parse(sessionStorage.getItem(VISIT) ?? "null");
    } catch {
        return null;
    }
}

/* A visit begins where somebody comes from elsewhere, or with words about where from. Who comes back
   to a page, perhaps after the quick exit, begins none. */
function visit() {
    const words = new URLSearchParams(location.search);
    const utm = UTM_FIELDS.filter((name) => words.get(name)).map((name) => [name, words.get(name)]);
    const host = outsideHost();
    const before = kept();
    const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (!isNew || (before && !host && !utm.length)) return before ?? {};
    const isInside = document.referrer && !host && !utm.length;
    const path = LIKE_A_TOKEN.test(location.pathname) ? "" : location.pathname.slice(0, LONGEST);
    const begun = {
        landing_path: isInside ? "" : path,
        referring_host: host,
        ...Object.fromEntries(utm.map(([name, word]) => [name, word.slice(0, LONGEST)])),
    };
    try {
        sessionStorage.setItem(VISIT, JSON.stringify(begun));
    } catch {
        /* Storage is blocked: known on this page only. */
    }
    return begun;
}

function dropMarks() {
    const address = new URL(location.href);
    const before = address.search;
    for (const name of [...address.searchParams.keys()]) {
        if (MARKS.test(name)) address.searchParams.delete(name);
    }
    if (address.search !== before) history.replaceState(history.state, "", address);
}

const facts = visit();
dropMarks();

function timeZone() {
    try {
        return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
    } catch {
        return "";
    }
}

async function fetchStamp(form) {
    const answer = await fetch(form.dataset.stamp, { credentials: "omit" });
    return { text: answer.ok ? await answer.text() : "", at: performance.now() };
}

/* A cached page has no clock, so the server says when somebody began. */
function begin(form) {
    const known = stamps.get(form);
    if (!form.dataset.stamp || (known && performance.now() - known.begun < STAMP_LASTS)) return;
    const stamp = fetchStamp(form).catch(() => ({ text: "", at: 0 }));
    stamps.set(form, { begun: performance.now(), stamp });
}

async function fillStamp(form) {
    begin(form);
    const { text, at } = (await stamps.get(form)?.stamp) ?? { text: "", at: 0 };
    const field = form.elements.namedItem("stamp");
    if (!field || !text) return;
    field.value = text;
    const wait = PATIENCE - (performance.now() - at);
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
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
        await fillStamp(form);
        const answer = await fetch(form.action, {
            method: "POST",
            body: new URLSearchParams(new FormData(form)),
            credentials: "same-origin",
        });
        if (answer.redirected) {
            window.location.assign(answer.url);
            return;
        }
        const isRefused = [422, 429, 503].includes(answer.status);
        if (isRefused && showRefusal(place, await answer.text())) return;
    } catch {
        /* No network: the plain way shows the browser's own message and keeps what was typed. */
    }
    for (const button of buttons) button.disabled = false;
    form.submit();
}

document.addEventListener("focusin", (event) => {
    const form = event.target.closest?.("[data-opt-in-form]");
    if (form) begin(form);
});

document.addEventListener("formdata", (event) => {
    if (!event.target.matches("[data-opt-in-form]")) return;
    for (const [name, value] of Object.entries(facts)) event.formData.set(name, value);
    event.formData.set("time_zone", timeZone());
});

document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-opt-in-form]")) return;
    event.preventDefault();
    send(form);
});
