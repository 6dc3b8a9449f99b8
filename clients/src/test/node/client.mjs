// Reads addresses from standard input, one a line, and prints "STATUS BODY" for each. Keeps cookies as browsers do.
import http2 from 'node:http2';
import readline from 'node:readline';
import { CookieJar } from 'tough-cookie';

const jar = new CookieJar();
const connections = new Map();

async function byFetch(url, cookie) {
  const answer = await fetch(url, { headers: cookie ? { cookie } : {} });
  return { status: answer.status, cookies: answer.headers.getSetCookie(), body: await answer.text() };
}

function byHttp2(url, cookie) {
  const { origin, pathname } = new URL(url);
  if (!connections.has(origin)) {
    connections.set(origin, http2.connect(origin));
  }
  const request = connections.get(origin).request({ ':path': pathname, ...(cookie ? { cookie } : {}) });
  return new Promise((resolve, reject) => {
    const answer = { status: 0, cookies: [], body: '' };
    request.on('response', (headers) => {
      answer.status = headers[':status'];
      answer.cookies = headers['set-cookie'] ?? [];
    });
    request.setEncoding('utf8');
    request.on('data', (chunk) => (answer.body += chunk));
    request.on('end', () => resolve(answer));
    request.on('error', reject);
    request.end();
  });
}

const ask = process.argv[2] === 'http2' ? byHttp2 : byFetch;
for await (const url of readline.createInterface({ input: process.stdin })) {
  const answer = await ask(url, await jar.getCookieString(url));
  for (const cookie of answer.cookies) {
    await jar.setCookie(cookie, url);
  }
  console.log(`${answer.status} ${answer.body.replaceAll('\n', ' ')}`);
}
for (const connection of connections.values()) {
  connection.close();
}
