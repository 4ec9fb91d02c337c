import {
  around,
  classAround,
  functionAround,
  isFunction,
  memberName,
  nameOf,
  runsAtTheStart,
} from '../../lint/syntax.js';
import { importedName } from './imported.js';
import type { ResourceKind } from './model.js';
import { declarationOf } from './references.js';
import { lineAt, type Node, type Source, textOf, within } from './source.js';

/** Something that a function starts and that goes on until it is ended: a listener, an interval, a subscription. */
export interface Resource {
  kind: ResourceKind;
  call: Node;
  /** What is called again and again. */
  callback: Node | null;
  /** The event of a listener, as it is written. */
  event: string | null;
  /** The function that starts it. */
  fn: Node;
}

const ADDS = /^(?:on|addListener|prependListener|once|addEventListener)$/;

/** What functions of a file start while they run, apart from what runs once when the program starts. */
export function resourcesIn({ program, text }: Source): Resource[] {
  const found: Resource[] = [];
  for (const node of within(program)) {
    if (node.type !== 'CallExpression') continue;
    const fn = functionAround(node);
    const resource = fn && !runsAtTheStart(node) ? resourceOf(node, text) : null;
    if (fn && resource) found.push({ ...resource, call: node, fn });
  }
  return found;
}

function resourceOf(call: Node, text: string): Pick<Resource, 'kind' | 'callback' | 'event'> | null {
  const callee = call['callee'] as Node;
  const [first, second] = call['arguments'] as Node[];
  const name = nameOf(callee);
  if (name === 'setInterval' || name === 'setTimeout')
    return {
      kind: name === 'setInterval' ? 'interval' : 'timeout',
      callback: functionOf(first),
      event: null,
    };
  const method = memberName(callee);
  if (method === 'subscribe') return { kind: 'subscription', callback: functionOf(first), event: null };
  if (method === null || !ADDS.test(method) || !first || !second) return null;
  return { kind: 'listener', callback: functionOf(second), event: text.slice(...first.range) };
}

/** A function that is written in place, or that a constant or a declaration names. */
function functionOf(node: Node | undefined): Node | null {
  if (!node || isFunction(node)) return node ?? null;
  if (node.type !== 'Identifier') return null;
  const parent = declarationOf(node)?.parent;
  if (parent?.type === 'FunctionDeclaration') return parent;
  const init = parent?.type === 'VariableDeclarator' ? (parent['init'] as Node | null) : null;
  return init && isFunction(init) ? init : null;
}

/** The resources of a kind that the lines of a diagnosis mean: that start there, else whose function is there. */
export function resourcesAt(
  source: Source,
  kinds: readonly ResourceKind[],
  lines: readonly number[],
): Resource[] {
  const all = resourcesIn(source).filter(({ kind }) => kinds.includes(kind));
  const has = (node: Node | null, line: number): boolean =>
    node !== null && lineAt(source.text, node.range[0]) <= line && line <= lineAt(source.text, node.range[1]);
  const exact = all.filter(({ call, callback }) =>
    lines.some((line) => has(call, line) || has(callback, line)),
  );
  return exact.length > 0 ? exact : all.filter(({ fn }) => lines.some((line) => has(fn, line)));
}

const CLOSES: Readonly<Record<string, (name: string) => string>> = {
  res: (name) => name,
  response: (name) => name,
  reply: (name) => `${name}.raw`,
  ctx: (name) => `${name}.res`,
  socket: (name) => name,
  ws: (name) => name,
  connection: (name) => name,
  stream: (name) => name,
};

/**
 * The connection that a callback writes to, as what emits `close`: a parameter of the function around. Null where the
 * callback uses none.
 */
export function connectionOf({ callback, fn }: Resource): string | null {
  if (!callback) return null;
  for (const node of within(callback)) {
    if (node.type !== 'Identifier') continue;
    const name = String(node['name']);
    const declared = CLOSES[name] ? declarationOf(node) : null;
    if (declared && isParameterAround(declared, fn)) return CLOSES[name]?.(name) ?? null;
  }
  return null;
}

function isParameterAround(declared: Node, fn: Node): boolean {
  for (let at: Node | null = fn; at; at = functionAround(at))
    if ((at['params'] as Node[]).some((one) => one === declared)) return true;
  return false;
}

/** Whether a callback changes nothing but variables of the function around: after its end, nothing of it can be seen. */
export function isLocal({ callback, fn }: Resource): boolean {
  if (!callback) return false;
  for (const node of within(callback)) {
    if (
      /^(?:CallExpression|NewExpression|ThisExpression|AwaitExpression|ImportExpression|TaggedTemplateExpression)$/.test(
        node.type,
      )
    )
      return false;
    const target =
      node.type === 'AssignmentExpression'
        ? (node['left'] as Node)
        : node.type === 'UpdateExpression'
          ? (node['argument'] as Node)
          : null;
    if (target && !(target.type === 'Identifier' && isDeclaredIn(target, fn))) return false;
  }
  return true;
}

function isDeclaredIn(identifier: Node, fn: Node): boolean {
  const declared = declarationOf(identifier);
  return declared !== null && fn.range[0] <= declared.range[0] && declared.range[1] <= fn.range[1];
}

/** Whether a file ends something like this already, such as `bus.off('change', …)`, or `bus.emit('done')` after `bus.once('done', …)`. */
export function endingOf(source: Source, { kind, call, event, fn }: Resource): Node | null {
  const object = call['callee'].object as Node | undefined;
  const isOfThis = object !== undefined && textOf(source, object).startsWith('this');
  for (const node of within((isOfThis ? classAround(call) : null) ?? source.program)) {
    if (node.type !== 'CallExpression') continue;
    const callee = node['callee'] as Node;
    const name = memberName(callee) ?? nameOf(callee) ?? '';
    const isSame =
      kind === 'listener' &&
      object &&
      callee.type === 'MemberExpression' &&
      textOf(source, callee['object'] as Node) === textOf(source, object);
    if (isSame && /^(?:off|removeListener|removeEventListener|removeAllListeners)$/.test(name)) {
      const [first] = node['arguments'] as Node[];
      if (!first || textOf(source, first) === event) return node;
    }
    const isEmitted = isSame && name === 'emit' && memberName(call['callee'] as Node) === 'once';
    const [emitted] = node['arguments'] as Node[];
    if (isEmitted && emitted && textOf(source, emitted) === event && functionAround(node) === fn) return node;
  }
  return null;
}

/** What a listener listens to, where the function itself makes it: the listener goes with it. Null for anything else. */
export function ownEmitter({ kind, call, fn }: Resource): Node | null {
  let object = (kind === 'listener' ? call['callee'].object : null) as Node | null;
  while (object?.type === 'MemberExpression') object = object['object'] as Node;
  const declared = object?.type === 'Identifier' ? declarationOf(object) : null;
  const declarator = declared && [...around(declared)].find(({ type }) => type === 'VariableDeclarator');
  if (!declarator || functionAround(declarator) !== fn) return null;
  const init = declarator['init'] as Node | null;
  const made = init?.type === 'AwaitExpression' ? (init['argument'] as Node) : init;
  const isMade =
    made?.type === 'NewExpression' ||
    (made?.type === 'CallExpression' && importedName(made['callee'] as Node) !== null);
  return isMade ? declared : null;
}
