import type { Node, SourceCode, Variable } from './rule.js';

/** Decorators of classes of which Nest creates one instance for the life of the process. */
const SINGLETONS =
  /^(?:Injectable|Controller|Resolver|WebSocketGateway|Catch|Global|Module|Processor|CommandHandler|QueryHandler|EventsHandler)$/;

/** Names of functions that usually run once, when the program starts. Entries that they add do not accumulate. */
const AT_THE_START =
  /^(?:constructor|main|bootstrap|onModuleInit|onApplicationBootstrap|afterInit|start|startup|(?:register|init|setup|configure|define|install|bootstrap|provide|declare)(?:[A-Z_].*|ialize.*|ialise.*)?)$/;

export function isFunction(node: Node): boolean {
  return /^(?:ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(node.type);
}

/** The ancestors of a node, the nearest first. */
export function* around(node: Node): Generator<Node> {
  for (let at = node.parent; at; at = at.parent) yield at;
}

export function classAround(node: Node): Node | null {
  for (const one of around(node)) if (/^Class(?:Declaration|Expression)$/.test(one.type)) return one;
  return null;
}

export function functionAround(node: Node): Node | null {
  for (const one of around(node)) {
    if (isFunction(one)) return one;
    if (one.type === 'PropertyDefinition' || one.type === 'StaticBlock') return null;
  }
  return null;
}

/** Whether this runs once, when the module is loaded or the program starts. */
export function runsAtTheStart(node: Node): boolean {
  let isCalled = false;
  for (const one of around(node)) {
    if (!isFunction(one)) continue;
    const { parent } = one;
    const name = nameOf(one.id ?? parent.key ?? (parent.type === 'VariableDeclarator' ? parent.id : null));
    if (name !== null && (AT_THE_START.test(name) || isStep(parent, name))) return true;
    // A decorator factory runs while classes are declared. By convention its name begins with a capital letter.
    if (one.type === 'FunctionDeclaration' && /^[A-Z]/.test(name ?? '') && isCalled) return true;
    // A callback inside a start function may run at any time, unless it is called where it is written.
    if (!(parent.type === 'CallExpression' && parent.callee === one)) isCalled = true;
  }
  return !isCalled;
}

/** Whether a private method is called only by functions that run at the start. */
function isStep(method: Node, name: string): boolean {
  const isPrivate =
    method.type === 'MethodDefinition' && (name.startsWith('#') || method['accessibility'] === 'private');
  if (!isPrivate) return false;
  const calls = [...thisMembers(method.parent, name)].filter((call) => ![...around(call)].includes(method));
  return calls.length > 0 && calls.every(runsAtTheStart);
}

/** All references to `this.name` in a subtree. */
function* thisMembers(node: Node, name: string): Generator<Node> {
  if (
    node.type === 'MemberExpression' &&
    node['object'].type === 'ThisExpression' &&
    memberName(node) === name
  )
    yield node;
  for (const [field, value] of Object.entries(node)) {
    if (field === 'parent') continue;
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof (one as Node | null)?.type === 'string') yield* thisMembers(one as Node, name);
    }
  }
}

/** The name of `name`, `#name` or `'name'`; null for a computed key. */
export function nameOf(key: Node | null | undefined): string | null {
  if (!key) return null;
  if (key.type === 'Identifier') return key['name'] as string;
  if (key.type === 'PrivateIdentifier') return `#${key['name'] as string}`;
  return key.type === 'Literal' ? String(key['value']) : null;
}

/** The member's name in `object.name` and `object['name']`. */
export function memberName(node: Node | null | undefined): string | null {
  if (node?.type !== 'MemberExpression') return null;
  return node['computed'] && node['property'].type !== 'Literal' ? null : nameOf(node['property'] as Node);
}

/** The name of a decorator and its call, such as `Injectable` and `@Injectable({ … })`. */
export function decoratorsOf(node: Node): { name: string | null; call: Node | null }[] {
  return ((node['decorators'] ?? []) as Node[]).map(({ expression }) =>
    expression.type === 'CallExpression'
      ? { name: nameOf(expression.callee as Node), call: expression as Node }
      : { name: nameOf(expression as Node), call: null },
  );
}

export function scopeOf(node: Node): 'singleton' | 'request' | 'transient' | null {
  const found = decoratorsOf(node).find(({ name }) => name !== null && SINGLETONS.test(name));
  if (!found) return null;
  const scope = memberName(propertyOf(found.call?.['arguments']?.[0] as Node | undefined, 'scope'));
  return scope === 'REQUEST' ? 'request' : scope === 'TRANSIENT' ? 'transient' : 'singleton';
}

/** The value of a property of an object literal; null if it has no such property. */
export function propertyOf(literal: Node | null | undefined, name: string): Node | null {
  if (literal?.type !== 'ObjectExpression') return null;
  const found = (literal['properties'] as Node[]).find(
    (one) => one.type === 'Property' && !one['computed'] && nameOf(one['key'] as Node) === name,
  );
  return (found?.['value'] as Node | undefined) ?? null;
}

/** Whether a node is an object literal without spread, so that all its properties are known. */
export function isPlainLiteral(node: Node | null | undefined): boolean {
  return (
    node?.type === 'ObjectExpression' &&
    (node['properties'] as Node[]).every((one) => one.type === 'Property')
  );
}

/** Returns `x` for `x!`, `x as T` and `x satisfies T`. */
export function unwrap(node: Node): Node {
  return /^TS(?:NonNull|As|Satisfies|TypeAssertion)/.test(node.type)
    ? unwrap(node['expression'] as Node)
    : node;
}

export function variableOf(source: SourceCode, identifier: Node): Variable | null {
  for (
    let scope: ReturnType<SourceCode['getScope']> | null = source.getScope(identifier);
    scope;
    scope = scope.upper
  ) {
    const variable = scope.set.get(identifier['name'] as string);
    if (variable) return variable;
  }
  return null;
}

/** The names that a file imports or requires from a package: local name → exported name. */
export function importsOf(program: Node, packages: RegExp): Map<string, string> {
  const names = new Map<string, string>();
  for (const statement of program['body'] as Node[]) {
    if (statement.type === 'ImportDeclaration' && packages.test(statement['source'].value as string)) {
      for (const one of statement['specifiers'] as Node[])
        names.set(
          one['local'].name as string,
          one.type === 'ImportSpecifier' ? (nameOf(one['imported'] as Node) ?? '') : 'default',
        );
    }
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id, init } of statement['declarations'] as Node[]) {
      if (init?.type !== 'CallExpression' || nameOf(init.callee as Node) !== 'require') continue;
      if (!packages.test(String(init.arguments[0]?.value))) continue;
      if (id.type === 'Identifier') names.set(id.name as string, 'default');
      else
        for (const one of (id.properties ?? []) as Node[])
          names.set(nameOf(one['value'] as Node) ?? '', nameOf(one['key'] as Node) ?? '');
    }
  }
  return names;
}

/** Whether a subtree refers to a name. */
export function mentions(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((one) => mentions(one, name));
  if (typeof (node as Node | null)?.type !== 'string') return false;
  const one = node as Node;
  if (one.type === 'Identifier' && one['name'] === name) return true;
  if (one.type === 'ThisExpression' && name === 'this') return true;
  return Object.entries(one).some(
    ([field, value]) =>
      field !== 'parent' &&
      // `other.name` and `{ name: … }` do not refer to the variable.
      !(field === 'property' && !one['computed']) &&
      !(field === 'key' && !one['computed'] && !one['shorthand']) &&
      mentions(value, name),
  );
}
