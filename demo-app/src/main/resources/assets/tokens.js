// Calls the demo's API as a single-page application does. The access token is in a variable. The refresh token is in a cookie
// that this script cannot read and the browser sends.
"use strict";

(() => {
  const SHOWN_RESPONSES = 10;
  const byId = (id) => document.getElementById(id);
  let accessToken = null;

  async function send(method, path, fields) {
    const headers = accessToken === null ? {} : { Authorization: "Bearer " + accessToken };
    const body = fields === undefined ? undefined : new URLSearchParams(fields);
    const response = await fetch("/api" + path, { method, headers, body });
    const json = await response.json();
    show(method + " /api" + path + " → " + response.status, response.headers.get("Demo-Cost"), json);
    return { ok: response.ok, status: response.status, json };
  }

  // An access token that has expired gets 401. Then a new one is fetched, once, and the call is repeated. Tabs that do this at
  // the same time get the same refresh token, so none of them is signed out.
  async function call(method, path, fields) {
    let response = await send(method, path, fields);
    if (response.status === 401 && (await refresh())) {
      response = await send(method, path, fields);
    }
    return response;
  }

  async function login(name) {
    accessToken = null;
    return keep(await send("POST", "/browser/login", { name }));
  }

  async function refresh() {
    accessToken = null;
    return keep(await send("POST", "/browser/refresh"));
  }

  function keep(response) {
    if (response.ok) {
      accessToken = response.json.access_token;
    }
    return response.ok;
  }

  async function run(action) {
    const [method, path] = action.split(" ");
    if (path === "/browser/refresh") {
      await refresh();
      return;
    }
    const response = await call(method, path);
    if (path === "/logout" && response.ok) {
      accessToken = null;
    }
    list(path === "/sessions" && response.ok ? response.json : []);
  }

  function show(headline, cost, json) {
    const log = byId("log");
    for (const earlier of log.querySelectorAll("details")) {
      earlier.open = false;
    }
    const details = document.createElement("details");
    details.open = true;
    const summary = document.createElement("summary");
    summary.append(headline + " · ");
    const bold = document.createElement("b");
    bold.textContent = cost ?? "no response of the API";
    summary.append(bold);
    const pre = document.createElement("pre");
    pre.textContent = JSON.stringify(json, shorten, 2);
    details.append(summary, pre);
    const entry = document.createElement("li");
    entry.append(details);
    log.prepend(entry);
    while (log.children.length > SHOWN_RESPONSES) {
      log.lastChild.remove();
    }
  }

  function shorten(name, value) {
    return name.endsWith("_token") ? value.slice(0, 6) + "… (" + value.length + " characters)" : value;
  }

  function list(sessions) {
    byId("sessions").replaceChildren(...sessions.map(item));
  }

  function item(session) {
    const entry = document.createElement("li");
    const text = document.createElement("span");
    const ends = new Date(session.endsAt).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    text.textContent = (session.current ? "This script" : "Another browser or app") + ", ends " + ends + " if it is not used";
    entry.append(text);
    if (!session.current) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "quiet";
      button.textContent = "End session";
      button.setAttribute("aria-label", "End session " + session.publicId);
      button.addEventListener("click", () => guard(button, () => end(session.publicId)));
      entry.append(button);
    }
    return entry;
  }

  async function end(publicId) {
    await call("POST", "/sessions/end", { publicId });
    await run("GET /sessions");
  }

  // One call at a time for each button.
  async function guard(button, action) {
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    try {
      await action();
    } catch (error) {
      show("The demo did not respond", null, { error: String(error) });
    } finally {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  }

  byId("login").addEventListener("submit", (event) => {
    event.preventDefault();
    guard(event.submitter, () => login(byId("name").value));
  });
  for (const button of document.querySelectorAll("[data-call]")) {
    button.addEventListener("click", () => guard(button, () => run(button.dataset.call)));
  }
  byId("script-off").hidden = true;
  byId("script-on").hidden = false;
})();
