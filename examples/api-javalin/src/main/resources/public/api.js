// The access token is in this variable only. The refresh token is in a cookie that no script can read.
let accessToken = null;
let refreshing = null;

export async function login(user, password) {
  accessToken = null;
  return keep(await post("/api/browser/login", { user, password }));
}

// Calls the API. Without an access token, or when it has expired (401), gets a new one and calls again, once.
export async function call(path, options = {}) {
  let response = accessToken === null ? null : await send(path, options);
  if ((response === null || response.status === 401) && (await refresh())) {
    response = await send(path, options);
  }
  return response; // null: no user is signed in
}

export async function logout() {
  const response = await call("/api/logout", { method: "POST" });
  if (response !== null && response.ok) {
    accessToken = null;
  }
  return response !== null && response.ok; // false: try again, the user is still signed in
}

// Calls that need a new token at the same time wait for the same one.
function refresh() {
  refreshing ??= post("/api/browser/refresh")
    .then(keep)
    .finally(() => (refreshing = null));
  return refreshing;
}

async function keep(response) {
  accessToken = response.ok ? (await response.json()).access_token : null;
  return response.ok;
}

function send(path, options) {
  return fetch(path, { ...options, headers: { ...options.headers, Authorization: "Bearer " + accessToken } });
}

function post(path, fields) {
  return fetch(path, { method: "POST", body: new URLSearchParams(fields) });
}
