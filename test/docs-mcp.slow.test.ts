import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { match } from '../docs/match.js';
import { startService } from '../load/service.js';
import { startAgent } from './support/agent.js';

interface Call {
  name: string;
  arguments: Record<string, unknown>;
}

/** A call, and right after it the answer. */
const EXCHANGE = /^```json\n((?:(?!^```)[^])*)^```\n\n```text\n([^]*?)^```$/gm;
/** How much of the leak there is, and how far a measurement is, depends on the speed of the machine. */
const SPEED =
  /(?<=LeakyUserCache\.users \(Map, )[\d,]+|[\d,]+(?= requests were sent)|(?<=since )\d+ s(?: \(.*?\))?/g;

it('every call of docs/mcp.md is answered as the page shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-mcp-'));
  const files = ['before', 'after'].map((name) => join(folder, `${name}.heapsnapshot`));
  await promisify(execFile)(process.execPath, ['docs/examples/sessions.mjs', ...files]);
  const service = await startService(['leaky']);
  const agent = await startAgent();
  const [here, there] = [service.url, 'http://127.0.0.1:8000'];
  try {
    const exchanges = [...readFileSync('docs/mcp.md', 'utf8').matchAll(EXCHANGE)];
    expect(exchanges.length).toBeGreaterThan(5);
    for (const [, asked = '', shown = ''] of exchanges) {
      const call = JSON.parse(asked.replaceAll(there, here).replaceAll('/tmp/', `${folder}/`)) as Call;
      const { text } = await agent.call(call.name, call.arguments);
      const lines = [shown.trimEnd(), text.replaceAll(here, there)].map((one) =>
        one.replaceAll(SPEED, 'MANY').split('\n'),
      );
      match(lines[0] ?? [], lines[1] ?? []);
    }
  } finally {
    await agent.close();
    await service.stop();
    await rm(folder, { recursive: true });
  }
});
