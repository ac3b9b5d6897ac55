/* Forms with data-passkey: "create" and "get" with the options that the page holds, "login" with options that
   are asked for. Without script, or where the browser knows no passkeys, they stay hidden. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !window.webauthnJSON) return;

  const held = () => JSON.parse(document.getElementById("passkey-options").textContent);

  const asked = async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`options: ${answer.status}`);
    return answer.json();
  };

  const credential = {
    async create() {
      const options = held().creation_options;
      // A passkey signs in by itself: it is found without a name and checks who holds it.
      Object.assign(options.publicKey.authenticatorSelection, {
        residentKey: "required", requireResidentKey: true, userVerification: "required",
      });
      return webauthnJSON.create(options);
    },
    async get() { return webauthnJSON.get(held().request_options); },
    async login(form) { return webauthnJSON.get((await asked(form)).request_options); },
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      const field = form.elements.credential;
      if (field.value) return;
      event.preventDefault();
      const failed = form.querySelector("[data-passkey-failed]");
      failed.hidden = true;
      try {
        field.value = JSON.stringify(await credential[form.dataset.passkey](form));
        form.submit();
      } catch {
        field.value = "";
        failed.hidden = false;
      }
    });
  }
})();
