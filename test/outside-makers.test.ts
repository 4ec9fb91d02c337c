import { createHash } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { open } from 'node:fs/promises';
import inspector from 'node:inspector';
import { Resolver } from 'node:dns';
import { createSocket } from 'node:dgram';
import { createSecureContext } from 'node:tls';
import vm from 'node:vm';
import { Worker } from 'node:worker_threads';
import { createGzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { recordCalls } from '../src/kit/diagnosis/outside/record-calls.js';
import type { InspectorSession } from '../src/kit/process/session.js';

/** The inspector of this process, in the form in which the kit talks to another one. */
function ownSession(): { session: InspectorSession; close: () => void } {
  const own = new inspector.Session();
  own.connect();
  const events = new EventEmitter();
  const post = (method: string, params: object = {}): Promise<never> =>
    new Promise((resolve, reject) => {
      own.post(method, params, (error, result) => {
        if (error) reject(error);
        else resolve(result as never);
      });
    });
  const session = { post, on: () => () => events.removeAllListeners(), close: async () => {} };
  return { session, close: () => own.disconnect() };
}

/** Makes one of most of what the recorder knows. */
async function makeOfEach(): Promise<number> {
  const worker = new Worker('setInterval(() => {}, 1e6)', { eval: true });
  await once(worker, 'online');
  await worker.terminate();
  const other = new inspector.Session();
  other.connect();
  other.disconnect();
  new BroadcastChannel('leak-lab').close();
  createGzip().destroy();
  createSocket('udp4').close();
  createSecureContext({ minVersion: 'TLSv1.2' });
  await (await open(process.execPath)).close();
  new Resolver().cancel();
  vm.runInContext('1', vm.createContext({}));
  expect(new vm.Script('1 + 1').runInThisContext()).toBe(2);
  expect(createHash('sha256').update('').digest('hex')).toMatch(/^e3b0/);
  return 1;
}

it('what is made while its makers are recorded is made as always, and a worker is found by its channel', async () => {
  const { session, close } = ownSession();
  try {
    const sites = await recordCalls(session, makeOfEach);
    const here = sites.filter(({ place }) => place?.file.includes('outside-makers'));
    expect(here.map(({ maker }) => maker)).toEqual(
      expect.arrayContaining([
        'worker_threads.MessageChannel',
        'tls.createSecureContext',
        'vm.createContext',
      ]),
    );
    expect(here.find(({ maker }) => maker === 'worker_threads.MessageChannel')?.known?.makes).toContain(
      'threads',
    );
  } finally {
    close();
  }
});

it('a Blob that is kept is not taken for one that is collected', async () => {
  const { session, close } = ownSession();
  const kept: Blob[] = [];
  try {
    const sites = await recordCalls(session, async () => {
      for (let index = 0; index < 20; index += 1) kept.push(new Blob([`${index}`]));
      return 20;
    });
    const blobs = sites.find(({ maker }) => maker === 'Blob');
    expect(blobs).toMatchObject({ calls: 20, callsPerWork: 1 });
    // On Node 20 its constructor returns another object than `this`: which stays is not known.
    expect(blobs!.aliveShare ?? 1).toBe(1);
    expect(kept).toHaveLength(20);
  } finally {
    close();
  }
});

it('where only functions of JavaScript are watched, a worker is found all the same, and others are left out', async () => {
  const { session, close } = ownSession();
  const all = { makes: null, isNativeToo: true };
  const makersOf = async (watched: typeof all) => {
    const sites = await recordCalls(
      session,
      async () => {
        expect(new Intl.DateTimeFormat('de').format(0)).toContain('1970');
        return makeOfEach();
      },
      watched,
    );
    return sites.filter(({ place }) => place?.file.includes('outside-makers')).map(({ maker }) => maker);
  };
  try {
    const [natives, without] = [await makersOf(all), await makersOf({ ...all, isNativeToo: false })];
    expect(natives).toContain('Intl.DateTimeFormat');
    expect(natives).not.toContain('worker_threads.MessagePort.on');
    expect(without).not.toContain('Intl.DateTimeFormat');
    expect(without).toEqual(
      expect.arrayContaining(['worker_threads.MessagePort.on', 'tls.createSecureContext']),
    );
  } finally {
    close();
  }
});

it('only what makes what grows is watched', async () => {
  const { session, close } = ownSession();
  try {
    const sites = await recordCalls(session, makeOfEach, { makes: ['files'], isNativeToo: true });
    const makers = sites
      .filter(({ place }) => place?.file.includes('outside-makers'))
      .map(({ maker }) => maker);
    expect([...new Set(makers)]).toEqual(['fs.promises.open']);
  } finally {
    close();
  }
});
