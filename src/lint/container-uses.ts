import type { Node, SourceCode } from './rule.js';
import { functionAround, memberName, nameOf, runsAtTheStart } from './syntax.js';

/** What one reference to a container does to it. */
export type Use =
  | { kind: 'grows'; by: Node }
  | { kind: 'shrinks' | 'is bounded' | 'is read' }
  /** Code that this rule does not follow gets the container. */
  | { kind: 'escapes' };

const GROWS = new Set(['set', 'add', 'push', 'unshift']);
const SHRINKS = new Set(['delete', 'clear', 'pop', 'shift', 'splice', 'fill', 'copyWithin']);
/** These read their argument and do not store the container itself. */
const COPIES =
  /^(?:Object\.(?:keys|values|entries|assign|fromEntries)|Array\.from|JSON\.stringify|Math\.\w+|Promise\.\w+|structuredClone|Map|Set|console\.\w+|String|Number|Boolean)$/;

const READ: Use = { kind: 'is read' };

/**
 * @param mention a reference to the container: `this.users`, or the identifier of a variable
 * @param isList whether it is an array: code that writes to an index of an array may be a ring
 */
export function useOf(source: SourceCode, mention: Node, isList: boolean): Use {
  const { parent } = mention;
  switch (parent.type) {
    case 'TSNonNullExpression':
    case 'TSAsExpression':
    case 'ChainExpression':
      return useOf(source, parent, isList);
    case 'MemberExpression':
      return parent['object'] === mention ? useOfMember(source, parent, isList) : READ;
    case 'AssignmentExpression':
      // A new value drops the old entries. `list = [...list, one]` grows nevertheless, and is not reported.
      return parent['left'] === mention ? { kind: 'shrinks' } : { kind: 'escapes' };
    case 'CallExpression':
    case 'NewExpression':
      return COPIES.test(source.getText(parent['callee'] as Node)) ? READ : { kind: 'escapes' };
    case 'SpreadElement':
    case 'ForOfStatement':
    case 'ForInStatement':
    case 'BinaryExpression':
    case 'UnaryExpression':
    case 'TemplateLiteral':
    case 'ExpressionStatement':
    case 'IfStatement':
    case 'YieldExpression':
    case 'TSTypeQuery':
      return READ;
    default:
      return { kind: 'escapes' };
  }
}

function useOfMember(source: SourceCode, member: Node, isList: boolean): Use {
  const name = memberName(member);
  const { parent } = member;
  if (name === 'length' || name === 'size') return useOfCount(member);
  if (parent.type === 'CallExpression' && parent['callee'] === member) {
    if (name === null) return { kind: 'escapes' };
    if (GROWS.has(name)) return growth(parent, parent['arguments'][0] as Node | undefined);
    if (!SHRINKS.has(name)) return READ;
    return name === 'delete' && isSetAgain(source, parent) ? READ : { kind: 'shrinks' };
  }
  if (parent.type === 'UnaryExpression' && parent['operator'] === 'delete') return { kind: 'shrinks' };
  if (parent.type === 'AssignmentExpression' && parent['left'] === member && member['computed'])
    return isList ? READ : growth(parent, member['property'] as Node);
  return READ;
}

/** `list.length = n` removes entries; `map.size >= MAX` checks a bound. */
function useOfCount(member: Node): Use {
  const { parent } = member;
  if (parent.type === 'AssignmentExpression' && parent['left'] === member) return { kind: 'shrinks' };
  if (parent.type !== 'BinaryExpression' || !/^[<>]=?$/.test(parent['operator'] as string)) return READ;
  const other = (parent['left'] === member ? parent['right'] : parent['left']) as Node;
  const isLoop = parent.parent.type === 'ForStatement';
  return isLoop || (other.type === 'Literal' && Number(other['value']) <= 1) ? READ : { kind: 'is bounded' };
}

function growth(by: Node, key: Node | undefined): Use {
  return runsAtTheStart(by) || isRegistry(by) || (key && isConstant(key)) ? READ : { kind: 'grows', by };
}

/** `if (has(name)) throw`: code that refuses a name the second time registers names of the program, not of clients. */
function isRegistry(addition: Node): boolean {
  const body = functionAround(addition)?.['body'] as Node | undefined;
  return ((body?.['body'] ?? []) as Node[]).some(({ type, test, consequent }) => {
    if (type !== 'IfStatement' || !mentionsHas(test as Node)) return false;
    const [first] = consequent.type === 'BlockStatement' ? (consequent.body as Node[]) : [consequent as Node];
    return first?.type === 'ThrowStatement';
  });
}

function mentionsHas(test: Node): boolean {
  return test.type === 'CallExpression' && memberName(test['callee'] as Node) === 'has';
}

/** `'name'`, `MAX`, `Kind.ROUND`: the source code limits the number of such keys. */
function isConstant(key: Node): boolean {
  if (key.type === 'Literal') return true;
  if (key.type === 'TemplateLiteral') return key['expressions'].length === 0;
  if (key.type === 'Identifier') return /^[A-Z][A-Z0-9_]*$/.test(key['name'] as string);
  return key.type === 'MemberExpression' && /^[A-Z]/.test(nameOf(key['object'] as Node) ?? '');
}

/** `delete(key)` before `set(key, …)` in one function removes nothing for long: the entry is added again at once. */
function isSetAgain(source: SourceCode, deletion: Node): boolean {
  const body = functionAround(deletion);
  const key = deletion['arguments'][0] as Node | undefined;
  if (!body || !key) return false;
  const container = source.getText(deletion['callee'].object as Node);
  const again = `${container}.set(${source.getText(key)},`;
  const text = source.getText(body);
  return text.indexOf(again, deletion.range[1] - body.range[0]) >= 0;
}
