/* Lets a reader say which cycle sounds like theirs. It is kept in this tab and nowhere else; head.js
   shows the words for it, here and on the next page. */

const root = document.documentElement;

function kept() {
    try {
        return sessionStorage.getItem("cycle") ?? "";
    } catch {
        return "";
    }
}

function keep(code) {
    try {
        if (code) sessionStorage.setItem("cycle", code);
        else sessionStorage.removeItem("cycle");
    } catch {
        /* Storage is blocked: the choice holds for this page. */
    }
}

/* The form comes with that cycle chosen, unless the visitor has answered already. */
function answer(form, before) {
    const radios = [...form.querySelectorAll("[name=cycle]")];
    const checked = radios.find((radio) => radio.checked);
    if ("answered" in form.dataset || (checked && checked.value !== before)) return;
    for (const radio of radios) radio.checked = radio.value === root.dataset.cycle;
}

function show(code) {
    const before = root.dataset.cycle ?? "";
    document.dispatchEvent(new CustomEvent("cycle", { detail: code }));
    for (const button of document.querySelectorAll("[data-choose-cycle]")) {
        button.setAttribute("aria-pressed", String(button.dataset.chooseCycle === root.dataset.cycle));
    }
    for (const form of document.querySelectorAll("[data-opt-in-form]")) answer(form, before);
}

function say(code) {
    const place = document.querySelector("[data-cycle-status]");
    if (!place) return;
    const notes = [...document.querySelectorAll("[data-chosen-cycle] > [data-variant]")];
    const note = notes.find((each) => each.dataset.variant === code)?.querySelector("p");
    place.textContent = note ? note.textContent : place.dataset.dropped;
}

document.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-choose-cycle]");
    const drop = event.target.closest("[data-drop-cycle]");
    if (!choice && !drop) return;
    const again = choice?.getAttribute("aria-pressed") === "true";
    const code = choice && !again ? choice.dataset.chooseCycle : "";
    keep(code);
    show(code);
    say(code);
    /* The note with the button is gone; the keyboard goes on where the text begins. */
    if (drop) document.querySelector("main")?.focus({ preventScroll: true });
});

document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-opt-in-form]");
    if (form && event.target.name === "cycle") form.dataset.answered = "";
});

/* An opt-in says whose words were on the page. */
document.addEventListener("formdata", (event) => {
    const code = root.dataset.cycle;
    if (!code || !event.target.matches("[data-opt-in-form]")) return;
    const varies = event.target.querySelector(`[data-variants~="${code}"]`);
    if (varies) event.formData.set("variant", code);
});

show(kept());
/* Back from another page, where the choice may have changed, with a form as it was left. */
window.addEventListener("pageshow", () => show(kept()));
