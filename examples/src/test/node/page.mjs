// Runs the script of the page of api-javalin as a browser does: one cookie jar, and a new module for each load of the page.
import { readFileSync } from "node:fs";

const site = process.argv[2];
const script = readFileSync("api-javalin/src/main/resources/public/api.js", "utf8");
const fetchUrl = globalThis.fetch;
let cookie = "";

globalThis.fetch = async (path, options) => {
  const response = await fetchUrl(site + path, { ...options, headers: { ...options.headers, Cookie: cookie } });
  for (const line of response.headers.getSetCookie()) {
    cookie = line.split(";")[0];
  }
  return response;
};

let loads = 0;
const load = () => import("data:text/javascript," + encodeURIComponent(script + "// " + loads++));
const me = async (page) => {
  const response = await page.call("/api/me");
  console.log(response !== null && response.ok ? (await response.text()).trim() : "not signed in");
};

let page = await load();
await me(page);
await page.login("alice", "wonderland");
await me(page);
const [tab, otherTab] = [await load(), await load()];
await Promise.all([me(tab), me(otherTab)]);
console.log((await tab.logout()) ? "signed out" : "still signed in");
await me(await load());
