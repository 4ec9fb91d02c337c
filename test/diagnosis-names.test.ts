import { describe, expect, it } from 'vitest';
import { nameOf } from '../src/kit/diagnosis/naming/index.js';
import type { RouteStep } from '../src/kit/diagnosis/probe/index.js';
import { files, server, source, step } from './support/walked.js';

describe('an object is named', () => {
  it.each<[string, string, RouteStep[]]>([
    [
      'by module and provider of Nest, however deep the modules are',
      'UsersModule › UserCache.users',
      [
        step('nest', 'AppModule', 'Module'),
        step('nest', 'UsersModule', 'Module'),
        step('nest', 'UserCache', 'UserCache'),
        step('property', 'users', 'Map'),
      ],
    ],
    [
      'by file and variable, whatever led to the file',
      'src/users.js › cache',
      [...server, step('variable', 'cache', 'Map', 'own')],
    ],
    [
      'by file, function and variable, where it is one of a closure',
      'src/users.js › makeStore() › kept',
      [...server, step('variable', 'kept', 'Array', 'own', 'makeStore')],
    ],
    [
      'by the class that it is in, and the property',
      'src/users.js › sessions › Sessions.#open',
      [step('variable', 'sessions', 'Sessions', 'own'), step('private', '#open', 'Map')],
    ],
    [
      'by what a CommonJS file exports',
      'src/users.js › cache',
      [step('root', files.own, 'Object'), step('property', 'cache', 'Map')],
    ],
    [
      "by the program's own variable, where a package keeps it",
      'src/users.js › limit › options.hits',
      [
        ...server,
        step('variable', 'limit', 'Function', 'own'),
        step('variable', 'options', 'Object', 'limiter', 'create'),
        step('property', 'hits', 'Map'),
      ],
    ],
    [
      'by the file of a package, where nothing else is known by name',
      'node_modules/limiter/index.js › instances',
      [...server, step('variable', 'instances', 'Array', 'limiter')],
    ],
    ['by what is global', 'globalThis.tasks', [step('root', 'globalThis.tasks', 'Map')]],
  ])('%s', (_, text, route) => {
    expect(nameOf(route, source).text).toBe(text);
  });

  it('begins the path where names begin, and keeps the way of the walk beside it', () => {
    const { path, rawPath } = nameOf([...server, step('variable', 'cache', 'Map', 'own')], source);
    expect(path).toEqual(['src/users.js', 'cache (Map)']);
    expect(rawPath).toEqual(['Server (Server)', '._events (Object)', 'variable cache in src/users.js (Map)']);
  });
});
