import { about as bisect } from '../src/cli/bisect.js';
import { about as compare } from '../src/cli/compare.js';
import { about as console } from '../src/cli/console.js';
import { about as demo } from '../src/cli/demo.js';
import { about as ps } from '../src/cli/ps.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as fix } from '../src/cli/fix.js';
import { about as gallery } from '../src/cli/gallery.js';
import { about as load } from '../src/cli/load.js';
import { about as mcp } from '../src/cli/mcp.js';
import { about as query } from '../src/cli/query.js';
import { about as record } from '../src/cli/record.js';
import { about as redact } from '../src/cli/redact.js';
import { about as snapshot } from '../src/cli/snapshot.js';
import type { About } from '../src/command/help.js';
import { problems } from '../src/kit/problem.js';
import { mysteryAbout } from '../src/mystery/quiz.js';
import { serviceAbout } from '../src/settings.js';
import { consolePage } from './console.js';
import { httpPage } from './http.js';
import { schemasOf, type Schema } from './schema.js';
import { optionTable, table } from './tables.js';

/** Every command, by its name on the page. */
export const commands: Record<string, About> = {
  'the service': serviceAbout,
  load,
  diagnose,
  ps,
  query,
  snapshot,
  redact,
  compare,
  bisect,
  fix,
  record,
  mcp,
  console,
  gallery,
  demo,
  mystery: mysteryAbout,
};
/** Commands that the npm package has. The others need the repository. */
const PACKED = new Set([
  'load',
  'diagnose',
  'ps',
  'query',
  'snapshot',
  'redact',
  'compare',
  'bisect',
  'fix',
  'record',
  'console',
  'mcp',
]);

/** Longer lists of values are only in the schema. */
const MOST_SHOWN = 10;

/** The pages of `docs/reference` by file name. They are generated from the code, so they cannot disagree with it. */
export function referencePages(): Record<string, string> {
  const schemas = schemasOf('docs/outputs.ts');
  const files = Object.entries(schemas).map(([name, schema]) => [
    schemaFile(name),
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
  return {
    'README.md': indexPage(schemas),
    'commands.md': commandsPage(),
    'exit-codes.md': exitCodesPage(),
    'codes.md': codesPage(),
    'console.md': consolePage(),
    'http.md': httpPage(),
    'json.md': jsonPage(schemas),
    ...(Object.fromEntries(files) as Record<string, string>),
  };
}

const schemaFile = (name: string): string => `${name.toLowerCase()}.schema.json`;
const anchor = (title: string): string => title.toLowerCase().replaceAll(' ', '-');

function indexPage(schemas: Record<string, Schema>): string {
  return `# Reference

\`npm run docs\` writes these pages from the code, and a test checks that they are up to date.

- [Commands](commands.md) with their options: ${links(Object.keys(commands), (name) => `commands.md#${anchor(name)}`)}
- [Exit codes](exit-codes.md) of every command
- [Error and warning codes](codes.md)
- [HTTP endpoints](http.md) of the service
- [Console](console.md) and its verbs
- [Metrics](../metrics.md) of \`GET /metrics\`
- [JSON](json.md) that commands and endpoints write, with a JSON Schema for each: ${links(Object.keys(schemas), schemaFile)}

Explanations are elsewhere: [the service](../service.md), [your own service](../your-service.md), [the test matcher](../matcher.md), [the lint rules](../lint.md), [the leak patterns](../patterns.md).
`;
}

const links = (names: string[], target: (name: string) => string): string =>
  names.map((name) => `[${name}](${target(name)})`).join(', ');

function commandsPage(): string {
  const parts = Object.entries(commands).map(([name, about]) => {
    const packed = PACKED.has(name) ? ` With the package installed: \`npx leak-lab ${name}\`.` : '';
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

Every command prints its options with \`--help\`. An option with a variable is also read from the environment; the command line wins.

${parts.join('\n')}`;
}

function exitCodesPage(): string {
  const rows = Object.entries(commands).flatMap(([name, { exits }]) =>
    Object.entries(exits).map(([code, meaning]) => [`[${name}](commands.md#${anchor(name)})`, code, meaning]),
  );
  return `# Exit codes

${table(['command', 'exit code', 'meaning'], rows)}
`;
}

function codesPage(): string {
  return `# Error and warning codes

Each error or warning ends with one of these codes in brackets. Scripts may rely on the codes; the sentences may change.

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
  fieldsOf(schema, schema, '').map(({ field, type, meaning }) => [`\`${field}\``, type, meaning]),
)}
`,
  );
  return `# JSON

Sizes are in bytes and times in milliseconds, unless the field says otherwise; shares are from 0 to 1. A minor version may add fields. Only a major version removes a field or changes its meaning. A field with \`?\` may be missing.

${parts.join('\n')}`;
}

interface Field {
  /** With its path, such as `rows[].requests`. */
  field: string;
  type: string;
  meaning: string;
}

function fieldsOf(schema: Schema, root: Schema, path: string): Field[] {
  const one = resolve(schema, root);
  if (one.items) return fieldsOf(one.items, root, `${path}[]`);
  if (one.anyOf) return one.anyOf.flatMap((option) => fieldsOf(option, root, path));
  const fields: Field[] = [];
  for (const [name, property] of Object.entries(one.properties ?? {})) {
    const here = `${path}${path && '.'}${name}`;
    const optional = one.required?.includes(name) ? '' : '?';
    fields.push({
      field: here + optional,
      type: typeOf(property, root),
      meaning: property.description ?? '',
    });
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
  if (!schema.$ref) return schema;
  const found = root.$defs?.[schema.$ref.replace(/^.*\//, '')];
  if (!found) throw new Error(`the schema has no ${schema.$ref}`);
  return found;
}
