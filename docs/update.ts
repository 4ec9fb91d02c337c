import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startService } from '../load/service.js';
import { corpusPage } from './corpus.js';
import { bisected, pullRequests } from './pull-requests.js';
import { patternsPage } from './patterns.js';
import { fill } from './fill.js';
import { metricsPage } from './metrics.js';
import { referencePages } from './reference.js';

/*
 * Writes the pages that are generated from the code: the reference, the metrics and the patterns. With --measure, it also
 * runs the demo and a diagnosis and writes their output into the README and the chart into docs/figures, and compares two
 * pull requests for docs/compare.md, and bisects a repository for it, measured on this machine. --pull-requests and --bisect do that alone.
 */
if (process.argv.includes('--measure')) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-'));
  const { stdout } = await promisify(execFile)(process.execPath, [
    'dist/src/cli/main.js',
    'demo',
    '--report',
    folder,
  ]);
  const [sideBySide] = /^ +│ leaky[^]*?(?=\n\n)/m.exec(stdout) ?? [];
  if (sideBySide === undefined) throw new Error('the demo printed no tables side by side');
  const shown = { 'output of demo': sideBySide, 'output of diagnose': await diagnosisOfLeaky() };
  let readme = await readFile('README.md', 'utf8');
  for (const [name, text] of Object.entries(shown))
    readme = fill(readme, name, `\`\`\`text\n${text.trimEnd().replaceAll(/ +$/gm, '')}\n\`\`\``);
  await writeFile('README.md', readme);
  // The chart of the report becomes a file of its own.
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  const [chart] = /<svg[^]*?<\/svg>/.exec(page) ?? [];
  if (chart === undefined) throw new Error('the report of the demo has no chart');
  await mkdir('docs/figures', { recursive: true });
  await writeFile('docs/figures/two-curves.svg', `${chart}\n`);
  await rm(folder, { recursive: true });
}
if (process.argv.includes('--measure') || process.argv.includes('--pull-requests')) {
  let page = await readFile('docs/compare.md', 'utf8');
  const { mends, adds } = await pullRequests();
  for (const [name, summary] of Object.entries({ 'a leak mended': mends, 'a leak added': adds }))
    page = fill(page, name, summary.replaceAll(/^/gm, '> ').replaceAll(/ +$/gm, ''));
  await writeFile('docs/compare.md', page);
}
if (process.argv.includes('--measure') || process.argv.includes('--bisect')) {
  const page = await readFile('docs/compare.md', 'utf8');
  const printed = `\`\`\`text\n${(await bisected()).trimEnd()}\n\`\`\``;
  await writeFile('docs/compare.md', fill(page, 'a commit found', printed));
}
const scores = await corpusPage();
if (scores !== null) await writeFile('docs/corpus.md', scores);
await writeFile('docs/metrics.md', metricsPage());
await writeFile('docs/patterns.md', await patternsPage());
await mkdir('docs/reference', { recursive: true });
for (const [name, text] of Object.entries(referencePages())) await writeFile(`docs/reference/${name}`, text);

/** What a diagnosis prints about the leaky service. Exit code 1: it leaks. */
async function diagnosisOfLeaky(): Promise<string> {
  const service = await startService(['leaky']);
  try {
    const args = ['dist/src/cli/main.js', 'diagnose', '--url', `${service.url}/users/random`];
    return await new Promise((resolve) => {
      execFile(process.execPath, args, (_error, stdout) => resolve(stdout));
    });
  } finally {
    await service.stop();
  }
}
