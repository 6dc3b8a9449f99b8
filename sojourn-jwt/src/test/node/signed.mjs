// Checks tokens with jose through a JWKS document, and signs tokens with keys of its own.
// Reads one JSON object per line: {jwks, token, issuer, audience, now} checks and prints the claims;
// {alg, claims, typ} signs with a new key and prints algorithm, token and JWKS document.
import { createInterface } from 'node:readline';
import { SignJWT, calculateJwkThumbprint, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose';

async function check({ jwks, token, issuer, audience, now }) {
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer,
    audience,
    typ: 'at+jwt',
    requiredClaims: ['sub', 'client_id', 'iat', 'exp', 'jti'],
    currentDate: new Date(now * 1000),
  });
  return { header: protectedHeader, claims: payload };
}

async function sign({ alg, typ, claims }) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg, use: 'sig' };
  jwk.kid = await calculateJwkThumbprint(jwk);
  const token = await new SignJWT(claims).setProtectedHeader({ alg, typ, kid: jwk.kid }).sign(privateKey);
  return { alg, token, jwks: { keys: [jwk] } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = JSON.parse(line);
  console.log(JSON.stringify(task.token === undefined ? await sign(task) : await check(task)));
}
