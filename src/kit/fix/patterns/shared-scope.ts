import { around, functionAround, isFunction, nameOf } from '../../../lint/syntax.js';
import { Editor } from '../editor.js';
import type { Attempt } from '../model.js';
import { type Clue, patchOf } from '../pattern.js';
import { declarationOf, declaredIn, referencesTo } from '../references.js';
import { lineAt, lineOf, type Node, type Source, textOf, within } from '../source.js';

/*
 * A stored closure that shares its scope with one that uses the previous state, so that each state retains the one before.
 *
 * Looks for: a closure where the diagnosis says that the chain is made, beside another closure of the same function that
 * uses variables which this one does not. It is made by a function of its own, so that its scope has what it uses alone.
 * Assumes: nothing; what it returns stays the same. Declines: where it uses `this`, changes a variable, or uses one that is
 * declared later, that an outer function has, or whose type is not written.
 */

export function sharedScope({ source, suspect, lines }: Clue): Attempt {
  if (suspect.kind !== 'closures') return null;
  for (const line of lines)
    for (const node of within(source.program)) {
      if (
        !isFunction(node) ||
        node.type === 'FunctionDeclaration' ||
        lineAt(source.text, node.range[0]) !== line
      )
        continue;
      const fn = functionAround(node);
      if (fn && isStored(node) && sharesScope(node, fn)) return hoisted(source, node, fn);
    }
  return null;
}

/** Whether a closure is a property of what is made, or is assigned to one. */
function isStored({ parent }: Node): boolean {
  return (
    parent.type === 'Property' ||
    (parent.type === 'AssignmentExpression' && parent['left'].type === 'MemberExpression')
  );
}

/** Whether another closure of the function uses a variable that this one does not. */
function sharesScope(closure: Node, fn: Node): boolean {
  const own = new Set(freeIn(closure, fn).map((one) => one['name'] as string));
  return [...within(fn)].some(
    (node) =>
      node !== closure &&
      node !== fn &&
      isFunction(node) &&
      ![...around(node)].includes(closure) &&
      functionAround(node) === fn &&
      freeIn(node, fn).some((one) => !own.has(one['name'] as string)),
  );
}

/** The variables of a function that a closure inside it uses, as their declarations. */
function freeIn(closure: Node, fn: Node): Node[] {
  const found = new Set<Node>();
  for (const node of within(closure)) {
    if (node.type !== 'Identifier') continue;
    const declared = declarationOf(node);
    if (!declared || isIn(declared, closure) || !isIn(declared, fn)) continue;
    if (referencesTo(declared).includes(node)) found.add(declared);
  }
  return [...found];
}

const isIn = (node: Node, outer: Node): boolean =>
  outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1];

function hoisted(source: Source, closure: Node, fn: Node): Attempt {
  const line = lineOf(source, closure);
  const free = freeIn(closure, fn);
  const isBound = [...within(closure)].some(
    (node) => /^(?:ThisExpression|Super|MetaProperty)$/.test(node.type) || nameOf(node) === 'arguments',
  );
  const isChanged = free.some((one) =>
    referencesTo(one).some(
      ({ parent, range }) =>
        (parent.type === 'AssignmentExpression' && (parent['left'] as Node).range === range) ||
        parent.type === 'UpdateExpression',
    ),
  );
  const isLater = free.some(({ range }) => range[0] > closure.range[0]);
  const parameters = free.map((one) => parameterText(source, one));
  if (isBound || isChanged || isLater || usesOuter(source, closure, fn) || parameters.includes(null))
    return { declined: { code: 'uses-more-of-scope', line } };
  const editor = new Editor(source);
  const key = closure.parent.type === 'Property' ? nameOf(closure.parent['key'] as Node) : null;
  const word = key ?? 'callback';
  const name = editor.freeName(`make${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  editor.replace(closure, `${name}(${free.map((one) => String(one['name'])).join(', ')})`);
  editor.addAtEnd([
    '/** In a function of its own: the closure that it returns retains nothing else. */',
    `function ${name}(${parameters.join(', ')}) {`,
    `  return ${textOf(source, closure)};`,
    '}',
  ]);
  return {
    patches: [
      patchOf(editor, {
        pattern: 'shared-scope',
        does: { code: 'closure-made-apart', name, line },
        assumptions: [],
      }),
    ],
  };
}

/** Whether a closure uses a variable that neither its function nor the file declares: the end of the file has none. */
function usesOuter({ program }: Source, closure: Node, fn: Node): boolean {
  const ofFile = new Set(declaredIn(program));
  return [...within(closure)].some((node) => {
    const declared = node.type === 'Identifier' ? declarationOf(node) : null;
    return (
      declared !== null &&
      !isIn(declared, fn) &&
      !ofFile.has(declared) &&
      referencesTo(declared).includes(node)
    );
  });
}

/** A variable as a parameter; null in TypeScript where its type is not written. */
function parameterText(source: Source, declared: Node): string | null {
  const name = String(declared['name']);
  const type = declared['typeAnnotation'] as Node | null | undefined;
  if (!source.isTypeScript) return name;
  return type ? name + textOf(source, type) : null;
}
