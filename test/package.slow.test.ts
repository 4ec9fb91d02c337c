import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, usualDirectory } from '../src/kit/console/addresses.js';
import { readGate } from './support/gate.js';
import { filesIn, installIn, pack, Project, type Tarball } from './support/packed.js';
import { hosts, hostSource, startHost, type Host } from './support/packed-host.js';

/*
 * Installs the packed tarball into other projects and uses it as the docs say: their code blocks become files of these
 * projects, and their commands are run.
 */
const PAGE = 'docs/your-service.md';
/** Installing packages on a busy machine takes long. No assertion depends on the time. */
const DEADLINE_MS = 600_000;
let folder: string;
let tarball: Tarball;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leak-lab-package-'));
  tarball = await pack(folder);
}, DEADLINE_MS);
afterAll(() => rm(folder, { recursive: true }));

describe('the tarball', () => {
  it('is smaller than 1 MB, and contains neither tests nor the demo service', () => {
    expect(tarball.bytes).toBeLessThan(1_000_000);
    const foreign = tarball.files.filter((file) => /(^|\/)(test|bench|service|corpus)\/|\.test\./.test(file));
    expect(foreign).toEqual([]);
    expect(tarball.files).toContain('dist/src/cli/main.js');
  });

  it('imports only packages that it declares', async () => {
    const { dependencies, peerDependencies } = JSON.parse(await readFile('package.json', 'utf8')) as Record<
      'dependencies' | 'peerDependencies',
      Record<string, string>
    >;
    const declared = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
    const imported = new Set<string>();
    for (const file of tarball.files.filter((file) => file.endsWith('.js'))) {
      const text = await readFile(file, 'utf8');
      for (const [, name] of text.matchAll(
        /(?:^(?:import|export) .*?from |^import |import\()'((?:@[\w-]+\/)?[\w-]+)/gm,
      ))
        if (name) imported.add(name);
    }
    const undeclared = [...imported].filter((name) => name !== 'node' && !builtinModules.includes(name));
    expect(undeclared.filter((name) => !declared.has(name))).toEqual([]);
    expect(imported.size).toBeGreaterThan(8);
  });

  it(
    'has correct types for every entry and every kind of import',
    async () => {
      const run = promisify(execFile);
      await run('npx', ['publint', '--strict', tarball.file]);
      await run('npx', ['attw', tarball.file, '--profile', 'esm-only']);
    },
    DEADLINE_MS,
  );
});

/** A file that imports the types of every entry of the package, except those for vitest. */
async function entries(): Promise<string> {
  const { exports } = JSON.parse(await readFile('package.json', 'utf8')) as { exports: object };
  return Object.keys(exports)
    .filter((entry) => !/package|vitest/.test(entry))
    .map((entry, at) => `export type * as entry${at} from 'leak-lab${entry.slice(1)}';\n`)
    .join('');
}

describe.each(hosts)('the package in a service of $name', (host) => {
  let project: Project;
  let service: Host;
  let added: number;

  beforeAll(async () => {
    project = await Project.create(join(folder, host.folder), host.type);
    await project.install(...host.packages, 'reflect-metadata@0.2', 'rxjs@7', '@types/node@20');
    const before = await project.packages();
    const [kit] = await installIn(PAGE, tarball);
    await project.must(kit ?? '');
    added = (await project.packages()) - before;
    await project.write({
      ...(await filesIn(PAGE)),
      'src/host.ts': hostSource(host),
      'src/entries.ts': await entries(),
    });
    await project.compile(`${host.compiler} --rootDir src --outDir dist src/host.ts src/entries.ts`);
    service = await startHost(project, 'dist/host.js');
  }, DEADLINE_MS);
  afterAll(() => service.stop());

  it('adds fewer than 30 packages', () => {
    expect(added).toBeLessThan(30);
  });

  it('answers /memory, /metrics, /health and /dashboard', async () => {
    const get = async (path: string) => (await fetch(service.url + path)).text();
    expect(JSON.parse(await get('/memory'))).toMatchObject({ pid: service.pid, service: 'shop' });
    expect(await get('/metrics')).toMatch(/^memory_container_entries\{container=".*ShopController\.visits"/m);
    expect(JSON.parse(await get('/health'))).toMatchObject({ live: true, ready: true });
    expect(await get('/dashboard')).toMatch(/<html/);
  });

  it('opens a console that answers', async () => {
    const { path } = addressOf(usualDirectory(), 'shop', service.pid);
    const { code, output } = await project.run(`npx leak-lab console --socket '${path}' -e 'containers()'`);
    expect(output).toContain('HostModule › ShopController.visits');
    expect(code).toBe(0);
  });

  it('lists in its help the commands of the package, and not those of the repository', async () => {
    const { output } = await project.run('npx leak-lab --help');
    const commands = Array.from(output.matchAll(/^ {2}(\w+) {2}/gm), ([, name]) => name);
    const packed = [
      'load',
      'diagnose',
      'query',
      'snapshot',
      'redact',
      'compare',
      'bisect',
      'record',
      'fix',
      'ps',
      'console',
      'mcp',
    ];
    expect(commands).toEqual(packed);
  });

  it('says which package to install before it can serve an agent', async () => {
    const { code, output } = await project.run('npx leak-lab mcp');
    expect(code).toBe(2);
    expect(output).toMatch(/npm install --save-dev @modelcontextprotocol\/sdk \[LEAK_LAB_PACKAGE\]/);
  });

  it.each([
    ['passes a bounded service', '/orders/random', 0, 'bounded'],
    ['fails a leaking service', '/visit', 1, 'leak'],
  ] as const)(
    'has a CI gate that %s',
    async (_does, path, code, kind) => {
      const { load } = await readGate();
      const env = { URL: service.url + path, PID: String(service.pid), REQUESTS: '10000' };
      const ended = await project.run(load, env);
      expect(ended.code, ended.output).toBe(code);
      const written = JSON.parse(await readFile(join(project.root, 'memory.json'), 'utf8'));
      expect(written.verdict.kind).toBe(kind);
    },
    DEADLINE_MS,
  );

  it(
    'names a leak with diagnose, and exits with 1',
    async () => {
      const { code, output } = await project.run(
        `npx leak-lab diagnose --pid ${service.pid} --url ${service.url}/visit --requests 4000`,
      );
      expect(output).toContain('ShopController.visits');
      expect(code, output).toBe(1);
    },
    DEADLINE_MS,
  );

  it('shows in its help the commands as they are typed in a project', async () => {
    const { output } = await project.run('npx leak-lab load --help');
    expect(output).toMatch(/^Usage: npx leak-lab load \[options\]$/m);
    expect(output).toMatch(/^ {2}npx leak-lab load --requests /m);
    expect(output).not.toContain('npm run');
  });

  it('says that a command needs the repository', async () => {
    const { code, output } = await project.run('npx leak-lab demo');
    expect([code, output]).toEqual([2, expect.stringContaining('[LEAK_LAB_REPOSITORY]')]);
  });
});

const orders = (isBounded: boolean): string => `
export class Order {
  constructor(id) { this.id = id; this.note = 'x'.repeat(100) + id; }
}
export class Orders {
  kept = new Map();
  find(id) {
    this.kept.set(id, new Order(id));
    ${isBounded ? 'if (this.kept.size > 100) this.kept.delete(this.kept.keys().next().value);' : ''}
    return this.kept.get(id);
  }
}
`;

const provider = (name: string, isBounded: boolean): string => `
import { Injectable } from '@nestjs/common';
@Injectable()
export class ${name} {
  private readonly kept = new Map<string, string>();
  find(id: string): string {
    this.kept.set(id, id);
    ${isBounded ? 'if (this.kept.size > 100) this.kept.clear();' : ''}
    return id;
  }
}
`;

describe('the package in the tests and linters of a project', () => {
  let project: Project;

  beforeAll(async () => {
    project = await Project.create(join(folder, 'guards'), 'module');
    await project.install(
      tarball.file,
      'vitest@4.1.12 jest@30 eslint@10 oxlint@1.89.0',
      'typescript@6.0.3 @typescript-eslint/parser@8 @types/node@20',
    );
    const shown = { ...(await filesIn('docs/matcher.md')), ...(await filesIn('docs/lint.md')) };
    // The docs recommend a longer limit on slow machines, and this may be one.
    const unhurried = Object.entries(shown).map(([name, text]) => [
      name,
      text.replace('atMost: 100', 'atMost: 100, atMostMs: 60_000'),
    ]);
    await project.write({
      ...(Object.fromEntries(unhurried) as Record<string, string>),
      'jest.config.js': "export default { testMatch: ['**/test/*.test.mjs'], transform: {} };",
      'src/bounded.service.ts': provider('BoundedService', true),
      'src/leaky.service.ts': provider('LeakyService', false),
    });
  }, DEADLINE_MS);

  it.each([
    ['vitest', 'npx vitest run --testTimeout 120000 test/orders.test.ts'],
    ['jest', 'NODE_OPTIONS=--experimental-vm-modules npx jest --testTimeout 120000'],
    ['node:test', 'node --test test/orders.mjs'],
  ])(
    'has a matcher that passes a bounded function and fails a leaking one in %s',
    async (_runner, line) => {
      await project.write({ 'src/orders.js': orders(true) });
      const bounded = await project.run(line);
      expect(bounded.code, bounded.output).toBe(0);
      await project.write({ 'src/orders.js': orders(false) });
      const leaking = await project.run(line);
      expect(leaking.code).toBe(1);
      expect(leaking.output).toMatch(/objects of Order are alive/);
    },
    DEADLINE_MS,
  );

  it(
    'has types for the matcher',
    async () => {
      await project.write({ 'src/orders.js': orders(true) });
      await project.compile('--module nodenext --noEmit --allowJs --noImplicitAny false test/orders.test.ts');
    },
    DEADLINE_MS,
  );

  it.each([
    ['ESLint', 'npx eslint src'],
    ['oxlint', 'npx oxlint src'],
  ])(
    'has lint rules that report the leaking provider, and not the bounded one, in %s',
    async (_linter, line) => {
      const { code, output } = await project.run(line);
      expect(code, output).toBe(1);
      expect(output).toMatch(/leaky\.service\.ts/);
      expect(output).toMatch(/unbounded-container/);
      expect(output).not.toMatch(/bounded\.service\.ts/);
    },
    DEADLINE_MS,
  );
});
