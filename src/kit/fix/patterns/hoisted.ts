import { around, functionAround, isFunction, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { handlesAt } from '../handles.js';
import { importedName } from '../imported.js';
import { declarationOf, referencesTo } from '../references.js';
import { lineAt, lineOf, type Node, type Source, textOf, within } from '../source.js';
import { statementOf } from '../statements.js';

/*
 * A client, a pool or a compiled schema that is made for each request, and meant to be made once.
 *
 * Looks for: `const client = new SomeClient(…)` or `createClient(…)` in a function, at a line that the diagnosis names,
 * of nothing that belongs to the request. It moves above the function. Assumes: it can serve several requests at once.
 * Declines: where its options follow from the request, where the function opens, configures or closes it, and where other
 * code gets it.
 */

const MADE_ONCE = /(?:Client|Pool|Agent|Ajv\w*|Breaker|Limiter|Logger|Dispatcher|Bottleneck)$/;
const MAKES = /^(?:create(?:Client|Pool|Agent|Logger)|compile)$/;
/** What V8 does not count, and has no state of its own. */
const NATIVE =
  /^(?:tls\.createSecureContext|vm\.Script|WebAssembly\.Module|Intl\.(?:DateTimeFormat|NumberFormat|Collator|PluralRules|RelativeTimeFormat|ListFormat|Segmenter|DisplayNames))$/;
/** What is done to one that belongs to a request. */
const OWNED =
  /^(?:connect|open|close|end|destroy|quit|disconnect|dispose|release|shutdown|on|once|addListener|addEventListener|use|register|add\w*|set[A-Z]\w*|auth\w*|login\w*|configure\w*|init\w*)$/;

export function hoisted({ source, suspect, lines }: Clue): Attempt {
  if (/^(?:listeners|timers|buffers)$/.test(suspect.kind)) return null;
  for (const node of within(source.program)) {
    if (
      node.type !== 'VariableDeclarator' ||
      node['id'].type !== 'Identifier' ||
      !isMadeOnce(node['init'] as Node | null)
    )
      continue;
    const fn = functionAround(node);
    const statement = statementOf(node);
    const [from, to] = [lineAt(source.text, node.range[0]), lineAt(source.text, node.range[1])];
    if (!fn || !statement || !lines.some((line) => from <= line && line <= to)) continue;
    return moved(source, node, statement);
  }
  return null;
}

function isMadeOnce(init: Node | null): boolean {
  if (init?.type !== 'NewExpression' && init?.type !== 'CallExpression') return false;
  const callee = init['callee'] as Node;
  const name = memberName(callee) ?? nameOf(callee) ?? '';
  return (init.type === 'NewExpression' ? MADE_ONCE : MAKES).test(name) || isNative(init);
}

const isNative = (init: Node): boolean => NATIVE.test(importedName(init['callee'] as Node) ?? '');

function moved(source: Source, declarator: Node, statement: Node): Attempt {
  const line = lineOf(source, declarator);
  const name = String(declarator['id'].name);
  const init = declarator['init'] as Node;
  const local = localIn(init);
  if (local) return { declined: { code: 'follows-from-request', name: textOf(source, local), line } };
  if (isNative(init) && readsAnew(init)) return { declined: { code: 'reads-anew', name, line } };
  for (const reference of referencesTo(declarator['id'] as Node)) {
    const at = lineOf(source, reference);
    if (isOwned(reference)) return { declined: { code: 'belongs-to-request', name, line: at } };
    // What may be done with a handle is known better than that.
    if (!isAsked(reference))
      return handlesAt(source, [line]).length > 0
        ? null
        : { declined: { code: 'escapes', container: name, line: at } };
  }
  const top = [statement, ...around(statement)].find((one) => one.parent?.type === 'Program');
  if (!top || (statement['declarations'] as Node[]).length !== 1 || statement['kind'] !== 'const')
    return null;
  const later = declaredAfter(init, top);
  if (later) return { declined: { code: 'declared-later', name: textOf(source, later), line } };
  const editor = new Editor(source);
  const isTaken = [...within(source.program)].some(
    (one) =>
      one.type === 'Identifier' &&
      one['name'] === name &&
      one !== declarator['id'] &&
      declarationOf(one) !== declarator['id'] &&
      one.parent.type !== 'MemberExpression',
  );
  if (isTaken) return { declined: { code: 'follows-from-request', name, line } };
  editor.addAbove(top, textOf(source, statement).split('\n'));
  editor.removeLine(statement);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'hoisted',
        does: { code: 'made-once', name, line },
        assumptions: [{ code: 'serves-several', name }],
      }),
    ],
  };
}

/** `client.close()`, `client.defaults.timeout = 1` and `client.interceptors.request.use(…)`. */
function isOwned(reference: Node): boolean {
  let at = reference;
  while (at.parent.type === 'MemberExpression' && at.parent['object'] === at) at = at.parent;
  const { parent } = at;
  if (at === reference) return false;
  return parent.type === 'CallExpression' && parent['callee'] === at
    ? OWNED.test(memberName(at) ?? '')
    : (parent.type === 'AssignmentExpression' && parent['left'] === at) || parent.type === 'UpdateExpression';
}

/** Whether a member of it is used, it is called, or it is an option as in `fetch(url, { agent })`; otherwise other code gets it. */
function isAsked(reference: Node): boolean {
  const { parent } = reference;
  const isOption =
    parent.type === 'Property' &&
    parent.parent.type === 'ObjectExpression' &&
    parent.parent.parent.type === 'CallExpression';
  return (
    isOption ||
    isInstantiated(reference) ||
    (parent.type === 'MemberExpression' && parent['object'] === reference) ||
    (parent.type === 'CallExpression' && parent['callee'] === reference)
  );
}

/** What an expression uses of the function around it; null where it uses none. */
function localIn(init: Node): Node | null {
  for (const node of within(init)) {
    if (node.type === 'ThisExpression' || node.type === 'AwaitExpression') return node;
    if (node.type !== 'Identifier') continue;
    const declared = declarationOf(node);
    if (
      declared &&
      [...around(declared)].some((one) => isFunction(one)) &&
      ![...around(declared)].includes(init) &&
      referencesTo(declared).includes(node)
    )
      return node;
  }
  return null;
}

/** `new WebAssembly.Instance(module, …)`, which has nothing to do with another instance of it. */
function isInstantiated({ parent }: Node): boolean {
  return /^WebAssembly\.(?:Instance|instantiate)$/.test(
    importedName((parent['callee'] ?? parent) as Node) ?? '',
  );
}

/** Whether its arguments call something, such as `readFileSync(path)`, or use a variable of the file that may change. */
function readsAnew(init: Node): boolean {
  return [...within(init)].some((node) => {
    if (node === init) return false;
    if (/^(?:CallExpression|NewExpression|TaggedTemplateExpression)$/.test(node.type)) return true;
    const declared = node.type === 'Identifier' ? declarationOf(node) : null;
    return declared?.parent.type === 'VariableDeclarator' && declared.parent.parent['kind'] !== 'const';
  });
}

/** A constant or a class that a value uses and that is declared below a statement: above it, it would not be there yet. */
function declaredAfter(init: Node, top: Node): Node | null {
  for (const node of within(init)) {
    const declared = node.type === 'Identifier' ? declarationOf(node) : null;
    if (
      declared &&
      declared.range[0] > top.range[0] &&
      ![...around(declared)].some((one) => isFunction(one)) &&
      declared.parent.type !== 'FunctionDeclaration' &&
      !declared.parent.type.startsWith('Import') &&
      referencesTo(declared).includes(node)
    )
      return node;
  }
  return null;
}
