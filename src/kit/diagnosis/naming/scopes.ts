import { type AnyNode, type Identifier, type Pattern, parse, type Program } from 'acorn';

/**
 * The scopes of a script, read from its text: where a variable is declared, which no source map says. A map says what an
 * identifier was called at its position, and the position of a declaration is what this finds.
 */
export interface Parsed {
  program: Program;
  lineStarts: number[];
}

/** Null where the text is no JavaScript that can be parsed. */
export function parsed(text: string): Parsed | null {
  for (const sourceType of ['module', 'script'] as const) {
    try {
      const program = parse(text, {
        ecmaVersion: 'latest',
        sourceType,
        allowHashBang: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: sourceType === 'script',
      });
      return { program, lineStarts: lineStartsOf(text) };
    } catch {
      continue;
    }
  }
  return null;
}

/** From 1, as everywhere. */
export interface TextPosition {
  line: number;
  column: number;
}

export function positionOf({ lineStarts }: Parsed, offset: number): TextPosition {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? Infinity) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

export function offsetOf({ lineStarts }: Parsed, { line, column }: TextPosition): number {
  return (lineStarts[line - 1] ?? 0) + column - 1;
}

/** The nodes around an offset, the program first. */
export function nodesAround({ program }: Parsed, offset: number): AnyNode[] {
  const path: AnyNode[] = [];
  for (let at: AnyNode | undefined = program; at; at = childAround(at, offset)) path.push(at);
  return path;
}

/** A scope that declares a name. */
export interface Declaration {
  /** Where the name is declared. */
  identifier: Identifier;
  /** The block, function or program whose scope it is. */
  scope: AnyNode;
  /** The function whose scope that is, and what V8 calls it; null for a variable of the file. */
  fn: AnyNode | null;
  functionName: Identifier | null;
}

/**
 * Where the scopes around a function declare a name, the innermost first.
 *
 * @param around the nodes around the function, itself included
 */
export function declarationsOf(name: string, around: readonly AnyNode[]): Declaration[] {
  const own = around.findLastIndex((node) => isFunction(node));
  const found: Declaration[] = [];
  for (let at = own < 0 ? around.length - 1 : own - 1; at >= 0; at -= 1) {
    const node = around[at];
    const identifier = node && declaredIn(node).find((one) => one.name === name);
    if (!identifier) continue;
    const fnAt = around.slice(0, at + 1).findLastIndex((one) => isFunction(one));
    found.push({
      identifier,
      scope: node,
      fn: around[fnAt] ?? null,
      functionName: fnAt < 0 ? null : nameOfFunction(around, fnAt),
    });
  }
  return found;
}

/** Whether functions inside a scope use a variable of it: V8 keeps no other variables in a scope. */
export function isCaptured({ scope, identifier }: Declaration): boolean {
  const pending = childrenOf(scope).map((node) => ({ node, isInside: false }));
  for (let one = pending.pop(); one; one = pending.pop()) {
    const { node } = one;
    if (node.type === 'Identifier' && node.name === identifier.name && one.isInside) return true;
    if (node !== scope && declaredIn(node).some(({ name }) => name === identifier.name)) continue;
    const isInside = one.isInside || (isFunction(node) && node !== scope);
    for (const inner of referencesIn(node)) pending.push({ node: inner, isInside });
  }
  return false;
}

/** The identifier that gives a function or a class its name; null where it has none, or a property gives it. */
export function nameOfFunction(around: readonly AnyNode[], at: number): Identifier | null {
  const node = around[at];
  if (!node) return null;
  if ('id' in node && node.id?.type === 'Identifier') return node.id;
  const above = around[at - 1];
  if (above?.type === 'VariableDeclarator' && above.init === node && above.id.type === 'Identifier')
    return above.id;
  if (above?.type === 'AssignmentExpression' && above.right === node && above.left.type === 'Identifier')
    return above.left;
  return null;
}

export function isFunction({ type }: AnyNode): boolean {
  return (
    type === 'FunctionDeclaration' || type === 'FunctionExpression' || type === 'ArrowFunctionExpression'
  );
}

export function isClass({ type }: AnyNode): boolean {
  return type === 'ClassDeclaration' || type === 'ClassExpression';
}

/** Where a program declares a name among its own variables; undefined where it does not. */
export function identifierIn(program: Program, name: string): Identifier | undefined {
  return declaredIn(program).find((one) => one.name === name);
}

/** The names that a node's own scope declares. */
function declaredIn(node: AnyNode): Identifier[] {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other 60 types of nodes are no scopes
  switch (node.type) {
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
      return [...node.body.flatMap((one) => declaredBy(one)), ...varsIn(node)];
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression': {
      const own = node.type === 'FunctionExpression' && node.id ? [node.id] : [];
      const body = node.body.type === 'BlockStatement' ? varsIn(node.body) : [];
      return [...node.params.flatMap((one) => namesIn(one)), ...body, ...own];
    }
    case 'ClassDeclaration':
    case 'ClassExpression':
      return node.id ? [node.id] : [];
    case 'ForStatement':
      return node.init?.type === 'VariableDeclaration' ? declaredBy(node.init) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return node.left.type === 'VariableDeclaration' ? declaredBy(node.left) : [];
    case 'SwitchStatement':
      return node.cases.flatMap((one) => one.consequent.flatMap((inner) => declaredBy(inner)));
    case 'CatchClause':
      return node.param ? namesIn(node.param) : [];
    default:
      return [];
  }
}

function declaredBy(node: AnyNode): Identifier[] {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other types declare nothing
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => namesIn(id));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id ? [node.id] : [];
    case 'ImportDeclaration':
      return node.specifiers.map(({ local }) => local);
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return node.declaration ? declaredBy(node.declaration) : [];
    default:
      return [];
  }
}

/** Variables of `var`, which belong to the function around them, however deep in blocks they are. */
function varsIn(block: AnyNode): Identifier[] {
  const found: Identifier[] = [];
  const pending = childrenOf(block);
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'VariableDeclaration' && node.kind === 'var') found.push(...declaredBy(node));
    if (isStatement(node)) for (const inner of childrenOf(node)) pending.push(inner);
  }
  return found;
}

/** Without functions and expressions, whose variables are their own. */
function isStatement({ type }: AnyNode): boolean {
  return /Statement$|^(?:VariableDeclaration|SwitchCase|CatchClause|ExportNamedDeclaration)$/.test(type);
}

function namesIn(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesIn(one.type === 'Property' ? one.value : one.argument));
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one ? namesIn(one) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'MemberExpression':
      return [];
  }
}

function childAround(node: AnyNode, offset: number): AnyNode | undefined {
  return childrenOf(node).find(({ start, end }) => start <= offset && offset < end);
}

/** The nodes inside a node without the names of properties. */
function referencesIn(node: AnyNode): AnyNode[] {
  const children = childrenOf(node);
  if (!('computed' in node) || node.computed) return children;
  const name = 'property' in node ? node.property : 'key' in node ? node.key : null;
  return children.filter((child) => child !== name);
}

function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter((one): one is AnyNode => isNode(one)),
  );
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

function lineStartsOf(text: string): number[] {
  return [
    0,
    ...Array.from(text.matchAll(/\r\n|[\n\r\u2028\u2029]/g), (found) => found.index + found[0].length),
  ];
}
