import { functionAround, isFunction, memberName, nameOf, unwrap } from '../../lint/syntax.js';
import { declarationOf } from './references.js';
import { type Node, type Source, textOf, within } from './source.js';

/** Where a value comes from: a call that gives it again, something that is made once, a parameter, or a constant. */
export type Origin =
  | { from: 'call'; call: Node }
  | { from: 'made'; by: Node }
  | { from: 'parameter'; of: Node; name: string }
  | { from: 'computed' };

/** Names of functions that make something new each time, instead of finding what is there. */
const MAKES =
  /^(?:create|make|new|open|connect|start|spawn|init|register|subscribe|acquire|allocate|generate|begin|login|next|random|charge|pay|send|post|publish|insert|submit|book|reserve|transfer|refund|enqueue)(?:[A-Z_].*|ialize.*|ialise.*|)$|^(?:uuid|v[1-7]|nanoid|now|pLimit|pQueue|mutex|semaphore)$/;
/** These give the same again for the same arguments. */
const PURE = /^(?:RegExp|URL|URLSearchParams|Date|Number|String|Intl\.\w+|TextDecoder|TextEncoder)$/;
/** These pass on what they are given. */
const PASSES = /^(?:Promise\.resolve|Object\.freeze|JSON\.parse|JSON\.stringify|structuredClone)$/;
/** What differs each time. */
const DIFFERS =
  /\b(?:Math\.random|randomUUID|randomBytes|randomInt|getRandomValues|nanoid|uuid\w*|faker|Date\.now|new Date\(\)|performance\.now|hrtime)\b/;
/** What a client sends, which no key brings back. */
const SENT = /\b(?:body|payload|rawBody|formData|files?)\b/;

export function originOf(value: Node): Origin[] {
  const node = unwrap(value);
  switch (node.type) {
    case 'AwaitExpression':
    case 'ChainExpression':
      return originOf((node['argument'] ?? node['expression']) as Node);
    case 'Identifier':
      return originOfVariable(node);
    case 'AssignmentExpression':
      return originOf(node['right'] as Node);
    case 'MemberExpression':
      return node['object'].type === 'ThisExpression'
        ? [{ from: 'made', by: node }]
        : originOf(node['object'] as Node);
    case 'CallExpression':
      return originOfCall(node);
    case 'NewExpression':
      return originOfNew(node);
    case 'ImportExpression':
      return [{ from: 'call', call: node }];
    case 'ObjectExpression':
      return someLoaded(
        node,
        (node['properties'] as Node[]).map((one) => (one['value'] ?? one['argument']) as Node),
      );
    case 'ArrayExpression':
      return someLoaded(
        node,
        (node['elements'] as (Node | null)[]).filter((one) => one !== null),
      );
    case 'ConditionalExpression':
      return [node['consequent'], node['alternate']].flatMap((one) => originOf(one as Node));
    case 'LogicalExpression':
      return [node['left'], node['right']].flatMap((one) => originOf(one as Node));
    case 'BinaryExpression':
      return [node['left'], node['right']].flatMap((one) => originOf(one as Node));
    case 'TemplateLiteral':
      return (node['expressions'] as Node[]).flatMap((one) => originOf(one));
    case 'Literal':
      return [{ from: 'computed' }];
    default:
      return [{ from: 'made', by: node }];
  }
}

/** An entry such as `{ user, expiresAt }` is loaded if a part of it is. */
function someLoaded(node: Node, parts: readonly Node[]): Origin[] {
  const origins = parts.flatMap((one) => originOf(one));
  const loaded = origins.filter(({ from }) => from === 'call' || from === 'parameter');
  return loaded.length > 0 ? loaded : [{ from: 'made', by: node }];
}

function originOfVariable(identifier: Node): Origin[] {
  const declared = declarationOf(identifier);
  if (!declared)
    return identifier['name'] === 'undefined' ? [{ from: 'computed' }] : [{ from: 'made', by: identifier }];
  const owner = ownerOf(declared);
  if (owner && isFunction(owner)) return originOfParameter(owner, declared);
  if (owner?.type !== 'VariableDeclarator') return [{ from: 'made', by: identifier }];
  const scope = functionAround(declared);
  const values = [...(owner['init'] ? [owner['init'] as Node] : []), ...assignedTo(declared, scope)];
  // A variable that refers to itself, such as `count = count + 1`, is followed once.
  const isOfItself = (value: Node): boolean =>
    [...within(value)].some(
      (one) => one.type === 'Identifier' && one['name'] === declared['name'] && !isPropertyName(one),
    );
  const once = values.filter((value) => !isOfItself(value));
  return once.length === values.length && values.length > 0
    ? values.flatMap((value) => originOf(value))
    : [{ from: 'made', by: identifier }];
}

const isPropertyName = (identifier: Node): boolean =>
  identifier.parent['property'] === identifier && identifier.parent['computed'] !== true;

/** The function, declarator or other statement that declares an identifier. */
function ownerOf(declared: Node): Node | null {
  for (let at: Node | undefined = declared.parent; at; at = at.parent)
    if (isFunction(at) || /^(?:VariableDeclarator|ImportDeclaration|Class|Program|For)/.test(at.type))
      return at;
  return null;
}

function originOfParameter(fn: Node, declared: Node): Origin[] {
  const call = fn.parent.type === 'CallExpression' ? fn.parent : null;
  const callee = call?.['callee'] as Node | undefined;
  // `load(id).then((user) => users.set(id, user))`
  if (callee && memberName(callee) === 'then') return originOf(callee['object'] as Node);
  return [{ from: 'parameter', of: fn, name: declared['name'] as string }];
}

function assignedTo(declared: Node, scope: Node | null): Node[] {
  if (!scope) return [];
  return [...within(scope)]
    .filter(
      (node) => node.type === 'AssignmentExpression' && nameOf(node['left'] as Node) === declared['name'],
    )
    .map((node) => node['right'] as Node);
}

function originOfCall(call: Node): Origin[] {
  const callee = call['callee'] as Node;
  const name = memberName(callee) ?? nameOf(callee) ?? '';
  if (/^(?:then|catch|finally)$/.test(name) && callee.type === 'MemberExpression')
    return originOf(callee['object'] as Node);
  const full =
    callee.type === 'MemberExpression' ? `${nameOf(callee['object'] as Node) ?? ''}.${name}` : name;
  const args = call['arguments'] as Node[];
  if (PASSES.test(full) && args[0]) return originOf(args[0]);
  return MAKES.test(name) || args.length === 0 ? [{ from: 'made', by: call }] : [{ from: 'call', call }];
}

function originOfNew(node: Node): Origin[] {
  const [first] = node['arguments'] as Node[];
  if (!first) return [{ from: 'made', by: node }];
  if (classOf(node) === 'WeakRef') return originOf(first);
  return isPure(node) ? [{ from: 'call', call: node }] : [{ from: 'made', by: node }];
}

/** Whether a `new` gives the same again for the same arguments. */
export const isPure = (node: Node): boolean => PURE.test(classOf(node));

function classOf(node: Node): string {
  const callee = node['callee'] as Node;
  return callee.type === 'MemberExpression'
    ? `${nameOf(callee['object'] as Node) ?? ''}.${memberName(callee) ?? ''}`
    : (nameOf(callee) ?? '');
}

/** Why a call may give another value the next time: what it uses, where that can be seen. Null where nothing shows it. */
export function whyDiffers(source: Source, call: Node): Node | null {
  if (
    DIFFERS.test(textOf(source, call)) ||
    (call['arguments'] as Node[] | undefined)?.some((one) => SENT.test(textOf(source, one)))
  )
    return call;
  const body = bodyOf(call);
  return body && DIFFERS.test(textOf(source, body)) ? body : null;
}

const TIME = /\b(?:Date\.now|new Date\(\)|performance\.now|hrtime)\b/;
/** When an entry came into the cache, or has to leave it, which the cache itself is about. */
const OF_ENTRY =
  /^(?:at|time|timestamp|ts|date|now|age|until|expir.*|ttl|deadline|stale.*|fresh.*|\w*(?:load|fetch|cach|stor|updat|refresh|read|add|insert|access|us)ed(?:At|On)?)$/i;

/** A part of an entry that would be another one the next time, such as `firstSeen: Date.now()`. Null where there is none. */
export function differingPart(source: Source, value: Node): Node | null {
  const declared = value.type === 'Identifier' ? declarationOf(value)?.parent : null;
  const node = declared?.type === 'VariableDeclarator' ? (declared['init'] as Node | null) : value;
  if (node?.type !== 'ObjectExpression') return null;
  for (const property of node['properties'] as Node[]) {
    const text = textOf(source, (property['value'] ?? property) as Node);
    const name = nameOf((property['key'] ?? null) as Node | null) ?? '';
    if (text.includes('(') && DIFFERS.test(text) && !(TIME.test(text) && OF_ENTRY.test(name)))
      return property;
  }
  return null;
}

/** The function that a call runs, if it is in the same file. */
export function bodyOf(call: Node): Node | null {
  const callee = call['callee'] as Node | undefined;
  if (callee?.type === 'Identifier') {
    const declared = declarationOf(callee);
    const { parent } = declared ?? {};
    if (parent?.type === 'FunctionDeclaration') return parent;
    const init = parent?.type === 'VariableDeclarator' ? (parent['init'] as Node | null) : null;
    return init && isFunction(init) ? init : null;
  }
  if (callee?.type !== 'MemberExpression' || callee['object'].type !== 'ThisExpression') return null;
  const name = memberName(callee);
  for (let at: Node | undefined = call; at; at = at.parent)
    if (at.type === 'ClassBody') {
      const found = (at['body'] as Node[]).find(
        (one) => one.type === 'MethodDefinition' && nameOf(one['key'] as Node) === name,
      );
      return (found?.['value'] as Node | undefined) ?? null;
    }
  return null;
}
