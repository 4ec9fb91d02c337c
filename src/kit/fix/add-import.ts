import { importsOf } from '../../lint/syntax.js';
import type { Editor } from './editor.js';
import type { Node } from './source.js';

/** Imports a name of a package, or requires it. @returns what it is called here */
export function addImport(editor: Editor, name: string, from: string): string {
  const { layout, text } = editor;
  const { program, isModule, isTypeScript } = editor.source;
  const known = importsOf(program, new RegExp(`^${from}$`));
  for (const [local, exported] of known) if (exported === name) return local;
  const list = layout.imports().find((one) => isListOf(one, from));
  const last = (list?.['specifiers'] as Node[] | undefined)?.at(-1);
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

/** `import { a, b } from 'package'`, to which a name can be added. */
function isListOf(statement: Node, from: string): boolean {
  return (
    statement.type === 'ImportDeclaration' &&
    statement['source'].value === from &&
    statement['importKind'] !== 'type' &&
    (statement['specifiers'] as Node[]).some(({ type }) => type === 'ImportSpecifier')
  );
}
