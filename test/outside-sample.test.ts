import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { childrenOf, descriptorsOf, watchesOf } from '../src/kit/outside/counters.js';
import { LedgerReader, outsideSample } from '../src/kit/outside/index.js';
import { ownSession } from '../src/kit/process/session.js';

const NOBODY = 2 ** 22 + 1;

describe.skipIf(process.platform !== 'linux')('a sample of what is outside V8', () => {
  it('counts open files, threads and child processes, and what the kernel says of the resident set', async () => {
    const before = outsideSample(process.pid)!;
    const file = await open(process.execPath);
    const child = spawn('cat');
    await once(child, 'spawn');
    const during = outsideSample(process.pid)!;
    child.kill();
    await Promise.all([once(child, 'exit'), file.close()]);
    expect(during.descriptors!.files - before.descriptors!.files).toBe(1);
    expect(during.openFiles).toBeGreaterThan(before.openFiles);
    expect(during.children! - before.children!).toBe(1);
    expect(during.threads).toBeGreaterThan(1);
    expect(during.openFilesLimit).toBeGreaterThan(during.openFiles);
    const resident = during.anonymousBytes + during.fileBytes + during.sharedBytes;
    expect(Math.abs(resident - process.memoryUsage.rss())).toBeLessThan(32e6);
  });

  it('leaves the kinds of descriptors out where there are many, and counts them all the same', async () => {
    const files: FileHandle[] = [];
    for (let index = 0; index < 300; index += 1) files.push(await open(process.execPath));
    const { openFiles, descriptors } = outsideSample(process.pid)!;
    for (const file of files) await file.close();
    expect(openFiles).toBeGreaterThan(300);
    expect(descriptors).toBeNull();
  });

  it('is null where there is no such process', () => {
    expect(outsideSample(NOBODY)).toBeNull();
  });
});

describe.skipIf(process.platform !== 'linux')('memory of child processes', () => {
  it('is what they have of their own: programs and libraries that they share are in memory once', async () => {
    const before = childrenOf(process.pid)!.ownBytes;
    const children = Array.from({ length: 8 }, () => spawn('cat'));
    // A child that echoes has its program and its libraries.
    for (const child of children) {
      child.stdin.write('x');
      await once(child.stdout, 'data');
    }
    const ownBytes = childrenOf(process.pid)!.ownBytes - before;
    const [privateBytes, residentBytes] = ['Private_Dirty', 'Rss'].map((name) =>
      children.reduce((sum, { pid }) => sum + rolledUp(pid!, name), 0),
    );
    for (const child of children) child.kill();
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(Math.abs(ownBytes / privateBytes! - 1)).toBeLessThan(0.15);
    expect(ownBytes).toBeLessThan(residentBytes! / 2);
  });
});

function rolledUp(pid: number, name: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)![1]);
}

describe.skipIf(process.platform !== 'linux')('the ledger of a process', () => {
  it('is read once in each round, by all threads that are measured together', async () => {
    const session = ownSession();
    const reader = new LedgerReader(session, process.pid);
    const first = await reader.read(session, 0);
    const file = await open(process.execPath);
    const again = await reader.read(session, 0);
    const later = await reader.read(session, 100);
    const alone = await reader.read();
    await file.close();
    await session.close();
    const files = [first, again, later, alone].map((ledger) => ledger!.counts.files! - first!.counts.files!);
    expect(files).toEqual([0, 0, 1, 1]);
    // What each thread has of its own is read each time.
    expect(again!.counts.contexts).toBeGreaterThan(0);
  });

  it('counts what is watched, of which one descriptor has many', async () => {
    const before = descriptorsOf(process.pid)!;
    const watchers = ['src', 'test', 'docs', 'load'].map((folder) => watch(folder, () => {}).unref());
    const during = descriptorsOf(process.pid)!;
    expect(watchesOf(process.pid, during) - watchesOf(process.pid, before)).toBe(4);
    expect(during.counts.watches - before.counts.watches).toBeLessThanOrEqual(1);
    for (const watcher of watchers) watcher.close();
    expect(watchesOf(process.pid, descriptorsOf(process.pid)!)).toBe(watchesOf(process.pid, before));
  });
});
