// Keeps what is typed into a form with data-autosave: in this browser at once, at the site after a pause, and
// says when. A form that cannot be sent for want of a connection waits and is sent once; its key is `once`.
// What is kept here is plain text: it goes when the form has arrived (cookie sent_once), on signing out, and when
// somebody else signs in.
(() => {
  "use strict";
  const words = document.getElementById("autosave")?.dataset;
  if (!words) return;
  const BEGINNING = "madoguchi:draft:";
  const OWN = `${BEGINNING}${words.owner}:`;
  const PAUSE = 2000;

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(BEGINNING));
  const read = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  let isLeaving = false;
  const write = (key, kept) => {
    if (isLeaving) return false;
    try { localStorage.setItem(key, JSON.stringify(kept)); return true; } catch { return false; }
  };

  // What belongs to others, and what has arrived.
  const arrived = document.cookie.split("; ").find((pair) => pair.startsWith("sent_once="))?.slice(10);
  for (const key of keys()) {
    const isForeign = !key.startsWith(OWN);
    if (isForeign || (arrived && read(key)?.once === decodeURIComponent(arrived))) localStorage.removeItem(key);
  }
  if (arrived) document.cookie = "sent_once=; max-age=0; path=/";
  for (const form of document.querySelectorAll("form[data-signs-out]")) {
    form.addEventListener("submit", () => {
      isLeaving = true;
      keys().forEach((key) => localStorage.removeItem(key));
    });
  }

  const typed = (form) => [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");

  const putBack = (form, fields) => {
    const left = fields.map(([name, value]) => ({ name, value }));
    for (const control of form.elements) {
      if (!control.name || ["csrfmiddlewaretoken", ""].includes(control.name) || control.type === "file") continue;
      if (control.type === "checkbox" || control.type === "radio") {
        control.checked = fields.some(([name, value]) => name === control.name && value === control.value);
      } else if (control.tagName !== "BUTTON") {
        const at = left.findIndex((field) => field.name === control.name);
        if (at >= 0) control.value = left.splice(at, 1)[0].value;
      }
    }
  };

  for (const form of document.querySelectorAll("form[data-autosave]")) {
    const key = OWN + form.dataset.autosave;
    const status = form.querySelector("[data-autosave-status]");
    const say = (text) => { if (status) status.textContent = text; };
    let waiting = 0;
    let isPending = false;

    const keepHere = (isDirty, saved) => write(key, {
      once: form.elements.once?.value, fields: typed(form), isDirty, saved: saved ?? read(key)?.saved ?? 0 });

    const keepThere = async () => {
      try {
        const answer = await fetch(words.url.replace("FORM", encodeURIComponent(form.dataset.autosave)), {
          method: "POST", redirect: "manual", credentials: "same-origin",
          body: new URLSearchParams([...typed(form), ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value]]),
        });
        if (answer.type === "opaqueredirect" || answer.status === 403) return say(words.ended);
        const told = await answer.json();
        if (answer.ok) keepHere(false, told.saved);
        say(told.said);
      } catch {
        say(words.offline);
      }
    };

    const changed = () => {
      const isKept = keepHere(true);
      clearTimeout(waiting);
      waiting = setTimeout(keepThere, PAUSE);
      if (!navigator.onLine) say(isKept ? words.offline : words.full);
    };
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);

    form.addEventListener("submit", (event) => {
      clearTimeout(waiting);
      keepHere(true);
      if (navigator.onLine || event.submitter?.name === "go") return;
      event.preventDefault();
      say(words.waiting);
      if (isPending) return;
      isPending = true;
      window.addEventListener("online", () => form.requestSubmit(event.submitter), { once: true });
    });

    // What the server shows after a refusal is what was typed; anything else may be older than what is here.
    const kept = read(key);
    const shown = Number(form.dataset.autosaveSaved ?? 0);
    if (kept && !("autosaveRefused" in form.dataset) && (kept.isDirty || kept.saved > shown)) {
      putBack(form, kept.fields);
      say(words.restored);
      form.dispatchEvent(new Event("restored", { bubbles: true }));
      if (navigator.onLine) waiting = setTimeout(keepThere, PAUSE);
    }
  }
})();
