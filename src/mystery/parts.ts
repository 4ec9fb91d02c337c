import ts from 'typescript';

/**
 * The statements of a file that declare these names and what they need, with the comments right above each. The comment
 * of the pattern is left out.
 *
 * @param without names that are not needed after all
 */
export function partsOf(source: string, roots: readonly string[], without: readonly string[]): string {
  const file = ts.createSourceFile('service.ts', source, ts.ScriptTarget.Latest, true);
  const all = file.statements.map((statement) => ({ statement, declares: namesOf(statement) }));
  const needed = new Set(roots);
  for (const name of needed)
    for (const { statement, declares } of all)
      if (declares.includes(name) && !ts.isImportDeclaration(statement))
        for (const used of identifiersIn(statement)) needed.add(used); // a Set also visits what is added meanwhile
  for (const name of without) needed.delete(name);
  const kept = all.filter(({ declares }) => declares.some((name) => needed.has(name)));
  return `${kept
    .map(({ statement }) => textOf(statement, source, needed))
    .join('')
    .trim()}\n`;
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  if (ts.isImportDeclaration(statement)) return specifiersOf(statement).map(({ name }) => name.text);
  const { name } = statement as ts.DeclarationStatement;
  return name ? [name.getText()] : [];
}

function specifiersOf({ importClause }: ts.ImportDeclaration): ts.ImportSpecifier[] {
  const bindings = importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
}

function identifiersIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  const found: string[] = [];
  node.forEachChild((child) => void found.push(...identifiersIn(child)));
  return found;
}

/** A statement after its empty line and its own comment; of an import, only the needed names. */
function textOf(statement: ts.Statement, source: string, needed: ReadonlySet<string>): string {
  if (ts.isImportDeclaration(statement)) {
    const names = specifiersOf(statement).filter(({ name }) => needed.has(name.text));
    return `\nimport { ${names.map((one) => one.getText()).join(', ')} } from ${statement.moduleSpecifier.getText()};`;
  }
  const before = source.slice(statement.pos, statement.getStart());
  // The comment of the pattern is the only one of this form.
  return before.replace(/\/\*\n[^]*?\n \*\/\n\n?/, '') + statement.getText();
}
