// HTTPS with a certificate of its own; HTTP/2 with H2, over TLS or in clear text.
import { readFile } from 'node:fs/promises';
import { createServer, createSecureServer } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { answer } from './orders.mjs';

const make = { https: createHttps, h2: createSecureServer, h2c: createServer }[process.env.PROTOCOL];
const [key, cert] = await Promise.all(
  ['key.pem', 'cert.pem'].map((name) => readFile(`${process.env.TLS}/${name}`)),
);
make({ key, cert }, answer).listen(Number(process.env.PORT), '127.0.0.1');
