import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { outsideText } from '../load/outside-growth.js';
import type { LoadSample } from '../load/measurement.js';
import { outsideSample, type OutsideSample } from '../src/kit/outside/index.js';

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

const sampleWith = (outside: Partial<OutsideSample> | null): LoadSample => ({ outside }) as LoadSample;

const start = { threads: 11, openFiles: 22, children: 0 };

/** Samples of a process with so many megabytes of native memory, and 100 MB of V8's. */
const native = (...megabytes: number[]): LoadSample[] =>
  megabytes.map((one) => {
    const outside = { ...start, anonymousBytes: (100 + one) * 1e6 };
    return { outside, heapTotalBytes: 90e6, externalBytes: 10e6 } as unknown as LoadSample;
  });

describe('what load says of it', () => {
  it('names what grew by more than a warm-up opens', () => {
    const text = outsideText([sampleWith(start), sampleWith({ threads: 36, openFiles: 30, children: 12 })]);
    expect(text).toContain('Outside it grew: native threads 11 to 36, child processes 0 to 12.');
  });

  it('names native memory that grew until the end, and not what a warm-up took', () => {
    expect(outsideText(native(5, 30, 55, 80))).toContain('native memory 5.0 MB to 80.0 MB');
    expect(outsideText(native(5, 60, 60, 60))).toBeNull();
    expect(outsideText(native(5, 12, 20, 30))).toBeNull();
  });

  it('is nothing where little grew, and where the system does not tell', () => {
    expect(
      outsideText([sampleWith(start), sampleWith({ threads: 17, openFiles: 42, children: 6 })]),
    ).toBeNull();
    expect(outsideText([sampleWith(null), sampleWith(null)])).toBeNull();
    expect(outsideText([])).toBeNull();
  });
});
