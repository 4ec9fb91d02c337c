import { memberName } from '../../lint/syntax.js';
import type { Container } from './container.js';
import { pathOf } from './container-kinds.js';
import type { Node } from './source.js';

/** What one reference does with a container. `node` is the whole expression: `users.get(id)`, `users[id]`, `users.size`. */
export type Use =
  | Read
  | Write
  | { does: 'delete'; node: Node; key: Node }
  | { does: 'add' | 'push' | 'unshift'; node: Node; value: Node }
  | { does: 'count' | 'clear' | 'remove' | 'list' | 'bound' | 'replace' | 'escape'; node: Node };

export interface Read {
  does: 'get' | 'has';
  node: Node;
  key: Node;
}

export interface Write {
  does: 'set';
  node: Node;
  key: Node;
  value: Node;
}

export const isRead = (use: Use): use is Read => use.does === 'get' || use.does === 'has';
export const isWrite = (use: Use): use is Write => use.does === 'set';

const REMOVES = new Set(['pop', 'shift', 'splice']);
/** Reads of one array or Map that hand out every entry. */
const LISTS =
  /^(?:forEach|map|filter|find|findLast|findIndex|some|every|reduce|reduceRight|join|slice|concat|flat|flatMap|includes|indexOf|lastIndexOf|at|keys|values|entries|toSorted|toReversed|sort|reverse|with)$/;
const ASKING_CALL = /^(?:Object\.hasOwn|Object\.prototype\.hasOwnProperty\.call)$/;
const LISTING_CALL = /^(?:Object\.(?:keys|values|entries|fromEntries)|Array\.from|JSON\.stringify)$/;

export function usesOf({ references, kind }: Container): Use[] {
  return references.map((reference) => useOf(outermost(reference), kind));
}

/** `users!` and `(users as X)` are used as `users` is. */
function outermost(node: Node): Node {
  return /^TS(?:NonNull|As|Satisfies|TypeAssertion)/.test(node.parent.type) ? outermost(node.parent) : node;
}

function useOf(reference: Node, kind: Container['kind']): Use {
  const { parent } = reference;
  if (parent.type === 'MemberExpression' && parent['object'] === reference) return useOfMember(parent, kind);
  switch (parent.type) {
    case 'AssignmentExpression':
      return { does: parent['left'] === reference ? 'replace' : 'escape', node: parent };
    case 'BinaryExpression':
      return parent['operator'] === 'in' && parent['right'] === reference
        ? { does: 'has', node: parent, key: parent['left'] as Node }
        : { does: 'escape', node: parent };
    case 'SpreadElement':
    case 'ForOfStatement':
    case 'ForInStatement':
      return { does: 'list', node: parent };
    case 'CallExpression':
      if (
        parent['arguments'][0] === reference &&
        parent['arguments'].length === 2 &&
        ASKING_CALL.test(calleeText(parent))
      )
        return { does: 'has', node: parent, key: parent['arguments'][1] as Node };
      return { does: LISTING_CALL.test(calleeText(parent)) ? 'list' : 'escape', node: parent };
    case 'IfStatement':
    case 'TSTypeQuery':
      return { does: 'count', node: parent };
    default:
      return { does: 'escape', node: parent };
  }
}

function calleeText(call: Node): string {
  const callee = call['callee'] as Node;
  const object = callee['object'] as Node | undefined;
  return object ? `${pathOf(object)}.${memberName(callee) ?? '?'}` : String(callee['name']);
}

function useOfMember(member: Node, kind: Container['kind']): Use {
  const whole = outermost(member);
  const { parent } = whole;
  const name = memberName(member);
  if (kind === 'Map' || kind === 'Set') return useOfMethod(name, member, whole);
  if (kind === 'Array' && name !== null && !isIndex(member)) return useOfArrayMember(name, member, whole);
  if (parent.type === 'CallExpression' && parent['callee'] === whole && name === 'hasOwnProperty')
    return { does: 'has', node: parent, key: parent['arguments'][0] as Node };
  return useOfEntry(member, whole);
}

const isIndex = (member: Node): boolean => member['computed'] === true;

function useOfEntry(member: Node, whole: Node): Use {
  const { parent } = whole;
  const key = member['property'] as Node;
  if (parent.type === 'UnaryExpression' && parent['operator'] === 'delete')
    return { does: 'delete', node: parent, key };
  if (parent.type === 'AssignmentExpression' && parent['left'] === whole)
    return parent['operator'] === '='
      ? { does: 'set', node: parent, key, value: parent['right'] as Node }
      : { does: 'escape', node: parent };
  if (parent.type === 'UpdateExpression') return { does: 'escape', node: parent };
  return { does: 'get', node: whole, key };
}

function useOfMethod(name: string | null, member: Node, whole: Node): Use {
  const { parent } = whole;
  if (name === 'size') return { does: isCompared(whole) ? 'bound' : 'count', node: whole };
  if (parent.type !== 'CallExpression' || parent['callee'] !== whole || name === null)
    return { does: 'escape', node: whole };
  const [key, value] = parent['arguments'] as Node[];
  if (key && (name === 'get' || name === 'has' || name === 'delete'))
    return { does: name, node: parent, key };
  if (key && value && name === 'set') return { does: 'set', node: parent, key, value };
  if (key && name === 'add') return { does: 'add', node: parent, value: key };
  if (name === 'clear') return { does: 'clear', node: parent };
  return { does: LISTS.test(name) ? 'list' : 'escape', node: member };
}

function useOfArrayMember(name: string, member: Node, whole: Node): Use {
  const { parent } = whole;
  if (name === 'length') {
    if (parent.type === 'AssignmentExpression' && parent['left'] === whole)
      return { does: 'clear', node: parent };
    return { does: isCompared(whole) ? 'bound' : 'count', node: whole };
  }
  if (parent.type !== 'CallExpression' || parent['callee'] !== whole) return { does: 'escape', node: member };
  const [value] = parent['arguments'] as Node[];
  if (value && (name === 'push' || name === 'unshift')) return { does: name, node: parent, value };
  if (REMOVES.has(name)) return { does: 'remove', node: parent };
  return { does: LISTS.test(name) ? 'list' : 'escape', node: parent };
}

/** `users.size >= MAX` checks a bound; `users.size > 0` does not. */
function isCompared(count: Node): boolean {
  const { parent } = count;
  if (parent.type !== 'BinaryExpression' || !/^[<>]=?$/.test(parent['operator'] as string)) return false;
  const other = (parent['left'] === count ? parent['right'] : parent['left']) as Node;
  return parent.parent.type !== 'ForStatement' && !(other.type === 'Literal' && Number(other['value']) <= 1);
}
