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

/** What `leak-lab bisect` prints for a repository of 40 commits, the 23rd of which adds a container without a bound. */
export function bisected(): Promise<string> {
  const bounded = withBound(SERVER);
  return inRepository(async (commit, folder, git) => {
    await commit(bounded, 'Serve orders');
    await git('tag', 'v1.4.0');
    for (let nth = 2; nth <= 40; nth += 1) {
      const server = nth < 23 ? bounded : withVisits(bounded);
      await commit(
        `// Revision ${nth}\n${server}`,
        nth === 23 ? 'Remember when an order was last seen' : `Revision ${nth}`,
      );
    }
    const refs = ['--good', 'v1.4.0', '--bad', 'main'];
    return run('bisect', [...refs, '--start', 'node server.js'], folder);
  });
}

/** The summary of a change of one file, from the branch `main` to the one that is checked out. */
async function summaryOf(base: string, head: string): Promise<string> {
  return inRepository(async (commit, folder, git) => {
    await commit(base, 'Base');
    await git('checkout', '--quiet', '-b', 'change');
    await commit(head, 'Change');
    const file = join(folder, 'summary.md');
    const refs = ['--before-ref', 'main', '--after-ref', 'HEAD', '--start', 'node server.js'];
    await run('compare', [...refs, '--markdown', file], folder);
    return (await readFile(file, 'utf8')).trimEnd();
  });
}

/** What a command prints. Its exit code may say that something leaks. */
function run(command: string, options: string[], folder: string): Promise<string> {
  const args = [resolve('dist/src/cli/main.js'), command, ...options];
  const url = 'http://127.0.0.1:{port}/orders/{n}';
  return new Promise((done) => {
    execFile(process.execPath, [...args, '--url', url], { cwd: folder }, (_error, stdout) => done(stdout));
  });
}

type Git = (...args: string[]) => Promise<unknown>;
type Commit = (server: string, message: string) => Promise<void>;

/** Uses a new repository, and removes it. */
async function inRepository(
  use: (commit: Commit, folder: string, git: Git) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-'));
  const settings = { 'user.name': 'Docs', 'user.email': 'docs@example.com', 'commit.gpgsign': 'false' };
  const git: Git = (...args) => promisify(execFile)('git', ['-C', folder, ...args]);
  const commit: Commit = async (server, message) => {
    await writeFile(join(folder, 'server.js'), server);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
    await git('add', '.');
    await git('commit', '--quiet', '--message', message);
  };
  try {
    await git('init', '--quiet', '--initial-branch', 'main');
    for (const [name, value] of Object.entries(settings)) await git('config', name, value);
    return await use(commit, folder, git);
  } finally {
    await rm(folder, { recursive: true });
  }
}
