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

async function snapshotBy(url: string): Promise<string> {
  const socket = new WebSocket(url, { maxPayload: 2 ** 30 });
  await once(socket, 'open');
  const chunks: string[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { id, method, params } = JSON.parse(data.toString()) as {
        id?: number;
        method?: string;
        params?: { chunk: string };
      };
      if (method === 'HeapProfiler.addHeapSnapshotChunk') chunks.push(params?.chunk ?? '');
      if (id === 1) resolve();
    });
  });
  socket.send(
    JSON.stringify({ id: 1, method: 'HeapProfiler.takeHeapSnapshot', params: { reportProgress: false } }),
  );
  await done;
  socket.terminate();
  return chunks.join('');
}
