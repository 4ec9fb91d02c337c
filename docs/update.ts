import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { patternsPage } from './patterns.js';
import { fill } from './fill.js';
import { metricsPage } from './metrics.js';
import { referencePages } from './reference.js';
import { sections } from './sections.js';

/*
 * Writes anew what the README shows: tables from the code and, with --measure, output and curves of a real run.
 * The figures are then those of the machine that this runs on.
 */
let readme = await readFile('README.md', 'utf8');
for (const [name, content] of Object.entries(sections)) readme = fill(readme, name, content());

if (process.argv.includes('--measure')) {
  const folder = await mkdtemp(join(tmpdir(), 'leak-lab-docs-'));
  const { stdout } = await promisify(execFile)(process.execPath, [
    'dist/src/cli/main.js',
    'demo',
    '--report',
    folder,
  ]);
  const output = stdout.trim().replace(folder, 'reports/demo').replaceAll(/ +$/gm, '');
  readme = fill(readme, 'output of demo', `\`\`\`text\n${output}\n\`\`\``);
  // The chart of the report's page is a picture of its own.
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  await mkdir('docs/figures', { recursive: true });
  await writeFile('docs/figures/two-curves.svg', `${/<svg[^]*?<\/svg>/.exec(page)![0]}\n`);
  await rm(folder, { recursive: true });
}
await writeFile('README.md', readme);
await writeFile('docs/metrics.md', metricsPage());
await writeFile('docs/patterns.md', await patternsPage());
await mkdir('docs/reference', { recursive: true });
for (const [name, text] of Object.entries(referencePages())) await writeFile(`docs/reference/${name}`, text);
