import { describe, expect, it } from 'vitest';
import { type Code, handleAfter, tryCode } from './support/fix.js';

const IMPORTS = `import { fork, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect } from 'node:net';
import { finished, pipeline } from 'node:stream/promises';
import { createSecureContext } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { createGzip } from 'node:zlib';
`;

/** A handler that makes something at the line with ✱. */
const code = (text: string, kind: Code['kind'] = 'handles'): Code => ({
  text: `${IMPORTS}\n${text}\n`,
  kind,
  name: 'native memory made at src/a.js',
  at: '✱',
});

const PATCHES: Record<string, [before: string, after: string]> = {
  'a file is closed in a finally, also where it is closed on one path already': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  const { size } = await file.stat();
  if (size === 0) return null;
  const text = await file.readFile('utf8');
  await file.close();
  return text;
}`,
    `export async function handle(path) {
  const file = await open(path); // ✱
  try {
    const { size } = await file.stat();
    if (size === 0) return null;
    const text = await file.readFile('utf8');
    return text;
  } finally {
    await file.close();
  }
}`,
  ],
  'a file that is closed before two of its ways out is closed once': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  const head = await file.read();
  if (head.bytesRead === 0) {
    await file.close();
    return null;
  }
  const rest = await file.readFile();
  await file.close();
  return rest;
}`,
    `export async function handle(path) {
  const file = await open(path); // ✱
  try {
    const head = await file.read();
    if (head.bytesRead === 0) {
      return null;
    }
    const rest = await file.readFile();
    return rest;
  } finally {
    await file.close();
  }
}`,
  ],
  'a descriptor is closed in a function that waits for nothing': [
    `export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  const head = Buffer.alloc(8);
  readSync(fd, head, 0, 8, 0);
  return { head, size: fstatSync(fd).size };
}`,
    `export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  try {
    const head = Buffer.alloc(8);
    readSync(fd, head, 0, 8, 0);
    return { head, size: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}`,
  ],
  'a descriptor that a function of the file reads is closed after it': [
    `export async function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  return sum(headOf(fd));
}
function headOf(fd) { const head = Buffer.alloc(8); readSync(fd, head, 0, 8, 0); return head; }`,
    `export async function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  try {
    return await sum(headOf(fd));
  } finally {
    closeSync(fd);
  }
}`,
  ],
  'what follows the end of a file, and uses nothing of it, stays outside of the try': [
    `export async function handle(path) {
  const file = await open(path, 'w'); // ✱
  await file.writeFile('x');
  await file.close();
  await report(path);
}`,
    `export async function handle(path) {
  const file = await open(path, 'w'); // ✱
  try {
    await file.writeFile('x');
  } finally {
    await file.close();
  }
  await report(path);
}`,
  ],
  'a promise that is returned settles before the end': [
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}`,
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
  } finally {
    await worker.terminate();
  }
}`,
  ],
  'a worker that is given to a function of the file is terminated after it': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  worker.postMessage(job);
  return answerOf(worker);
}
async function answerOf(worker) {
  const [answer] = await once(worker, 'message');
  return answer;
}`,
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  try {
    worker.postMessage(job);
    return await answerOf(worker);
  } finally {
    await worker.terminate();
  }
}`,
  ],
  'a child is killed when its output is complete': [
    `export async function handle(text) {
  const child = spawn('cat'); // ✱
  let output = '';
  child.stdout.on('data', (part) => (output += part));
  child.stdin.write(text);
  await once(child.stdout, 'end');
  return output;
}`,
    `export async function handle(text) {
  const child = spawn('cat'); // ✱
  try {
    let output = '';
    child.stdout.on('data', (part) => (output += part));
    child.stdin.write(text);
    await once(child.stdout, 'end');
    return output;
  } finally {
    child.kill();
  }
}`,
  ],
  'the stream of a file is destroyed where the loop over it is left': [
    `export async function handle(path) {
  const stream = createReadStream(path); // ✱
  for await (const part of stream) if (part.includes(0)) return true;
  return false;
}`,
    `export async function handle(path) {
  const stream = createReadStream(path); // ✱
  try {
    for await (const part of stream) if (part.includes(0)) return true;
    return false;
  } finally {
    stream.destroy();
  }
}`,
  ],
  'a socket that gets an answer is closed': [
    `export async function handle(query) {
  const socket = createSocket('udp4'); // ✱
  socket.send(query, 53, '127.0.0.1');
  const [answer] = await once(socket, 'message');
  return answer;
}`,
    `export async function handle(query) {
  const socket = createSocket('udp4'); // ✱
  try {
    socket.send(query, 53, '127.0.0.1');
    const [answer] = await once(socket, 'message');
    return answer;
  } finally {
    socket.close();
  }
}`,
  ],
  'what is made in an inner block is ended there': [
    `export async function handle(paths) {
  for (const path of paths) {
    const file = await open(path); // ✱
    await file.sync();
  }
}`,
    `export async function handle(paths) {
  for (const path of paths) {
    const file = await open(path); // ✱
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}`,
  ],
  'a Set that only notes what runs forgets it as well': [
    `const running = new Set();
export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  running.add(worker);
  await once(worker, 'message');
}
export function close() { for (const worker of running) worker.terminate(); }`,
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  running.add(worker);
  try {
    await once(worker, 'message');
  } finally {
    running.delete(worker);
    await worker.terminate();
  }
}`,
  ],
  'a Set that forgets it where all went well forgets it on every path': [
    `const files = new Set();
export async function handle(path) {
  const file = await open(path); // ✱
  files.add(file);
  const text = await file.readFile();
  await file.close();
  files.delete(file);
  return text;
}`,
    `export async function handle(path) {
  const file = await open(path); // ✱
  files.add(file);
  try {
    const text = await file.readFile();
    files.delete(file);
    return text;
  } finally {
    files.delete(file);
    await file.close();
  }
}`,
  ],
  'a worker whose first message settles a promise is terminated after it': [
    `export function handle(job) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('./job.js', { workerData: job }); // ✱
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => { if (code !== 0) reject(new Error(String(code))); });
  });
}`,
    `export function handle(job) {
  return new Promise((resolve, reject) => {
    const worker = new Worker('./job.js', { workerData: job }); // ✱
    worker.on('message', resolve);
    worker.once('message', () => worker.terminate());
    worker.on('error', reject);
    worker.on('exit', (code) => { if (code !== 0) reject(new Error(String(code))); });
  });
}`,
  ],
  'a forked child whose message answers a request is killed after it': [
    `export function handle(req, res) {
  const child = fork('./job.js'); // ✱
  child.send(req.query);
  child.once('message', (answer) => res.json(answer));
}`,
    `export function handle(req, res) {
  const child = fork('./job.js'); // ✱
  child.send(req.query);
  child.once('message', (answer) => res.json(answer));
  child.once('message', () => child.kill());
}`,
  ],
  'a TLS context with the same options is made once': [
    `export function handle(host) {
  const context = createSecureContext({ minVersion: 'TLSv1.2' }); // ✱
  return tls.connect({ host, secureContext: context });
}`,
    `export function handle(host) {
  return tls.connect({ host, secureContext: context });
}`,
  ],
  'a module that is compiled from the same bytes is compiled once': [
    `const BYTES = readBytes();
export function handle(text) {
  const module = new WebAssembly.Module(BYTES); // ✱
  return new WebAssembly.Instance(module, {}).exports.parse(text);
}`,
    `export function handle(text) {
  return new WebAssembly.Instance(module, {}).exports.parse(text);
}`,
  ],
  'a view of an instance that is compiled with it is copied': [
    `const names = new Map();
export async function handle(text) {
  const { instance } = await WebAssembly.instantiate(BYTES); // ✱
  const view = new Uint8Array(instance.exports.memory.buffer, 0, 8);
  names.set(text, view);
}`,
    `export async function handle(text) {
  const { instance } = await WebAssembly.instantiate(BYTES); // ✱
  const view = new Uint8Array(instance.exports.memory.buffer, 0, 8);
  names.set(text, Uint8Array.from(view));
}`,
  ],
  'a connection that is closed where all went well is closed on every path': [
    `export async function handle(port) {
  const socket = connect(port); // ✱
  socket.write('hello');
  const [answer] = await once(socket, 'data');
  if (answer.length === 0) throw new Error('no answer');
  socket.end();
  return parse(answer);
}`,
    `export async function handle(port) {
  const socket = connect(port); // ✱
  try {
    socket.write('hello');
    const [answer] = await once(socket, 'data');
    if (answer.length === 0) throw new Error('no answer');
    return await parse(answer);
  } finally {
    socket.end();
  }
}`,
  ],
  'a child that hangs is killed after a timeout': [
    `export async function handle(job) {
  const child = spawn('job'); // ✱
  await Promise.race([once(child, 'exit'), sleep(1000)]);
  return child.exitCode;
}`,
    `export async function handle(job) {
  const child = spawn('job'); // ✱
  try {
    await Promise.race([once(child, 'exit'), sleep(1000)]);
    return child.exitCode;
  } finally {
    child.kill();
  }
}`,
  ],
  'a view of a WebAssembly memory is copied': [
    `const documents = [];
export async function handle(text) {
  const instance = new WebAssembly.Instance(parser, {}); // ✱
  const at = instance.exports.parse(text.length);
  const view = new Uint8Array(instance.exports.memory.buffer, at, 8);
  documents[at % 100] = view;
}`,
    `export async function handle(text) {
  const instance = new WebAssembly.Instance(parser, {}); // ✱
  const at = instance.exports.parse(text.length);
  const view = new Uint8Array(instance.exports.memory.buffer, at, 8);
  documents[at % 100] = Uint8Array.from(view);
}`,
  ],
};

const DECLINED: Record<string, [text: string, reason: string]> = {
  'a descriptor is returned': [
    `export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  return { fd, size: fstatSync(fd).size };
}`,
    'handle-is-returned',
  ],
  'a descriptor becomes the output of a child': [
    `export function handle(path) {
  const log = openSync(path, 'a'); // ✱
  return spawn('ls', { stdio: ['ignore', log, log] });
}`,
    'handle-is-given',
  ],
  'a stream reads a descriptor': [
    `export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  return createReadStream('', { fd });
}`,
    'handle-is-given',
  ],
  'a descriptor is read later': [
    `export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  setTimeout(() => readSync(fd, shared), 1000);
}`,
    'handle-is-given',
  ],
  'a descriptor is kept': [
    `const open = new Map();
export function handle(path) {
  const fd = openSync(path, 'r'); // ✱
  open.set(path, fd);
}`,
    'handle-is-kept',
  ],
  'a file is returned to the caller': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  await file.stat();
  return file;
}`,
    'handle-is-returned',
  ],
  'a file is returned in an object': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  return { size: (await file.stat()).size, file };
}`,
    'handle-is-returned',
  ],
  'its stream is returned': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  await file.stat();
  return file.createReadStream();
}`,
    'outlives-function',
  ],
  'a function that uses a file is returned': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  await file.stat();
  return () => file.read();
}`,
    'handle-is-given',
  ],
  'a worker is kept in a pool, and taken out again': [
    `const idle = [];
export async function handle(job) {
  if (idle.length > 0) return ask(idle.pop(), job);
  const worker = new Worker('./job.js'); // ✱
  const answer = await ask(worker, job);
  idle.push(worker);
  return answer;
}
async function ask(worker, job) {
  worker.postMessage(job);
  return (await once(worker, 'message'))[0];
}`,
    'handle-is-kept',
  ],
  'a worker is in a Set from which others take it': [
    `const workers = new Set();
export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  workers.add(worker);
  await once(worker, 'message');
}
export function broadcast(text) { for (const worker of workers) worker.postMessage(text); }`,
    'handle-is-kept',
  ],
  'a worker is in a Set that another file gets': [
    `export const workers = new Set();
export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  workers.add(worker);
  register(workers);
  await once(worker, 'message');
}`,
    'handle-is-kept',
  ],
  'a worker is kept in a field': [
    `export class Jobs {
  async handle(job) {
    const worker = new Worker('./job.js'); // ✱
    this.worker = worker;
    await once(worker, 'message');
  }
}`,
    'handle-is-kept',
  ],
  'another function closes it': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  await file.stat();
  await finish(file);
}
async function finish(file) { await file.close(); }`,
    'ended-elsewhere',
  ],
  'a timer ends it': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  setTimeout(() => worker.terminate(), 1000);
  await once(worker, 'message');
}`,
    'ended-elsewhere',
  ],
  'its own listener ends it': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  worker.on('message', ({ isLast }) => { if (isLast) worker.terminate(); });
  await once(worker, 'message');
}`,
    'ended-elsewhere',
  ],
  'a finally closes it already': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}`,
    'ended-elsewhere',
  ],
  'it is closed on a condition, and used after it': [
    `export async function handle(path, isLast) {
  const file = await open(path); // ✱
  await file.stat();
  if (isLast) {
    await file.close();
  }
  await report(path);
}`,
    'ended-elsewhere',
  ],
  'a worker goes on after it has started': [
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  await once(worker, 'online');
  return { started: true };
}`,
    'outlives-function',
  ],
  'a worker says that it is ready, and works on': [
    `export async function handle(job) {
  const child = fork('./job.js', [job]); // ✱
  await isReady(child);
  return child.pid;
}
const isReady = (child) => once(child, 'message');`,
    'outlives-function',
  ],
  'a worker answers with the name of its job, and works on': [
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  const [jobId] = await once(worker, 'message').then(([{ jobId }]) => [jobId]);
  return { jobId };
}`,
    'outlives-function',
  ],
  'a file is read again after it was closed': [
    `export async function handle(path) {
  const file = await open(path, 'w'); // ✱
  const written = await file.write('x');
  await file.close();
  return (await readFile(path)).length === written;
}`,
    'used-after',
  ],
  'a case opens it': [
    `export async function handle(path) {
  switch (path) {
    case '/':
      const file = await open(path); // ✱
      await file.stat();
  }
}`,
    'starts-on-a-condition',
  ],
  'a worker gets its job, and nobody waits for it': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  worker.postMessage(job);
  await audit(job);
}`,
    'outlives-function',
  ],
  'a worker gets one more job after its answer': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  await once(worker, 'message');
  worker.postMessage(job);
}`,
    'outlives-function',
  ],
  'a worker is asked by code that may keep it': [
    `export async function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  const api = wrap(worker);
  return api.run(job);
}`,
    'handle-is-given',
  ],
  'a child is detached': [
    `export async function handle(job) {
  const child = spawn('job', { detached: true }); // ✱
  await once(child.stdout, 'data');
}`,
    'outlives-function',
  ],
  'a child is meant to run on its own': [
    `export async function handle(job) {
  const child = spawn('job'); // ✱
  child.unref();
  await once(child.stdout, 'data');
}`,
    'outlives-function',
  ],
  'a child ends by itself, or hangs': [
    `export async function handle(job) {
  const child = spawn('job'); // ✱
  const [code] = await once(child, 'exit');
  return code;
}`,
    'waits-for-its-end',
  ],
  'a worker has a result, and only its end resolves the promise': [
    `export async function handle(job) {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  let result = null;
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message) => { result = message; });
    worker.on('exit', (code) => (code === 0 ? resolve(result) : reject(new Error(String(code)))));
  });
}`,
    'waits-for-its-end',
  ],
  'a child writes to a response': [
    `export async function handle(req, res) {
  const child = spawn('job'); // ✱
  child.stdout.pipe(res);
  await once(child.stdout, 'data');
}`,
    'outlives-function',
  ],
  'what a stream puts out is not waited for': [
    `export async function handle(text, res) {
  const gzip = createGzip(); // ✱
  gzip.on('data', (part) => res.write(part));
  await new Promise((resolve) => gzip.write(text, resolve));
}`,
    'outlives-function',
  ],
  'a stream is piped into a response': [
    `export async function handle(text, res) {
  const gzip = createGzip(); // ✱
  gzip.pipe(res);
  gzip.end(text);
  await report(text);
}`,
    'outlives-function',
  ],
  'the close of a response ends it': [
    `export async function handle(text, res) {
  const gzip = createGzip(); // ✱
  res.on('close', () => gzip.destroy());
  await once(gzip, 'end');
}`,
    'ended-elsewhere',
  ],
  'a connection is handed on when it is open': [
    `export async function handle(port) {
  const socket = connect(port); // ✱
  await once(socket, 'connect');
  socket.write('hello');
}`,
    'outlives-function',
  ],
  'a function that is not async opens it': [
    `export function handle(job) {
  const worker = new Worker('./job.js'); // ✱
  worker.postMessage(job);
}`,
    'outlives-function',
  ],
  'the first message is not the answer': [
    `export function handle(job) {
  return new Promise((resolve) => {
    const worker = new Worker('./job.js'); // ✱
    worker.on('message', (message) => { if (message.done) resolve(message); });
  });
}`,
    'outlives-function',
  ],
  'a worker that has answered is kept for the next job': [
    `const idle = [];
export function handle(job) {
  return new Promise((resolve) => {
    const worker = new Worker('./job.js'); // ✱
    worker.once('message', resolve);
    worker.once('message', () => idle.push(worker));
  });
}`,
    'handle-is-kept',
  ],
  'the end of a worker is an error after the answer': [
    `export function handle(req, res, next) {
  const worker = new Worker('./job.js'); // ✱
  worker.once('message', (answer) => res.json(answer));
  worker.once('exit', () => next(new Error('the worker stopped')));
}`,
    'outlives-function',
  ],
  'a worker is in no constant': [
    `export async function handle(job) {
  return once(new Worker('./job.js'), 'message'); // ✱
}`,
    'handle-has-no-name',
  ],
  'a child is a server that is started, and the caller gets its address': [
    `export async function handle(site) {
  const child = spawn('server', [site]); // ✱
  const [line] = await once(child.stdout, 'data');
  return { url: line.toString() };
}`,
    'outlives-function',
  ],
  'a function is there to start it': [
    `export class Servers {
  async startServer(site) {
    const child = spawn('server', [site]); // ✱
    const [line] = await once(child.stdout, 'data');
    return line.toString();
  }
}`,
    'outlives-function',
  ],
  'a function is there to start a job': [
    `export const startJob = (job) => new Promise((resolve) => {
  const worker = new Worker('./job.js', { workerData: job }); // ✱
  worker.once('message', resolve);
});`,
    'outlives-function',
  ],
  'the first message has a port to a worker that goes on': [
    `export const handle = (job) => new Promise((resolve) => {
  const worker = new Worker('./job.js'); // ✱
  worker.once('message', ({ port }) => resolve(port));
});`,
    'outlives-function',
  ],
  'a function waits until a worker is ready': [
    `export const untilReady = (job) => new Promise((resolve) => {
  const worker = new Worker('./job.js'); // ✱
  worker.once('message', resolve);
});`,
    'outlives-function',
  ],
  'it is closed as soon as it is open': [
    `const files = new Set();
export async function handle(path) {
  const file = await open(path); // ✱
  files.add(file);
  await file.close();
  await report(path);
}`,
    'ended-elsewhere',
  ],
  'a file is only noted down': [
    `const files = new Set();
export async function handle(path) {
  const file = await open(path); // ✱
  files.add(file);
  file.on('close', () => files.delete(file));
}`,
    'outlives-function',
  ],
  'a stream is given to an answer': [
    `export async function handle(path, reply) {
  const stream = createReadStream(path); // ✱
  await once(stream, 'open');
  return reply.send(stream);
}`,
    'handle-is-given',
  ],
  'a file is given on by its number': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  await serve({ fd: file.fd });
}`,
    'handle-is-given',
  ],
  'another name has it': [
    `export async function handle(path) {
  const file = await open(path); // ✱
  const { fd } = file;
  await serve(fd);
}`,
    'handle-is-kept',
  ],
  'a worker is put into a pool where it is made': [
    `const pool = [];
export function handle(size) {
  while (pool.length < size) pool.push(new Worker('./job.js')); // ✱
}`,
    'handle-is-kept',
  ],
  'two may be meant': [
    `export async function handle(path) {
  const from = await open(path), to = await open(path + '.copy'); // ✱
  await from.sync();
}`,
    'several-places',
  ],
  'a certificate is read again for each context': [
    `export function handle(host) {
  const context = createSecureContext({ cert: readFileSync('./cert.pem') }); // ✱
  return tls.connect({ host, secureContext: context });
}`,
    'reads-anew',
  ],
  'a certificate is replaced while the service runs': [
    `let cert = '';
export function renew(next) { cert = next; }
export function handle(host) {
  const context = createSecureContext({ cert }); // ✱
  return tls.connect({ host, secureContext: context });
}`,
    'reads-anew',
  ],
  'a module is compiled from what a request sends': [
    `export async function handle(request) {
  const module = new WebAssembly.Module(request.body); // ✱
  return new WebAssembly.Instance(module, {}).exports.run();
}`,
    'follows-from-request',
  ],
  'the options of a context are declared further down': [
    `export function handle(host) {
  const context = createSecureContext(OPTIONS); // ✱
  return tls.connect({ host, secureContext: context });
}
const OPTIONS = { minVersion: 'TLSv1.2' };`,
    'declared-later',
  ],
  'a WebAssembly instance is stored beside the view': [
    `const documents = [];
export async function handle(text) {
  const instance = new WebAssembly.Instance(parser, {}); // ✱
  const view = new Uint8Array(instance.exports.memory.buffer, 0, 8);
  documents.push(view);
  instances.push(instance);
}`,
    'handle-is-kept',
  ],
  'a shared buffer is kept for a reader': [
    `const frames = [];
export async function handle(text) {
  const frame = new SharedArrayBuffer(1024); // ✱
  frames.push(frame);
  await send(text);
}`,
    'handle-is-kept',
  ],
};

describe('of what is outside the heap', () => {
  it.each(Object.entries(PATCHES))('%s', async (_, [before, after]) => {
    expect(await handleAfter(code(before, before.includes('WebAssembly') ? 'webassembly' : 'handles'))).toBe(
      after,
    );
  });

  it('a Set that notes what runs leads to it as well', async () => {
    const [text, after] = PATCHES['a Set that only notes what runs forgets it as well'] ?? ['', ''];
    const { text: whole } = code(text);
    expect(await handleAfter({ text: whole, kind: 'container', name: 'src/a.js › running' })).toBe(after);
  });

  it.each(Object.entries(DECLINED))('there is no patch where %s', async (_, [text, reason]) => {
    const { declined, after } = await tryCode(code(text, 'native'));
    expect(declined, after ?? '').toBe(reason);
  });
});

it.each([
  ["import fs from 'node:fs';\n", 'fs.openSync', 'fs.closeSync(fd);', ''],
  [
    "import { openSync } from 'node:fs';\n",
    'openSync',
    'closeSync(fd);',
    "import { openSync, closeSync } from 'node:fs';",
  ],
  [
    "const { openSync } = require('fs');\n",
    'openSync',
    'closeSync(fd);',
    "const { openSync, closeSync } = require('fs');",
  ],
])('closes a descriptor by a function of the same module: %s', async (imports, opens, closes, added) => {
  const text = `${imports}module.exports = (path) => {
  const fd = ${opens}(path, 'r'); // ✱
  return statOf(fd);
};
function statOf(fd) { return fd > 2; }
`;
  const { after, fixed } = await tryCode({
    text,
    kind: 'files',
    name: 'open files made at src/a.js',
    at: '✱',
  });
  expect(after, JSON.stringify(fixed)).toContain(closes);
  expect(after).toContain(added);
});
