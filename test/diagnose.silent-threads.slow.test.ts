import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DiagnosisJson } from '../src/kit/diagnosis/index.js';
import { diagnoseCommand } from './support/diagnose-command.js';
import { startTarget } from './support/targets.js';

const children: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** Diagnoses the service by requests to this path, and reads the answer. */
async function diagnosed(path: string) {
  const { child, pid, origin } = await startTarget('blocked-thread.cjs');
  children.push(child);
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-silent-'));
  folders.push(folder);
  const file = join(folder, 'answer.json');
  const requests = ['--requests', '4000', '--connections', '10', '--json', file];
  const { code } = await diagnoseCommand(['--pid', String(pid), '--url', `${origin}${path}`, ...requests]);
  const json = JSON.parse(await readFile(file, 'utf8')) as DiagnosisJson;
  const notes = json.notes.filter((note) => note.code === 'thread-silent');
  const verdicts = json.processes!.map(({ role, number, verdict }) => [role, number, verdict?.kind ?? null]);
  return { pid, code, json, silent: notes.map(({ text }) => text).toSorted(), verdicts };
}

describe('a service with worker threads that do not answer', { timeout: 180_000 }, () => {
  it('has the leak of another thread named, and each of them in a line', async () => {
    const { pid, code, json, silent } = await diagnosed('/keep');
    expect([code, json.verdict?.kind]).toEqual([1, 'leak']);
    expect(json.suspects[0]?.name).toMatch(/^worker blocked-thread\.cjs › .*kept \(Array/);
    expect(silent).toHaveLength(2);
    for (const [at, text] of silent.entries()) {
      expect(text).toContain(
        `The worker thread ${at + 1} (blocked-thread.cjs) of process ${pid} does not answer`,
      );
      expect(text).toMatch(/so whether its heap grows is not known/);
      expect(text).not.toContain('\n');
    }
  });

  it('is not called bounded: only what was judged is', async () => {
    const { code, json, silent, verdicts } = await diagnosed('/');
    expect([code, json.verdict?.kind]).toEqual([2, 'unsettled']);
    expect(json.verdict?.reason).toMatch(
      /does not grow, but a part .* was not measured .*worker thread 1 \(process/,
    );
    expect(silent).toHaveLength(2);
    expect(verdicts).toEqual([
      ['process', null, 'bounded'],
      ['worker thread', 3, 'bounded'],
      ['worker thread', 1, null],
      ['worker thread', 2, null],
    ]);
  });

  it('is measured without a thread that stops answering meanwhile', async () => {
    const { code, json, silent, verdicts } = await diagnosed('/late');
    expect([code, json.verdict?.kind]).toEqual([2, 'unsettled']);
    expect(silent).toHaveLength(3);
    expect(verdicts).toEqual([
      ['process', null, 'bounded'],
      ['worker thread', 1, null],
      ['worker thread', 2, null],
      ['worker thread', 3, null],
    ]);
  });
});
