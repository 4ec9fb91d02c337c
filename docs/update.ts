import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { patternsPage } from './patterns.js';
import { fill } from './fill.js';
import { metricsPage } from './metrics.js';
import { referencePages } from './reference.js';

/*
 * Writes the pages that are generated from the code: the reference, the metrics and the patterns. With --measure, it also
 * runs the demo and writes its output into the README and its chart into docs/figures, measured on this machine.
 */
if (process.argv.includes('--measure')) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-'));
  const { stdout } = await promisify(execFile)(process.execPath, [
    'dist/src/cli/main.js',
    'demo',
    '--report',
    folder,
  ]);
  const output = stdout.trim().replace(folder, 'reports/demo').replaceAll(/ +$/gm, '');
  const readme = fill(await readFile('README.md', 'utf8'), 'output of demo', `\`\`\`text\n${output}\n\`\`\``);
  await writeFile('README.md', readme);
  // The chart of the report becomes a file of its own.
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  const [chart] = /<svg[^]*?<\/svg>/.exec(page) ?? [];
  if (chart === undefined) throw new Error('the report of the demo has no chart');
  await mkdir('docs/figures', { recursive: true });
  await writeFile('docs/figures/two-curves.svg', `${chart}\n`);
  await rm(folder, { recursive: true });
}
await writeFile('docs/metrics.md', metricsPage());
await writeFile('docs/patterns.md', await patternsPage());
await mkdir('docs/reference', { recursive: true });
for (const [name, text] of Object.entries(referencePages())) await writeFile(`docs/reference/${name}`, text);
