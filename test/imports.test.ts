import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** Imports that would turn the house upside down, by the file that would do it. */
const forbidden: [file: string, imported: string][] = [
  ['src/kit/verdict/probe.ts', '../process/attach.js'],
  ['src/kit/verdict/probe.ts', 'lru-cache'],
  ['src/kit/heap/probe.ts', '../verdict/index.js'],
  ['src/kit/heap/read/probe.ts', '../../memory/memory.module.js'],
  ['src/kit/heap/probe.ts', '@nestjs/common'],
  ['src/kit/process/probe.ts', '@nestjs/common'],
  ['src/kit/process/probe.ts', '../memory/memory.service.js'],
  ['src/kit/memory/probe.ts', '../../service/user.js'],
  ['src/kit/probe.ts', '../settings.js'],
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
  ['src/service/probe.ts', '../kit/memory/memory.service.js'],
  ['load/probe.ts', '../src/kit/verdict/index.js'],
  ['src/lint/rules/probe.ts', '../syntax.js'],
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-imports-'));
  await cp('.oxlintrc.json', join(folder, '.oxlintrc.json'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the linter says of a file that imports this. */
async function lint(file: string, imported: string): Promise<string> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `import * as probe from '${imported}';\nexport { probe };\n`);
  const linter = join(process.cwd(), 'node_modules/.bin/oxlint');
  const output = await new Promise<string>((resolve) => {
    execFile(linter, ['--config', '.oxlintrc.json', file], { cwd: folder }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  await rm(path);
  return output;
}

it.each(forbidden)('%s may not import %s', async (file, imported) => {
  expect(await lint(file, imported)).toContain('no-restricted-imports');
});

it.each(allowed)('%s may import %s', async (file, imported) => {
  expect(await lint(file, imported)).not.toContain('no-restricted-imports');
});
