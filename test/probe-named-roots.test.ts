import { describe, expect, it } from 'vitest';
import { NamedRoots } from '../src/kit/diagnosis/probe/inside/named-roots.js';
import { Scope } from '../src/kit/diagnosis/probe/inside/scope.js';
import { NestModules } from '../src/kit/diagnosis/probe/inside/nest-modules.js';
import { introspection, program, untouchable } from './support/probe.js';

const nestModules = new NestModules(introspection);

class InstanceWrapper {
  constructor(readonly instance: unknown) {}
}

/** A module as Nest records it (packages/core/injector/module.ts). */
function moduleOf(
  name: string,
  {
    imports = [],
    providers = [],
  }: { imports?: object[]; providers?: [token: unknown, instance: unknown][] } = {},
): object {
  return {
    _metatype: { [name]: class {} }[name],
    _imports: new Set(imports),
    _providers: new Map(providers.map(([token, instance]) => [token, new InstanceWrapper(instance)])),
  };
}

describe('a module of Nest', () => {
  it('is known by its fields, and named by its class', () => {
    expect(nestModules.nameOf(moduleOf('UsersModule'))).toBe('UsersModule');
    expect(nestModules.nameOf({ _providers: [] })).toBeNull();
  });

  it('leads to what it imports and provides, but not to what Nest adds to every module', () => {
    class UsersService {}
    const imported = moduleOf('CacheModule');
    const service = new UsersService();
    const users = moduleOf('UsersModule', {
      imports: [imported, moduleOf('InternalCoreModule')],
      providers: [
        [UsersService, service],
        ['STORE', new Map()],
        ['proxied', untouchable()],
        ['ModuleRef', new (class ModuleRef {})()],
      ],
    });
    expect(nestModules.edgesOf(users)).toEqual([
      ['CacheModule', imported],
      ['UsersService', service],
      ['STORE', new Map()],
    ]);
  });
});

const scope = (description: string) => new Scope(description, {});

describe('the roots that a scout found', () => {
  it('are the modules of Nest, at a higher cost where another module imports one', () => {
    const roots = new NamedRoots(nestModules, () => false);
    const imported = moduleOf('UsersModule');
    const app = moduleOf('AppModule', { imports: [imported] });
    for (const object of [imported, app, {}]) roots.meetObject(object);
    expect(roots.roots()).toEqual([]);
    expect(roots.settle()).toBe(2);
    const [users, root] = roots.roots();
    expect([users!.edge.name, root!.edge.name]).toEqual(['UsersModule', 'AppModule']);
    expect(users!.cost).toBeGreaterThan(root!.cost);
  });

  it('are one function per file: the one with the fewest scopes up to the file', () => {
    const roots = new NamedRoots(nestModules, (script) => script === 'package');
    const [near, far] = [program('return () => 1;'), program('return () => 2;')];
    const details = { line: 1, column: 1, bound: [] };
    const file = scope('Closure');
    roots.meetFunction(far, {
      ...details,
      script: 'own',
      scopes: [scope('Block'), scope('Closure (make)'), file],
    });
    roots.meetFunction(near, { ...details, script: 'own', scopes: [file] });
    roots.meetFunction(far, { ...details, script: 'package', scopes: [file] });
    roots.meetFunction(near, { ...details, script: 'other', scopes: [scope('Closure (make)')] });
    roots.settle();
    const [own, ofPackage, ...more] = roots.roots();
    expect(own).toMatchObject({ edge: { kind: 'module', script: 'own' } });
    expect(own!.object).toBe(near);
    expect(ofPackage!.cost).toBeGreaterThan(own!.cost);
    expect(more).toEqual([]);
  });
});
