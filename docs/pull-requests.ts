import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** A service whose cache has no bound. */
const SERVER = `import { createServer } from 'node:http';

const orders = new Map();

function order(id) {
  const known = orders.get(id);
  if (known) return known;
  const loaded = { id, items: Array.from({ length: 20 }, (_, i) => \`item \${i} of order \${id}\`) };
  orders.set(id, loaded);
  return loaded;
}

createServer((request, response) => {
  const id = request.url.split('/').at(-1);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(order(id)));
}).listen(process.env.PORT, '127.0.0.1');
`;
/** A change that gives it one. */
const withBound = (server: string): string =>
  server.replace(
    '  orders.set(id, loaded);\n',
    '$&  if (orders.size > 1_000) orders.delete(orders.keys().next().value);\n',
  );
/** A change that adds another container without one. */
const withVisits = (server: string): string =>
  server
    .replace('const orders = new Map();\n', '$&const visits = new Map();\n')
    .replace('  const known', '  visits.set(id, { id, last: new Date() });\n$&');

/** What `leak-lab compare --markdown` writes for two pull requests: one mends a leak, one adds one. */
export async function pullRequests(): Promise<{ mends: string; adds: string }> {
  const bounded = withBound(SERVER);
  return {
    mends: await summaryOf(SERVER, bounded),
    adds: await summaryOf(bounded, withVisits(bounded)),
  };
}

/** The summary of a change of one file, from the branch `main` to the one that is checked out. */
async function summaryOf(base: string, head: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-'));
  const git = (...args: string[]) => promisify(execFile)('git', ['-C', folder, ...args]);
  const commit = async (server: string, message: string): Promise<void> => {
    await writeFile(join(folder, 'server.js'), server);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    const author = [
      '-c',
      'user.name=Docs',
      '-c',
      'user.email=docs@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    await git('add', '.');
    await git(...author, 'commit', '--quiet', '--message', message);
  };
  try {
    await git('init', '--quiet', '--initial-branch', 'main');
    await commit(base, 'Base');
    await git('checkout', '--quiet', '-b', 'change');
    await commit(head, 'Change');
    const file = join(folder, 'summary.md');
    const refs = ['--before-ref', 'main', '--after-ref', 'HEAD', '--start', 'node server.js'];
    const command = [resolve('dist/src/cli/main.js'), 'compare', ...refs, '--markdown', file];
    const url = 'http://127.0.0.1:{port}/orders/{n}';
    await new Promise((done) => {
      execFile(process.execPath, [...command, '--url', url], { cwd: folder }, done);
    });
    return (await readFile(file, 'utf8')).trimEnd();
  } finally {
    await rm(folder, { recursive: true });
  }
}
