import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cyclesIn, drawnIn, importsOf, roomsOf, type Imports } from './support/imports.js';

/** Imports that the linter refuses, by the file that would contain them. */
const forbidden: [file: string, imported: string][] = [
  ['src/kit/verdict/probe.ts', '../process/attach.js'],
  ['src/kit/verdict/probe.ts', 'lru-cache'],
  ['src/kit/heap/probe.ts', '../verdict/index.js'],
  ['src/kit/heap/read/probe.ts', '../../memory/memory.module.js'],
  ['src/kit/heap/probe.ts', '@nestjs/common'],
  ['src/kit/process/probe.ts', '@nestjs/common'],
  ['src/kit/process/probe.ts', '../memory/memory.service.js'],
  ['src/kit/census/probe.ts', '../diagnosis/index.js'],
  ['src/kit/memory/probe.ts', '../../service/user.js'],
  ['src/kit/probe.ts', '../settings.js'],
  ['src/kit/diagnosis/walk/probe.ts', '../verify/index.js'],
  ['src/kit/diagnosis/measure/probe.ts', '../walk/index.js'],
  ['src/kit/diagnosis/snapshots/probe.ts', '../walk/suspects.js'],
  ['src/kit/diagnosis/verify/probe.ts', '../walk/bounds.js'],
  ['src/kit/compare/probe.ts', '../../../load/exchange.js'],
  ['src/kit/fix/probe.ts', '../../versions/index.js'],
  ['src/kit/fix/patterns/probe.ts', '../../../cli/fix.js'],
  ['src/versions/probe.ts', '../command/run.js'],
  ['src/service/probe.ts', '../settings.js'],
  ['src/service/probe.ts', '../../load/measure.js'],
  ['src/command/probe.ts', '../cli/load.js'],
  ['load/probe.ts', '../src/service/user.js'],
  ['load/probe.ts', '../src/app.js'],
  ['src/lint/probe.ts', 'eslint'],
  ['src/lint/rules/probe.ts', '../../kit/problem.js'],
];

const allowed: [file: string, imported: string][] = [
  ['src/kit/verdict/probe.ts', 'node:v8'],
  ['src/kit/verdict/probe.ts', './judge.js'],
  ['src/kit/memory/probe.ts', '../process/sample.js'],
  ['src/kit/memory/probe.ts', '../census/index.js'],
  ['src/kit/diagnosis/walk/probe.ts', '../probe/index.js'],
  ['src/kit/diagnosis/verify/probe.ts', '../model/context.js'],
  ['src/versions/probe.ts', '../../load/exchange.js'],
  ['src/service/probe.ts', '../kit/memory/memory.service.js'],
  ['load/probe.ts', '../src/kit/verdict/index.js'],
  ['src/lint/rules/probe.ts', '../syntax.js'],
];

const importing = (imported: string): string => `import * as probe from '${imported}';\nexport { probe };\n`;

describe('the linter', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'leak-lab-imports-'));
    await cp('.oxlintrc.json', join(folder, '.oxlintrc.json'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What the linter prints about files with these contents. */
  async function lint(files: Record<string, string>): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
    const linter = join(process.cwd(), 'node_modules/.bin/oxlint');
    const output = await new Promise<string>((resolve) => {
      execFile(linter, ['--config', '.oxlintrc.json', ...Object.keys(files)], { cwd: folder }, (_, stdout) =>
        resolve(stdout),
      );
    });
    for (const file of Object.keys(files)) await rm(join(folder, file));
    return output;
  }
  it.each(forbidden)('refuses that %s imports %s', async (file, imported) => {
    expect(await lint({ [file]: importing(imported) })).toContain('no-restricted-imports');
  });

  it.each(allowed)('lets %s import %s', async (file, imported) => {
    expect(await lint({ [file]: importing(imported) })).not.toContain('no-restricted-imports');
  });

  it('refuses a circle of two files, also one of types alone', async () => {
    const circle = await lint({ 'src/a.ts': importing('./b.js'), 'src/b.ts': importing('./a.js') });
    expect(circle).toContain('no-cycle');
    const types = await lint({
      'src/a.ts': "import type { B } from './b.js';\nexport type A = B[];\n",
      'src/b.ts': "import type { A } from './a.js';\nexport type B = A[];\n",
    });
    expect(types).toContain('no-cycle');
  });
});

describe('the real imports of src and load', () => {
  let imports: Imports;
  let page: string;
  beforeAll(async () => {
    imports = await importsOf(['src', 'load']);
    page = await readFile('docs/architecture.md', 'utf8');
  });

  it('have no circle between files, types included', () => {
    expect(cyclesIn(imports)).toEqual([]);
  });

  it.each(['the house', 'the diagnosis'] as const)(
    'are the arrows that the architecture page draws of %s, and these have no circle',
    (of) => {
      const rooms = roomsOf(imports, of);
      expect(drawnIn(page, of)).toEqual(rooms);
      expect(cyclesIn(rooms)).toEqual([]);
    },
  );

  it('show a circle where there is one', () => {
    const circle = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts']],
      ['c.ts', ['a.ts']],
    ]);
    expect(cyclesIn(circle)).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });

  it('of a stage of the diagnosis reach no other stage', () => {
    const stages = ['measure', 'walk', 'verify', 'snapshots'];
    const rooms = roomsOf(imports, 'the diagnosis');
    for (const stage of stages)
      expect(rooms.get(stage)?.filter((room) => stages.includes(room)) ?? [], stage).toEqual([]);
  });
});
