// The certified npm package oidc-provider with its own forms, on loopback: tests/oidc/real.py starts it and signs in.
// node provider.mjs REDIRECT_URI …   prints its issuer once it listens
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const { default: Provider } = await import(createRequire(`${process.cwd()}/`).resolve('oidc-provider'));

// Whoever signs in as "ann" has ann@example.org; the address of "un…" is not verified.
const findAccount = (_context, id) => ({
  accountId: id,
  claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: !id.startsWith('un'), name: `Account ${id}` }),
});

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'city', client_secret: 'a secret for the tests only, long', redirect_uris: process.argv.slice(2) }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    cookies: { keys: ['a key for the tests only'] },
    pkce: { required: () => true },
    findAccount,
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume(); // ends with whoever started it
