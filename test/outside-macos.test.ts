import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LedgerReader, missingText, mostOf } from '../src/kit/outside/index.js';
import { parseLsof } from '../src/kit/outside/macos/lsof.js';
import { parseChildren, parseThreads } from '../src/kit/outside/macos/ps.js';
import { parseVmmap } from '../src/kit/outside/macos/vmmap.js';
import { ownSession } from '../src/kit/process/session.js';
import { seeded } from './support/series.js';

const FOLDER = fileURLToPath(new URL('support/macos/', import.meta.url));
const [vmmap, vmmap26, lsof, threads, all] = (await Promise.all(
  ['vmmap', 'vmmap-26', 'lsof', 'ps-threads', 'ps-all'].map((name) =>
    readFile(join(FOLDER, `${name}.txt`), 'utf8'),
  ),
)) as [string, string, string, string, string];

const [KIB, MIB] = [1024, 1024 * 1024];
const PID = 4242;

describe('the summary of vmmap', () => {
  it('has what is in memory by kind, compressed or not, and beside it what is the process’s own', () => {
    const { resident } = parseVmmap(vmmap)!;
    expect(resident['v8-heap']).toEqual({ rssBytes: 53 * MIB, pssBytes: 52.5 * MIB });
    expect(resident.malloc.rssBytes).toBe(
      Math.round((12.3 + 9.5) * MIB) + (544 + 64 + 1_024 + 512 + 1_536 + 2_048 + 128) * KIB,
    );
    expect(resident['thread-stacks']).toEqual({ rssBytes: 304 * KIB, pssBytes: 304 * KIB });
    expect(resident.anonymous.rssBytes).toBe((32 + 16 + 320 + 16) * KIB);
    expect(resident['mapped-files']).toEqual({ rssBytes: 2 * MIB, pssBytes: 0 });
    expect(resident['shared-memory'].rssBytes).toBe(32 * KIB);
    // Of the libraries of the system, what is resident belongs to all processes.
    expect(resident.libraries.rssBytes).toBeGreaterThan(148 * MIB);
    expect(resident.libraries.pssBytes).toBe((16 + 511 + 112 + 32 + 218 + 12) * KIB);
    expect(resident.other.rssBytes).toBe((48 + 16) * KIB);
  });

  it('has what malloc has in use and free, in all zones', () => {
    expect(parseVmmap(vmmap)!.malloc).toEqual({
      inUseBytes: Math.round(21.5 * MIB) + 22 * KIB + 2_496,
      freeBytes: (4_012 + 34 + 17) * KIB,
      blocks: 61_234 + 329 + 12,
    });
  });

  it('has the names of macOS 26 as well, and one zone without a sum', () => {
    const { resident, malloc } = parseVmmap(vmmap26)!;
    expect(resident.malloc.rssBytes).toBe(21 * MIB);
    expect(resident['v8-heap'].rssBytes).toBe(30 * MIB);
    expect(resident.anonymous.rssBytes).toBe(256 * KIB);
    expect(resident['mapped-files'].rssBytes).toBe(MIB);
    expect(resident['shared-memory'].rssBytes).toBe(64 * KIB);
    expect(resident['thread-stacks'].rssBytes).toBe(512 * KIB);
    expect(malloc).toEqual({ inUseBytes: Math.round(19.4 * MIB), freeBytes: 1_638 * KIB, blocks: 152_003 });
  });

  it('says nothing of malloc where tenths of gigabytes are all that is shown', () => {
    const large = parseVmmap(vmmap.replace('      21.5M', '       2.1G'))!;
    expect(large.malloc).toBeNull();
    expect(large.resident.malloc.rssBytes).toBeGreaterThan(0);
  });

  it('is not read where a column is missing, or where it is something else', () => {
    for (const text of [
      '',
      'VIRTUAL\nREGION TYPE\n',
      lsof,
      vmmap.replace('RESIDENT', 'PRESENT'),
      vmmap.slice(0, 900),
      vmmap.slice(0, vmmap.indexOf('VM_ALLOCATE')),
    ])
      expect(parseVmmap(text)).toBeNull();
  });
});

describe('what lsof prints', () => {
  it('is counted by kind, without the program itself and its folder', () => {
    expect(parseLsof(lsof)!.counts).toEqual({ files: 3, sockets: 6, pipes: 3, 'other-descriptors': 4 });
  });

  it('has the path of most files, and the state of most sockets', () => {
    const { paths, states } = parseLsof(lsof)!;
    expect(paths[0]).toEqual({ path: '/Users/ada/app/data/a table.json', count: 2 });
    expect(states[0]).toEqual({ state: 'closed by the peer', count: 2 });
  });

  it('is not read where no descriptor is in it', () => {
    for (const text of ['', 'p4242\nfcwd\ntDIR\nn/\n', vmmap]) expect(parseLsof(text)).toBeNull();
  });
});

describe('what ps prints', () => {
  it('has a line for each thread', () => {
    expect(parseThreads(threads, PID)).toBe(5);
    expect(parseThreads(threads, 4243)).toBeNull();
  });

  it('has the children of a process, also those that ended, and not theirs', () => {
    expect(parseChildren(all, PID)).toEqual({
      count: 4,
      ownBytes: (1_536 + 2_048 + 40_960) * KIB,
      names: [
        { name: 'sleep', count: 2 },
        { name: 'helper tool', count: 1 },
        { name: '(node)', count: 1 },
      ],
    });
    expect(parseChildren(all, 99)).toBeNull();
  });
});

it('garbage gives finite numbers or nothing, and never throws', () => {
  const random = seeded(5);
  for (let round = 0; round < 400; round += 1) {
    const [memory, files, list] = [vmmap, lsof, all].map((text) =>
      Array.from(text, (letter) =>
        random() < 0.01 ? String.fromCharCode(10 + Math.floor(116 * random())) : letter,
      )
        .join('')
        .slice(Math.floor(100 * random()), Math.floor(text.length * random())),
    ) as [string, string, string];
    const read = parseVmmap(memory);
    const figures = read ? Object.values(read.resident).flatMap((one) => Object.values(one)) : [];
    const more = [...Object.values(read?.malloc ?? {}), ...Object.values(parseLsof(files)?.counts ?? {})];
    const children = parseChildren(list, PID);
    for (const one of [...figures, ...more, children?.ownBytes ?? 0, parseThreads(list, PID) ?? 0])
      expect(Number.isFinite(one) && one >= 0).toBe(true);
  }
});

/** The ledger that the programs on PATH give, and what is said of what they did not. */
async function reading() {
  const session = ownSession();
  const reader = new LedgerReader(session, PID);
  const ledger = await reader.read();
  await session.close();
  const missing = Array.from(reader.source!.missing, ([part, because]) => missingText({ part, because }));
  return { ledger: ledger!, missing };
}

describe('the ledger of a process on macOS', () => {
  let folder: string;
  const [path, platform] = [process.env['PATH'], process.platform];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-macos-'));
  });
  beforeEach(async () => {
    Object.defineProperty(process, 'platform', { value: 'darwin' });
    process.env['PATH'] = `${folder}${delimiter}${path}`;
    await program('vmmap', `[ "$*" = '--summary ${PID}' ] && cat ${FOLDER}vmmap.txt`);
    // It could not see all, says so, and prints what it saw.
    await program('lsof', `[ "$5" = -FftnT ] && cat ${FOLDER}lsof.txt; exit 1`);
    await program('ps', `case "$1" in -M) cat ${FOLDER}ps-threads.txt;; *) cat ${FOLDER}ps-all.txt;; esac`);
  });
  afterEach(() => {
    Object.defineProperty(process, 'platform', { value: platform });
    process.env['PATH'] = path;
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }

  it('has what the programs of the system tell, and what the process tells itself', async () => {
    const { ledger, missing } = await reading();
    expect(missing).toEqual([]);
    expect(ledger.counts).toMatchObject({
      files: 3,
      sockets: 6,
      pipes: 3,
      'other-descriptors': 4,
      threads: 5,
      children: 4,
    });
    expect(ledger.counts.contexts).toBeGreaterThan(0);
    expect(ledger.counts).not.toHaveProperty('watches');
    expect(ledger.malloc?.blocks).toBe(61_575);
    expect(ledger.childrenBytes).toBe(44_544 * KIB);
    expect(ledger.resident!['v8-heap'].rssBytes).toBe(53 * MIB);
  });

  it('names what is most of the files, sockets and children', async () => {
    expect(await mostOf('files', PID)).toEqual({ as: 'path', text: '/Users/ada/app/data/a table.json' });
    expect(await mostOf('sockets', PID)).toEqual({ as: 'state', text: 'closed by the peer' });
    expect(await mostOf('children', PID)).toEqual({ as: 'name', text: 'sleep' });
    expect(await mostOf('native-memory', PID)).toBeNull();
  });

  it('goes on without what could not be read, and says why', async () => {
    await program('vmmap', 'echo "vmmap[7]: unable to find process" >&2; exit 1');
    await program('lsof', 'echo "lsof: no idea" >&2; exit 1');
    await program('ps', 'echo nothing of that kind');
    const { ledger, missing } = await reading();
    expect(ledger).toMatchObject({ malloc: null, resident: null, childrenBytes: null });
    expect(ledger.counts).not.toHaveProperty('files');
    expect(missing.toSorted()).toEqual([
      'Child processes could not be read, because the output of ps has a form that is not known.',
      'Memory by kind, and what malloc has in use, could not be read, because vmmap says: vmmap[7]: unable to find process.',
      'Open files could not be read, because lsof says: lsof: no idea.',
      'Threads could not be read, because the output of ps has a form that is not known.',
    ]);
  });

  it('starts a program no more that failed twice, and goes on with one that failed once', async () => {
    const log = join(folder, 'calls');
    const failing = (name: string, ok: string) =>
      program(name, `echo ${name} >> ${log}; [ $(grep -c ${name} ${log}) -gt 1 ] && ${ok}; exit 1`);
    await failing('vmmap', 'true');
    await failing('lsof', `cat ${FOLDER}lsof.txt`);
    const session = ownSession();
    const reader = new LedgerReader(session, PID);
    const files: unknown[] = [];
    for (let round = 0; round < 8; round += 1) files.push((await reader.read())!.counts.files);
    await session.close();
    expect(files).toEqual([undefined, 3, 3, 3, 3, 3, 3, 3]);
    const calls = (await readFile(log, 'utf8')).trim().split('\n');
    expect(calls.filter((name) => name === 'vmmap')).toHaveLength(2);
    expect([...reader.source!.missing.keys()]).toEqual(['memory']);
  });

  it('says which program is not there', async () => {
    process.env['PATH'] = join(folder, 'nothing');
    const { missing } = await reading();
    expect(missing).toContain('Open files could not be read, because lsof is not installed.');
    expect(missing).toHaveLength(4);
  });

  it('takes the sizes of a program that is not signed for debugging, and nothing of zones that were not read', async () => {
    const restricted =
      'Process 4242 is not debuggable. Due to security restrictions, vmmap can only show or save contents of readonly memory of restricted processes.';
    await program('vmmap', `echo '${restricted}'; cat ${FOLDER}vmmap.txt`);
    const { ledger, missing } = await reading();
    expect(ledger.malloc?.blocks).toBe(61_575);
    expect(missing).toEqual([]);
    const unread = vmmap26.replace(/152003 +19\.4M/, '0         0K');
    expect(unread).not.toBe(vmmap26);
    expect(parseVmmap(unread)).toMatchObject({ malloc: null, resident: { malloc: { rssBytes: 21 * MIB } } });
  });
});
