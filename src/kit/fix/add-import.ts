import { around, importsOf, nameOf } from '../../lint/syntax.js';
import type { Editor } from './editor.js';
import { declarationOf } from './references.js';
import { type Node, textOf } from './source.js';

/** Imports a name of a package, or requires it. @returns what it is called here */
export function addImport(editor: Editor, name: string, from: string): string {
  const { layout, text } = editor;
  const { program, isModule, isTypeScript } = editor.source;
  const known = importsOf(program, new RegExp(`^${from}$`));
  for (const [local, exported] of known) if (exported === name) return local;
  const last = layout
    .imports()
    .map((one) => listIn(one, from))
    .find((one) => one.length > 0)
    ?.at(-1);
  if (last) {
    text.appendLeft(last.range[1], `, ${name}`);
    return name;
  }
  const free = editor.freeName(name);
  const { quote, end } = layout;
  const line =
    isModule || isTypeScript
      ? `import { ${free === name ? name : `${name} as ${free}`} } from ${quote}${from}${quote}${end}`
      : `const { ${free === name ? name : `${name}: ${free}`} } = require(${quote}${from}${quote})${end}`;
  const before = layout.lastImportOfPackage();
  const first = layout.imports()[0];
  if (before) text.appendLeft(layout.endOfLine(before), layout.newLine + line);
  else if (first) text.appendRight(layout.startWithComments(first), line + layout.newLine);
  else text.appendRight(layout.startOfCode(), line + layout.newLine + layout.newLine);
  return free;
}

/** How another name of the same module is written: `fs.closeSync` beside `fs.openSync`; `closeSync`, which is imported. */
export function besideImport(editor: Editor, callee: Node, name: string): string {
  if (callee.type === 'MemberExpression') return `${textOf(editor.source, callee['object'] as Node)}.${name}`;
  const from = moduleOf(callee);
  return from === null ? name : addImport(editor, name, from);
}

/** The module that a name is imported from, or required. */
function moduleOf(name: Node): string | null {
  const declared = declarationOf(name);
  if (!declared) return null;
  for (const { type, source, init } of around(declared)) {
    if (type === 'ImportDeclaration') return String((source as Node)['value']);
    if (type === 'VariableDeclarator')
      return String(((init as Node)['arguments'] as Node[] | undefined)?.[0]?.['value'] ?? '') || null;
  }
  return null;
}

/** The names of `import { a, b } from 'package'` and of `const { a, b } = require('package')`, to which one can be added. */
function listIn(statement: Node, from: string): Node[] {
  if (statement.type === 'ImportDeclaration') {
    const names = statement['specifiers'] as Node[];
    const isList = names.some(({ type }) => type === 'ImportSpecifier');
    return statement['source'].value === from && statement['importKind'] !== 'type' && isList ? names : [];
  }
  const [only, ...others] = (statement['declarations'] ?? []) as Node[];
  const init = only?.['init'] as Node | null | undefined;
  const isRequired =
    others.length === 0 &&
    only?.['id'].type === 'ObjectPattern' &&
    init?.type === 'CallExpression' &&
    nameOf(init['callee'] as Node) === 'require' &&
    init['arguments'][0]?.value === from;
  const names = isRequired ? (only['id'].properties as Node[]) : [];
  return names.some(({ type }) => type === 'RestElement') ? [] : names;
}
