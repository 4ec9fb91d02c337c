import { type GrowthCode, growthName } from '../kit/outside/index.js';

export type Runner = 'vitest' | 'jest' | 'node:test';

/** Method, body and headers of the requests, as leak-lab's flags. */
export interface TestedRequests {
  url: string[];
  method: string;
  body: string | undefined;
  header: string[];
  replay: string | undefined;
}

interface About {
  runner: Runner;
  /** The command that starts the service. */
  start: string;
  requests: TestedRequests;
  /** What the test judges; null for the memory that V8 counts. */
  grows: GrowthCode | null;
  /** The name of the test's own file: its extension says whether it imports or requires. */
  file: string;
}

const LIMIT_MS = 300_000;

/** What the test says where it fails because of that. */
export function growthSaid(grows: GrowthCode | null): string {
  if (grows === null) return 'memory grows';
  const name = growthName(grows);
  return `${name} ${/\bmemory\b/.test(name) ? 'grows' : 'grow'}`;
}

/** The text of a test that starts the service, sends load, and fails where memory grows. */
export function testText({ runner, start, requests, grows, file }: About): string {
  const isCommonJs = runner === 'jest' && !/\.m[jt]s$/.test(file);
  const need = (names: string, from: string): string =>
    isCommonJs
      ? `const ${names} = require('${from}');`
      : `import ${names.replaceAll(': ', ' as ')} from '${from}';`;
  const isNode = runner === 'node:test';
  const flags = [
    ...requests.url.slice(0, 1).flatMap((url) => ['--url', url]),
    ...(requests.method === 'GET' ? [] : ['--method', requests.method]),
    ...(requests.body === undefined ? [] : ['--body', requests.body]),
    ...requests.header.flatMap((one) => ['--header', one]),
    ...(grows === null ? [] : ['--judge', grows]),
  ];
  const said = growthSaid(grows);
  const left = grows === null ? 'memory' : growthName(grows);
  // What is outside V8 is read from /proc.
  const [declared, call] =
    grows === null
      ? ['', 'test']
      : ["const onLinux = process.platform === 'linux' ? test : test.skip;\n\n", 'onLinux'];
  return `${[
    ...(runner === 'vitest' ? [need('{ test }', 'vitest')] : []),
    ...(isNode ? [need('{ test }', 'node:test')] : []),
    need('assert', 'node:assert/strict'),
    need('{ spawn }', 'node:child_process'),
    need('{ once }', 'node:events'),
    ...(isCommonJs ? [] : [need('{ createRequire }', 'node:module')]),
    need('{ connect, createServer }', 'node:net'),
    need('{ dirname, join }', 'node:path'),
    need('{ setTimeout: sleep }', 'node:timers/promises'),
  ].join('\n')}

const START = ${JSON.stringify(start)};
const LOAD = ${JSON.stringify([...flags, '--requests', '10000', '--connections', '10', '--expect', 'bounded'])};
const ENDS = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'];

${isCommonJs ? '' : 'const require = createRequire(import.meta.url);\n'}const leakLab = join(dirname(require.resolve('leak-lab/package.json')), 'dist/src/cli/main.js');

const withPort = (text, port) => text.replaceAll('{port}', String(port));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

${declared}// Written by leak-lab fix: it failed before the patch, and passed after it.
${call}('the load leaves no ${left} behind', ${isNode ? `{ timeout: ${LIMIT_MS} }, ` : ''}async () => {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const service = spawn(withPort(START, port), { shell: true, detached: true, stdio: 'ignore', env });
  const stop = () => {
    try {
      process.kill(-service.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  // It has a group of its own, so that an interrupted test would leave it running.
  for (const event of ENDS) process.once(event, stop);
  try {
    while (!(await accepts(port))) {
      assert.equal(service.exitCode, null, 'the service ended before it listened');
      await sleep(100);
    }
    const args = [leakLab, 'load', ...LOAD.map((one) => withPort(one, port))];
    const load = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
    let output = '';
    for (const stream of [load.stdout, load.stderr]) stream.on('data', (text) => (output += text));
    const [code] = await once(load, 'close');
    const said = code === 1 ? '${said}' : 'whether ${said} could not be told';
    assert.equal(code, 0, \`\${said}: \${output.slice(-600)}\`);
  } finally {
    for (const event of ENDS) process.off(event, stop);
    stop();
  }
}${isNode ? '' : `, ${LIMIT_MS}`});
`;
}
