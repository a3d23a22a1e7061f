/* Runs before anything is painted, so that nothing flashes: says that scripts run, and shows the
   words for the cycle that was chosen in this tab. Without it everybody reads the usual words. */
(() => {
    const root = document.documentElement;
    const sheet = new CSSStyleSheet();
    const show = (code) => {
        const known = /^[\w-]{1,40}$/.test(code);
        const part = `[data-variants~="${code}"]>`;
        const own = `[data-variant="${code}"]{display:`;
        sheet.replaceSync(known ? `${part}[data-variant]{display:none!important}
            ${part}${own}block!important}${part}span${own}inline!important}` : "");
        if (known) root.dataset.cycle = code;
        else delete root.dataset.cycle;
    };
    root.dataset.js = "";
    document.adoptedStyleSheets = [sheet];
    document.addEventListener("cycle", (event) => show(event.detail));
    try {
        show(sessionStorage.getItem("cycle") ?? "");
    } catch { /* Storage is blocked. */ }
})();
