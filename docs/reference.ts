import { about as console } from '../src/cli/console.js';
import { about as demo } from '../src/cli/demo.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as gallery } from '../src/cli/gallery.js';
import { about as load } from '../src/cli/load.js';
import type { About } from '../src/command/help.js';
import { problems } from '../src/kit/problem.js';
import { mysteryAbout } from '../src/mystery/quiz.js';
import { serviceAbout } from '../src/settings.js';
import { schemasOf, type Schema } from './schema.js';
import { optionTable, table } from './tables.js';

/** Every command, by what is typed to run it. */
const commands: Record<string, About> = {
  'the service': serviceAbout,
  load,
  diagnose,
  console,
  gallery,
  demo,
  mystery: mysteryAbout,
};
/** In the package as well; the others need the repository. */
const PACKED = new Set(['load', 'diagnose', 'console']);

/** Longer lists of names are left to the schema. */
const MOST_SHOWN = 10;

/** The pages of `docs/reference`, by their names. They say what the code says, and nothing more. */
export function referencePages(): Record<string, string> {
  const schemas = schemasOf('docs/outputs.ts');
  const files = Object.entries(schemas).map(([name, schema]) => [
    schemaFile(name),
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
  return {
    'README.md': indexPage(schemas),
    'commands.md': commandsPage(),
    'codes.md': codesPage(),
    'json.md': jsonPage(schemas),
    ...(Object.fromEntries(files) as Record<string, string>),
  };
}

const schemaFile = (name: string): string => `${name.toLowerCase()}.schema.json`;
const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

function indexPage(schemas: Record<string, Schema>): string {
  return `# Reference

Written from the code by \`npm run docs\`; a test holds them equal.

- Commands, their flags, variables and exit codes: ${links(Object.keys(commands), (name) => `commands.md#${anchor(name)}`)}
- [Codes of errors and warnings](codes.md)
- [Metrics](../metrics.md) of \`GET /metrics\`
- [What is written and answered as JSON](json.md), with a JSON Schema for each: ${links(Object.keys(schemas), schemaFile)}
`;
}

const links = (names: string[], target: (name: string) => string): string =>
  names.map((name) => `[${name}](${target(name)})`).join(', ');

function commandsPage(): string {
  const parts = Object.entries(commands).map(([name, about]) => {
    const packed = PACKED.has(name) ? ` In a project that has the package: \`npx leak-lab ${name}\`.` : '';
    return `## ${name}

${about.purpose}${packed}

\`\`\`sh
${about.examples.join('\n')}
\`\`\`

${optionTable(about.options)}

${table(['exit code', 'meaning'], Object.entries(about.exits))}
`;
  });
  return `# Commands

Every command prints this with \`--help\`. Where a variable is named, it stands in for the flag.

${parts.join('\n')}`;
}

function codesPage(): string {
  return `# Codes

Errors and warnings end with one of these, in brackets. The sentence before it may change, the code does not.

${table(
  ['code', 'meaning'],
  Object.entries(problems).map(([code, meaning]) => [`\`${code}\``, meaning]),
)}
`;
}

function jsonPage(schemas: Record<string, Schema>): string {
  const parts = Object.entries(schemas).map(
    ([name, schema]) => `## ${name}

${schema.description} Schema: [\`${schemaFile(name)}\`](${schemaFile(name)}).

${table(
  ['field', 'type', 'meaning'],
  fieldsOf(schema, schema, '').map(([field, type, meaning]) => [`\`${field}\``, type!, meaning!]),
)}
`,
  );
  return `# JSON

Bytes are bytes, times are milliseconds, shares are from 0 to 1. Fields may be added in a minor version; none goes away, or changes its meaning, but in a major one. A field that ends in \`?\` may be missing.

${parts.join('\n')}`;
}

/** Every field with its place: `rows[].requests`. */
function fieldsOf(schema: Schema, root: Schema, path: string): string[][] {
  const one = resolve(schema, root);
  if (one.items) return fieldsOf(one.items, root, `${path}[]`);
  if (one.anyOf) return one.anyOf.flatMap((option) => fieldsOf(option, root, path));
  const fields: string[][] = [];
  for (const [name, property] of Object.entries(one.properties ?? {})) {
    const here = `${path}${path && '.'}${name}`;
    const optional = one.required!.includes(name) ? '' : '?';
    fields.push([here + optional, typeOf(property, root), property.description ?? '']);
    fields.push(...fieldsOf(property, root, here));
  }
  return fields;
}

function typeOf(schema: Schema, root: Schema): string {
  const { type, items, anyOf, ...one } = resolve(schema, root);
  if (anyOf) return anyOf.map((option) => typeOf(option, root)).join(' or ');
  if (one.enum && one.enum.length > MOST_SHOWN) return `one of ${one.enum.length} names`;
  if (one.enum) return one.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (items) return `list of ${typeOf(items, root)}`;
  return type ?? 'anything';
}

function resolve(schema: Schema, root: Schema): Schema {
  return schema.$ref ? root.$defs![schema.$ref.split('/').at(-1)!]! : schema;
}
