import { dirname, resolve } from 'node:path';
import type { Program } from 'acorn';
import { pathOf, type Script } from '../../process/scripts.js';
import type { Edge, RouteStep } from '../probe/index.js';
import { identifierIn, type Parsed, parsed, positionOf } from './scopes.js';
import { sourcesOf } from './sources.js';

/** How many files may hand a name on to each other. */
const MOST_FILES = 8;

/** A name, and the module that has it, as a file writes it: `./sessions.js`. */
interface Elsewhere {
  name: string;
  from: string;
}

/**
 * Variables of ECMAScript modules, where they are declared: V8 has an imported name among the variables of the file that
 * imports it as well, and a walk may come to that file first.
 */
export class Imports {
  readonly #scripts: ReadonlyMap<string, Script>;
  readonly #byPath: ReadonlyMap<string, Script>;
  /** By V8's id of the script; null for what is no file, or has text that cannot be parsed. */
  readonly #modules = new Map<string, Parsed | null>();

  constructor(scripts: ReadonlyMap<string, Script>) {
    this.#scripts = scripts;
    this.#byPath = new Map([...scripts.values()].map((script) => [pathOf(script.url), script]));
  }

  async route(route: readonly RouteStep[]): Promise<RouteStep[]> {
    const steps: RouteStep[] = [];
    for (const step of route) steps.push({ ...step, edge: await this.#edge(step.edge) });
    return steps;
  }

  async #edge(edge: Edge): Promise<Edge> {
    const script = this.#scripts.get(edge.script ?? '');
    if (edge.kind !== 'variable' || edge.scope !== '' || !script) return edge;
    const module = await this.#module(script);
    const imported = module && importOf(edge.name, module.program);
    if (!imported) return edge;
    const declared = await this.#declared(script, imported, MOST_FILES);
    return declared ? { ...edge, ...declared } : edge;
  }

  /** Where a name of another module is declared; null where that is not certain. */
  async #declared(importer: Script, { name, from }: Elsewhere, files: number): Promise<Partial<Edge> | null> {
    const script = /^\.\.?\//.test(from)
      ? this.#byPath.get(resolve(dirname(pathOf(importer.url)), from))
      : undefined;
    const module = script ? await this.#module(script) : null;
    if (!script || !module || files === 0) return null;
    const local = localOf(name, module.program);
    const identifier = identifierIn(module.program, local);
    if (identifier && !importOf(local, module.program))
      return { name: local, script: script.id, ...positionOf(module, identifier.start) };
    const value = name === 'default' && local === name ? defaultValue(module.program) : undefined;
    if (value) return { script: script.id, ...positionOf(module, value.start) };
    for (const elsewhere of handedOn(name, local, module.program)) {
      const declared = await this.#declared(script, elsewhere, files - 1);
      if (declared) return declared;
    }
    return null;
  }

  async #module(script: Script): Promise<Parsed | null> {
    const known = this.#modules.get(script.id);
    if (known !== undefined) return known;
    const text = (await sourcesOf([script.id], this.#scripts)).get(script.id) ?? '';
    const module = /^\s*(?:import|export)\b/m.test(text) ? parsed(text) : null;
    this.#modules.set(script.id, module);
    return module;
  }
}

/** What an `import` calls so in this file. A namespace is an object of its own, and no variable of another file. */
function importOf(local: string, { body }: Program): Elsewhere | null {
  for (const node of body) {
    if (node.type !== 'ImportDeclaration') continue;
    const found = node.specifiers.find((one) => one.local.name === local);
    if (!found || found.type === 'ImportNamespaceSpecifier') continue;
    const name = found.type === 'ImportSpecifier' ? nameOf(found.imported) : 'default';
    return { name, from: String(node.source.value) };
  }
  return null;
}

/** What a module itself calls a name that it exports. */
function localOf(name: string, { body }: Program): string {
  for (const node of body) {
    if (node.type === 'ExportNamedDeclaration' && !node.source) {
      const found = node.specifiers.find(({ exported }) => nameOf(exported) === name);
      if (found) return nameOf(found.local);
    }
    if (name !== 'default' || node.type !== 'ExportDefaultDeclaration') continue;
    const { declaration } = node;
    if (declaration.type === 'Identifier') return declaration.name;
    if ('id' in declaration && declaration.id) return declaration.id.name;
  }
  return name;
}

/** A value that a module exports without a name. */
function defaultValue({ body }: Program): { start: number } | undefined {
  return body.find((node) => node.type === 'ExportDefaultDeclaration');
}

/** Other modules from which a module may have a name that it exports. */
function handedOn(name: string, local: string, program: Program): Elsewhere[] {
  const imported = importOf(local, program);
  if (imported) return [imported];
  return program.body.flatMap((node): Elsewhere[] => {
    if (node.type === 'ExportAllDeclaration' && !node.exported)
      return [{ name, from: String(node.source.value) }];
    if (node.type !== 'ExportNamedDeclaration' || !node.source) return [];
    const found = node.specifiers.find(({ exported }) => nameOf(exported) === name);
    return found ? [{ name: nameOf(found.local), from: String(node.source.value) }] : [];
  });
}

function nameOf(node: { type: 'Identifier'; name: string } | { type: 'Literal'; value?: unknown }): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}
