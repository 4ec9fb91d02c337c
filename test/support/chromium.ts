import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { program } from './programs.js';

export const hasChromium = program('chromium') !== undefined;

/** Writes a heap snapshot of a page, which Chromium takes of itself. */
export async function snapshotOfPage(html: string, file: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'leak-lab-chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
  const page = `data:text/html,${encodeURIComponent(html)}`;
  const browser = spawn('chromium', [...flags, `--user-data-dir=${profile}`, page], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    const { host } = new URL(await addressIn(browser.stderr));
    const tabs = (await (await fetch(`http://${host}/json/list`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const tab = tabs.find(({ type }) => type === 'page');
    if (tab === undefined) throw new Error('the browser has no page');
    await writeFile(file, await snapshotBy(tab.webSocketDebuggerUrl));
  } finally {
    browser.kill('SIGKILL');
    await once(browser, 'close');
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function addressIn(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
  }
  throw new Error('the browser ended');
}

interface Message {
  id?: number;
  method?: string;
  params?: { chunk: string };
  result?: { result?: { value?: unknown } };
}

/** The page that the browser was started with, and not the empty one before it. */
const LOADED = 'document.readyState === "complete" && location.protocol === "data:"';

async function snapshotBy(url: string): Promise<string> {
  const socket = new WebSocket(url, { maxPayload: 2 ** 30 });
  await once(socket, 'open');
  const chunks: string[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message;
    if (message.method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(message.params?.chunk ?? '');
    waiting.get(message.id ?? -1)?.(message);
  });
  let id = 0;
  const send = (method: string, params: object): Promise<Message> =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  for (let isLoaded = false; !isLoaded;)
    isLoaded = (await send('Runtime.evaluate', { expression: LOADED })).result?.result?.value === true;
  await send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  socket.terminate();
  return chunks.join('');
}
