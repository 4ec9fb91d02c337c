import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { descriptorsOf, watchesOf } from '../src/kit/outside/counters.js';
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
