// Seals and opens texts with jose, with keys that it derives from the documented rule alone.
// Reads one JSON object per line: {secret, application, purpose, day, content} seals, {secret, application, purpose, text} opens.
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import { CompactEncrypt, base64url, compactDecrypt, decodeProtectedHeader } from 'jose';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function expand(secret, info) {
  return createHmac('sha256', secret).update(info).update(Buffer.of(1)).digest();
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function key({ secret, application, purpose }, day) {
  const label = Buffer.from('sojourn sealed session 1');
  return expand(secret, Buffer.concat([label, text(application), text(purpose), number(day)]));
}

function kid(secret, day) {
  const id = base64url.encode(expand(secret, Buffer.from('sojourn sealed key id 1'))).slice(0, 3);
  return id + DIGITS[(day >> 12) & 63] + DIGITS[(day >> 6) & 63] + DIGITS[day & 63];
}

async function seal(task) {
  return new CompactEncrypt(Buffer.from(task.content))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: kid(task.secret, task.day) })
    .encrypt(key(task, task.day));
}

async function open(task) {
  const header = decodeProtectedHeader(task.text);
  const day = [...header.kid.slice(3)].reduce((sum, each) => sum * 64 + DIGITS.indexOf(each), 0);
  if (header.kid !== kid(task.secret, day)) {
    throw new Error('kid');
  }
  const { plaintext } = await compactDecrypt(task.text, key(task, day));
  return Buffer.from(plaintext).toString();
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  console.log(JSON.stringify(task.text === undefined ? await seal(task) : await open(task)));
}
