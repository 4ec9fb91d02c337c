import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with a value, by the JSON Schema that the reference has of it. */
export async function schemaErrors(name: string, value: unknown): Promise<string[]> {
  const ajv = new Ajv2020({ allErrors: true });
  const validate = ajv.compile(JSON.parse(await readFile(`docs/reference/${name}.schema.json`, 'utf8')));
  validate(value);
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
