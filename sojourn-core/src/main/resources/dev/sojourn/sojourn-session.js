// Warns before the session ends, extends it, and leaves every tab when the user is signed out. No dependencies.
// <script src="/sojourn-session.js" data-url="/session" data-warn="120" data-ended="/login" defer></script>
(() => {
  "use strict";
  const options = document.currentScript.dataset;
  const url = options.url || "/session";
  const warnSeconds = Number(options.warn) || 120;
  const name = "sojourn-session " + url;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  let state = null; // what the server reported last, and when
  let timer = 0, wasSignedIn = false, warned = false, box = null;

  const left = () => Math.max(0, Math.ceil(state.endsIn - (Date.now() - state.at) / 1000));
  const canExtend = () => state.absolute === null || state.absolute > state.endsIn;
  const fire = (event, detail) =>
    document.dispatchEvent(new CustomEvent("sojourn:" + event, { detail, cancelable: true }));

  async function ask(method) {
    const headers = options.csrfToken ? { "X-CSRF-Token": options.csrfToken } : {};
    try {
      const response = await fetch(url, { method, headers, credentials: "same-origin", cache: "no-store" });
      if (!response.ok && response.status !== 401) throw new Error("status " + response.status);
      const reported = response.ok ? await response.json() : { endsIn: 0, absolute: null, signedIn: false };
      state = { ...reported, at: Date.now() };
      if (channel) channel.postMessage(JSON.stringify(state));
      else localStorage.setItem(name, JSON.stringify(state));
      goOn();
    } catch (unreachable) {
      wait(10);
    }
  }

  // A sign-out that another tab reports is checked first: it may be older than a new sign-in.
  function hear(text) {
    const heard = JSON.parse(text);
    if (!state || heard.at <= state.at) return;
    if (heard.signedIn !== state.signedIn) return ask("GET");
    state = heard;
    goOn();
  }

  function wait(seconds) {
    clearTimeout(timer);
    timer = setTimeout(() => (warned && left() > 0 ? goOn() : ask("GET")), Math.min(seconds * 1000, 2 ** 31 - 1));
  }

  function goOn() {
    clearTimeout(timer);
    if (state.signedIn) {
      wasSignedIn = true;
      const seconds = left();
      if (seconds <= warnSeconds) warn(seconds);
      else calm();
      wait(seconds > warnSeconds ? seconds - warnSeconds : 1);
    } else {
      calm();
      if (wasSignedIn && fire("ended")) options.ended ? location.assign(options.ended) : location.reload();
      wasSignedIn = false;
    }
  }

  function warn(seconds) {
    if (!warned && fire("warning", { endsIn: seconds, canExtend: canExtend() })) {
      box = document.createElement("div");
      box.className = "sojourn-session";
      box.setAttribute("role", "alert");
      box.style.cssText = "position:fixed;right:1em;bottom:1em;z-index:2147483647;padding:1em;box-sizing:border-box;"
        + "max-width:min(22em,calc(100vw - 2em));background:Canvas;color:CanvasText;border:1px solid;border-radius:.5em";
      const count = document.createElement("span");
      count.setAttribute("aria-hidden", "true"); // announced once, not every second
      box.append(options.text || "Your session is about to end.", count);
      if (canExtend()) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = options.button || "Stay signed in";
        button.onclick = () => ask("POST");
        box.append(button);
      }
      document.body.append(box);
    }
    warned = true;
    if (box) box.firstElementChild.textContent = ` (${seconds} s) `;
  }

  function calm() {
    if (box) box.remove();
    box = null;
    if (warned && state.signedIn) fire("extended", { endsIn: left() });
    warned = false;
  }

  const signOut = action => fetch(action, { method: "POST", credentials: "same-origin" }).then(() => ask("GET"));
  if (channel) channel.onmessage = event => hear(event.data);
  else addEventListener("storage", event => event.key === name && event.newValue && hear(event.newValue));
  addEventListener("pageshow", event => event.persisted && ask("GET"));
  document.addEventListener("visibilitychange", () => !document.hidden && wasSignedIn && ask("GET"));
  window.sojournSession = { extend: () => ask("POST"), check: () => ask("GET"), signOut };
  ask("GET");
})();
