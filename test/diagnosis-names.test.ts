import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redacted } from '../src/kit/diagnosis/index.js';
import { dataKeys, nameOf } from '../src/kit/diagnosis/naming/index.js';
import type { RouteStep } from '../src/kit/diagnosis/probe/index.js';
import { aDiagnosis, aSuspect } from './support/diagnoses.js';
import { files, server, source, step } from './support/walked.js';

describe('the name of an object', () => {
  it.each<[string, string, RouteStep[]]>([
    [
      'has module and provider of Nest, however deep the modules are',
      'UsersModule › UserCache.users',
      [
        step('nest', 'AppModule', 'Module'),
        step('nest', 'UsersModule', 'Module'),
        step('nest', 'UserCache', 'UserCache'),
        step('property', 'users', 'Map'),
      ],
    ],
    [
      'has file and variable, whatever led to the file',
      'src/users.js › cache',
      [...server, step('variable', 'cache', 'Map', 'own')],
    ],
    [
      'has file, function and variable of a closure',
      'src/users.js › makeStore() › kept',
      [...server, step('variable', 'kept', 'Array', 'own', 'makeStore')],
    ],
    [
      'has the class that contains it, and the property',
      'src/users.js › sessions › Sessions.#open',
      [step('variable', 'sessions', 'Sessions', 'own'), step('private', '#open', 'Map')],
    ],
    [
      'has what a CommonJS file exports',
      'src/users.js › cache',
      [step('root', files.own, 'Object'), step('property', 'cache', 'Map')],
    ],
    [
      "has the program's own variable, where a package stores the object",
      'src/users.js › limit › options.hits',
      [
        ...server,
        step('variable', 'limit', 'Function', 'own'),
        step('variable', 'options', 'Object', 'limiter', 'create'),
        step('property', 'hits', 'Map'),
      ],
    ],
    [
      'has the file of a package, where nothing else has a name',
      'node_modules/limiter/index.js › instances',
      [...server, step('variable', 'instances', 'Array', 'limiter')],
    ],
    [
      'has the property of a Buffer, and not that of its memory',
      'src/users.js › journal › Journal.#written',
      [
        ...server,
        step('variable', 'journal', 'Journal', 'own'),
        step('private', '#written', 'Buffer'),
        step('property', 'buffer', 'ArrayBuffer'),
      ],
    ],
    ['has the global that leads to it', 'globalThis.tasks', [step('root', 'globalThis.tasks', 'Map')]],
  ])('%s', (_, text, route) => {
    expect(nameOf(route, source).text).toBe(text);
  });

  it('has a path from the named root, and the whole route of the walk beside it', () => {
    const { path, rawPath } = nameOf([...server, step('variable', 'cache', 'Map', 'own')], source);
    expect(path).toEqual(['src/users.js', 'cache (Map)']);
    expect(rawPath).toEqual(['Server (Server)', '._events (Object)', 'variable cache in src/users.js (Map)']);
  });

  it('quotes a key that is data, so that a redacted diagnosis has no trace of it', () => {
    const byMail = [step('variable', 'carts', 'Object', 'own'), step('property', 'ann@example.com', 'Array')];
    const { text, path } = nameOf(byMail, source);
    expect(text).toBe('src/users.js › carts["ann@example.com"]');
    const { suspects } = redacted(aDiagnosis({ suspects: [aSuspect({ name: text, path })] }));
    expect(suspects[0]).toMatchObject({
      name: 'src/users.js › carts[…]',
      path: ['src/users.js', 'carts (Object)', '[…] (Array)'],
    });
  });

  it('quotes a key that looks like code where no script of the program has it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leak-lab-names-'));
    try {
      const file = join(folder, 'users.js');
      await writeFile(
        file,
        'const state = { tenants: {} };\nexports.add = (name) => (state.tenants[name] = []);\n',
      );
      const scripts = new Map([
        ['node', { id: 'node', url: 'node:acme', sourceMapUrl: '' }],
        ['gone', { id: 'gone', url: join(folder, 'gone.js'), sourceMapUrl: '' }],
        ['own', { id: 'own', url: file, sourceMapUrl: '' }],
      ]);
      const route = [
        step('variable', 'state', 'Object', 'own'),
        step('property', 'tenants', 'Object'),
        step('property', 'acme', 'Team'),
        // A field of a class is one of code, also where a compiler has written the script in another way.
        step('property', 'members', 'Array'),
      ];
      const keys = await dataKeys([route], scripts);
      expect([...keys]).toEqual(['acme']);
      const { text, path } = nameOf(route, { ...source, scripts, dataKeys: keys, folder });
      expect(text).toBe('users.js › state › Team.members');
      expect(path).toEqual([
        'users.js',
        'state (Object)',
        '.tenants (Object)',
        '["acme"] (Team)',
        '.members (Array)',
      ]);
      const { suspects } = redacted(aDiagnosis({ suspects: [aSuspect({ name: text, path })] }));
      expect(JSON.stringify(suspects)).not.toContain('acme');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('does not quote symbols and positions', () => {
    const bySymbol = [step('variable', 'bus', 'Bus', 'own'), step('property', 'Symbol(kEvents)', 'Map')];
    expect(nameOf(bySymbol, source).text).toBe('src/users.js › bus › Bus[Symbol(kEvents)]');
    const byPosition = [step('variable', 'stores', 'Array', 'own'), step('property', '0', 'Map')];
    expect(nameOf(byPosition, source).text).toBe('src/users.js › stores[0]');
  });
});
