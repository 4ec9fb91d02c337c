import { escaped } from '../../name-pattern.js';
import { classAround, functionAround, memberName, nameOf, scopeOf } from '../../../lint/syntax.js';
import { removeInterface, removeMember } from '../class-edits.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { lineOf, type Node, type Source, textOf, within } from '../source.js';
import { awaitReturns } from '../statements.js';

/*
 * A request-scoped provider that adds itself to a singleton, and removes itself in a hook that Nest calls for singletons.
 *
 * Looks for: `….add(this)` in the constructor of a class with `scope: Scope.REQUEST`, and `….delete(this)` in
 * `onModuleDestroy`. The removal moves into a `finally` of the method that handles the request. Assumes: the request is
 * over when that method is. Declines: where the class has several methods that may be the last.
 */

const HOOK = 'onModuleDestroy';

export async function requestScoped({ source, container, project, owner }: Clue): Promise<Attempt> {
  const field = owner?.property;
  if (container?.kind !== 'Set' || !field) return null;
  const others = await project.sourcesWith(new RegExp(`\\.${escaped(field)}\\.add\\(this\\b`), source.file);
  for (const one of [source, ...others])
    for (const node of within(one.program)) {
      if (node.type !== 'CallExpression' || !isCallOf(one, node, field, 'add')) continue;
      const provider = classAround(node);
      if (
        provider &&
        scopeOf(provider) === 'request' &&
        functionAround(node)?.parent['kind'] === 'constructor'
      )
        return moved(one, provider, field);
    }
  return null;
}

function isCallOf(source: Source, node: Node, field: string, method: string): boolean {
  const callee = node['callee'] as Node;
  const isThis = (node['arguments'][0] as Node | undefined)?.type === 'ThisExpression';
  return (
    memberName(callee) === method &&
    isThis &&
    memberName(callee['object'] as Node) === field &&
    textOf(source, node).includes(field)
  );
}

function moved(source: Source, provider: Node, field: string): Attempt {
  const members = provider['body'].body as Node[];
  const methods = members.filter((one) => one.type === 'MethodDefinition' && one['kind'] === 'method');
  const hook = methods.find((one) => nameOf(one['key'] as Node) === HOOK);
  const removal =
    hook &&
    [...within(hook)].find(
      (node) => node.type === 'CallExpression' && isCallOf(source, node, field, 'delete'),
    );
  if (!hook || !removal) return null;
  const handlers = methods.filter(
    (one) => one !== hook && one['accessibility'] !== 'private' && one['static'] !== true,
  );
  const [handler, ...more] = handlers;
  const line = lineOf(source, hook);
  if (!handler || more.length > 0 || handler['value'].async !== true)
    return { declined: { code: 'several-handlers', line } };
  const editor = new Editor(source);
  const body = handler['value'].body.body as Node[];
  awaitReturns(editor, body, handler['value'] as Node);
  editor.wrapInFinally(body, [`${textOf(source, removal)};`]);
  const isAlone = (hook['value'].body.body as Node[]).length === 1;
  if (isAlone) removeMember(editor, hook);
  else if (removal.parent.type === 'ExpressionStatement') editor.removeLine(removal.parent);
  if (isAlone) removeInterface(editor, provider, 'OnModuleDestroy');
  return {
    patches: [
      patchOf(editor, {
        pattern: 'request-scoped',
        does: { code: 'hook-moved', hook: HOOK, method: nameOf(handler['key'] as Node) ?? '', line },
        assumptions: [{ code: 'request-ends-with', method: nameOf(handler['key'] as Node) ?? '' }],
      }),
    ],
  };
}
