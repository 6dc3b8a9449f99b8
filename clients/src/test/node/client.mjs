// Reads URLs from standard input, one per line, and prints "STATUS BODY" for each. Keeps cookies as browsers do.
import http2 from 'node:http2';
import readline from 'node:readline';
import { CookieJar } from 'tough-cookie';

const jar = new CookieJar();
const connections = new Map();

async function byFetch(url, cookie) {
  const response = await fetch(url, { headers: cookie ? { cookie } : {} });
  return { status: response.status, cookies: response.headers.getSetCookie(), body: await response.text() };
}

function byHttp2(url, cookie) {
  const { origin, pathname } = new URL(url);
  if (!connections.has(origin)) {
    connections.set(origin, http2.connect(origin));
  }
  const request = connections.get(origin).request({ ':path': pathname, ...(cookie ? { cookie } : {}) });
  return new Promise((resolve, reject) => {
    const response = { status: 0, cookies: [], body: '' };
    request.on('response', (headers) => {
      response.status = headers[':status'];
      response.cookies = headers['set-cookie'] ?? [];
    });
    request.setEncoding('utf8');
    request.on('data', (chunk) => (response.body += chunk));
    request.on('end', () => resolve(response));
    request.on('error', reject);
    request.end();
  });
}

const get = process.argv[2] === 'http2' ? byHttp2 : byFetch;
for await (const url of readline.createInterface({ input: process.stdin })) {
  const response = await get(url, await jar.getCookieString(url));
  for (const cookie of response.cookies) {
    await jar.setCookie(cookie, url);
  }
  console.log(`${response.status} ${response.body.replaceAll('\n', ' ')}`);
}
for (const connection of connections.values()) {
  connection.close();
}
