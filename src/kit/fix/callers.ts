import { wholeName } from '../name-pattern.js';
import { classAround, functionAround, memberName, nameOf } from '../../lint/syntax.js';
import type { Container } from './container.js';
import type { DeclinedReason } from './model.js';
import { originOf } from './loads.js';
import { isLoad, isStoredOnMiss } from './misses.js';
import { loadsOfStores, type Store, storesOther } from './other-stores.js';
import type { Project } from './project.js';
import { typeOf } from './object-types.js';
import { isReturned, otherwiseOf } from './reads.js';
import { referencesTo } from './references.js';
import { type Call, isInside, lineOf, type Node, type Source, within } from './source.js';

/** A function of a cache that hands out what it finds, or stores what it is given: `get` and `set` of a class. */
export interface Doors {
  reads: readonly Node[];
  writes: readonly Node[];
  /** Where the cache itself is asked. */
  asked: readonly Node[];
}

/** What the callers of a cache's own functions do: a line that loads what is missing, or why that cannot be said. */
export async function callersOf(
  project: Project,
  source: Source,
  container: Container,
  doors: Doors,
): Promise<{ line: number; file: string; calls: Call[] } | { declined: DeclinedReason }> {
  const reads = await callsOf(project, source, doors.reads);
  const writes = await callsOf(project, source, doors.writes);
  const first = doors.reads[0] ?? doors.writes[0];
  const unseen: DeclinedReason = {
    code: 'callers-not-found',
    container: container.text,
    line: first ? lineOf(source, first) : 0,
  };
  const used = reads.filter((one) => !tested(one));
  if (doors.reads.length > 0 && used.length === 0) return { declined: unseen };
  for (const one of used)
    if (!loadsOnMiss(one, writes))
      return {
        declined: {
          code: 'caller-keeps-nothing',
          container: container.text,
          file: project.shown(one.source.file),
          line: lineOf(one.source, one.call),
        },
      };
  const stores = writes
    .filter((one) => !tested(one))
    .map(({ source: of, call }): Store => ({ source: of, node: call, values: call['arguments'] as Node[] }));
  const { calls, other } = loadsOfStores(stores, [
    ...reads.map((one) => ({ source: one.source, node: one.call })),
    ...doors.asked.map((node) => ({ source, node })),
  ]);
  if (other) return { declined: storesOther(container.text, project.shown(other.source.file), other) };
  if (doors.writes.length > 0 && calls.length === 0)
    return { declined: { ...unseen, code: 'callers-not-found' } };
  const at = used[0] ?? writes[0];
  return at
    ? { line: lineOf(at.source, at.call), file: project.shown(at.source.file), calls }
    : { declined: unseen };
}

const tested = (one: Call): boolean => /(?:\.|\/)(?:test|spec)s?[./]|\/__tests__\//.test(one.source.file);

/** Whether a caller loads what it did not get: `cache.get(id) ?? load(id)`, or a `set` where nothing was found. */
function loadsOnMiss({ source, call }: Call, writes: readonly Call[]): boolean {
  const otherwise = otherwiseOf(call);
  const stored = writes.map((one) => ({ source: one.source, node: one.call }));
  if (otherwise)
    return originOf(otherwise).every(({ from }) => from === 'call') && isLoad(otherwise, source, stored);
  const fn = functionAround(call);
  return (
    fn !== null &&
    stored.some(
      (one) => one.source === source && isInside(one.node, fn) && isStoredOnMiss(one.node, fn, [call]),
    )
  );
}

/** The calls of functions, through their class and its base classes, in all files. */
export async function callsOf(project: Project, source: Source, fns: readonly Node[]): Promise<Call[]> {
  const found: Call[] = [];
  for (const fn of fns) {
    const owner = classAround(fn);
    found.push(
      ...(owner && fn.parent.type === 'MethodDefinition'
        ? await callsOfMethod(project, source, owner, fn)
        : await callsOfFunction(project, source, fn)),
    );
  }
  return found;
}

async function callsOfMethod(project: Project, source: Source, owner: Node, method: Node): Promise<Call[]> {
  const name = nameOf(method.parent['key'] as Node);
  if (name === null) return [];
  const classes = [{ source, node: owner }];
  const base = nameOf(owner['superClass'] as Node | null);
  if (base !== null)
    for (const one of [
      source,
      ...(await project.sourcesWith(new RegExp(`class ${wholeName(base)}`), source.file)),
    ])
      for (const node of within(one.program))
        if (/^Class(?:Decl|Expr)/.test(node.type) && nameOf(node['id'] as Node | null) === base)
          classes.push({ source: one, node });
  const names = new Set([name]);
  for (const { node } of classes) for (const outer of passedOn(node, names)) names.add(outer);
  const types = new Set(classes.flatMap(({ node }) => nameOf(node['id'] as Node | null) ?? []));
  const calls: Call[] = [];
  for (const one of [
    source,
    ...(await project.sourcesWith(
      new RegExp([...types].map((type) => wholeName(type)).join('|')),
      source.file,
    )),
  ])
    for (const call of callsOfMembers(one, names))
      if (types.has(typeOf(one, call['callee'].object as Node) ?? '')) calls.push({ source: one, call });
  return calls;
}

/** Methods that return what another one of the same object returns, such as `get` around `read`. */
function passedOn(owner: Node, names: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const node of within(owner)) {
    if (node.type !== 'CallExpression' || node['callee'].object?.type !== 'ThisExpression') continue;
    const fn = functionAround(node);
    if (!fn || !names.has(memberName(node['callee'] as Node) ?? '')) continue;
    const name = fn.parent.type === 'MethodDefinition' ? nameOf(fn.parent['key'] as Node) : null;
    if (name !== null && (isReturned(node, fn) || isReturnedLater(node, fn))) found.push(name);
  }
  return found;
}

/** `const user = this.read(id); …; return user;` */
function isReturnedLater(call: Node, fn: Node): boolean {
  const { parent } = call;
  if (parent.type !== 'VariableDeclarator' || parent['id'].type !== 'Identifier') return false;
  return referencesTo(parent['id'] as Node).some(
    (one) => one.parent.type === 'ReturnStatement' && functionAround(one) === fn,
  );
}

function* callsOfMembers({ program }: Source, names: ReadonlySet<string>): Generator<Node> {
  for (const node of within(program))
    if (
      node.type === 'CallExpression' &&
      node['callee'].type === 'MemberExpression' &&
      names.has(memberName(node['callee'] as Node) ?? '')
    )
      yield node;
}

async function callsOfFunction(project: Project, source: Source, fn: Node): Promise<Call[]> {
  const id =
    fn.type === 'FunctionDeclaration'
      ? (fn['id'] as Node | null)
      : fn.parent.type === 'VariableDeclarator'
        ? (fn.parent['id'] as Node)
        : null;
  const name = nameOf(id);
  if (!id || name === null) return [];
  const calls = referencesTo(id)
    .filter((one) => one.parent.type === 'CallExpression' && one.parent['callee'] === one)
    .map((one): Call => ({ source, call: one.parent }));
  for (const other of await project.sourcesWith(new RegExp(wholeName(name)), source.file))
    for (const node of within(other.program))
      if (
        node.type === 'CallExpression' &&
        (nameOf(node['callee'] as Node) === name || memberName(node['callee'] as Node) === name)
      )
        calls.push({ source: other, call: node });
  return calls;
}
