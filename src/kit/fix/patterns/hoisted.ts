import { around, functionAround, isFunction, memberName, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import type { Clue } from '../pattern.js';
import { declarationOf, referencesTo } from '../references.js';
import { lineAt, lineOf, type Node, type Source, textOf, within } from '../source.js';
import { statementOf } from '../statements.js';

/*
 * A client, a pool or a compiled schema that is made for each request, and meant to be made once.
 *
 * Looks for: `const client = new SomeClient(…)` or `createClient(…)` in a function, at a line that the diagnosis names,
 * of nothing that belongs to the request. It moves above the function. Assumes: it can serve several requests at once.
 * Declines: where its options follow from the request, and where the function opens, configures or closes it.
 */

const MADE_ONCE = /(?:Client|Pool|Agent|Ajv\w*|Breaker|Limiter|Logger|Dispatcher|Bottleneck)$/;
const MAKES = /^(?:create(?:Client|Pool|Agent|Logger)|compile)$/;
/** What is done to one that belongs to a request. */
const OWNED =
  /^(?:connect|open|close|end|destroy|quit|disconnect|dispose|release|shutdown|on|once|addListener|addEventListener|use|register|add\w*)$/;

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
  return init.type === 'NewExpression' ? MADE_ONCE.test(name) : MAKES.test(name);
}

function moved(source: Source, declarator: Node, statement: Node): Attempt {
  const line = lineOf(source, declarator);
  const name = String(declarator['id'].name);
  const local = localIn(declarator['init'] as Node);
  if (local) return { declined: { code: 'follows-from-request', name: textOf(source, local), line } };
  const owned = referencesTo(declarator['id'] as Node).find(
    ({ parent }) =>
      parent.type === 'MemberExpression' &&
      OWNED.test(memberName(parent) ?? '') &&
      parent.parent.type === 'CallExpression',
  );
  if (owned) return { declined: { code: 'belongs-to-request', name, line: lineOf(source, owned) } };
  const top = [statement, ...around(statement)].find((one) => one.parent?.type === 'Program');
  if (!top || (statement['declarations'] as Node[]).length !== 1 || statement['kind'] !== 'const')
    return null;
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
      {
        pattern: 'hoisted',
        file: source.file,
        before: source.text,
        after: editor.toString(),
        does: { code: 'made-once', name, line },
        assumptions: [{ code: 'serves-several', name }],
      },
    ],
  };
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
