import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { outsideSample } from '../src/kit/outside/index.js';

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
