/** A value of each kind of text, by what stands for it in the help. It is shown where the value is missing. */
export const EXAMPLES = {
  ADDRESS: '127.0.0.1',
  CMD: 'npm start',
  CODE: 'containers()',
  COMMAND: 'k6 run script.js',
  DIGEST: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  DIR: 'report',
  FILE: 'result.json',
  'FILE… [QUESTION]': 'app.heapsnapshot',
  'HOST:PORT': '127.0.0.1:9229',
  'IN OUT': 'app.heapsnapshot',
  METHOD: 'POST',
  NAME: 'x-request-id',
  'NAME:VALUE': 'content-type:application/json',
  PATH: '/run/app.sock',
  REF: 'main',
  TEXT: '{"id":1}',
  URL: 'http://127.0.0.1:8000/users/random',
} as const;

/** What may stand for a text in the help. */
export type TextPlaceholder = keyof typeof EXAMPLES;

/** A value as it is typed into a shell. */
export function typed(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;
}
