import { readFile } from 'node:fs/promises';
import { right, type Scoreboard } from '../test/corpus/scoreboard.js';

/** The page of the last scoreboard that was kept; null before the first one. */
export async function corpusPage(): Promise<string | null> {
  const text = await readFile('test/corpus/scoreboard.json', 'utf8').catch(() => null);
  if (text === null) return null;
  const board = JSON.parse(text) as Scoreboard;
  const { cases } = board;
  const of = (expected: string): Scoreboard['cases'] => cases.filter((one) => one.expected === expected);
  const rows = cases.map((one) =>
    [
      one.name,
      one.filling ? 'filling' : one.expected,
      one.verdict ?? '–',
      one.right ? 'yes' : '**no**',
      one.suspect ? `\`${one.suspect.name.replaceAll('|', String.raw`\|`)}\`` : '–', // code: it has brackets
      one.growthShare === null ? '–' : `${Math.round(100 * one.growthShare)} %`,
      `${one.seconds}`,
      one.pauses.walkMs === null
        ? '–'
        : `${one.pauses.walkMs} ms${one.pauses.snapshots ? ', snapshots' : ''}`,
      one.memory.peakRssBytes === null ? '–' : `${Math.round(one.memory.peakRssBytes / 1e6)} MB`,
    ].join(' | '),
  );
  return `# The scoreboard of the corpus

Written by \`npm run docs\` from [scoreboard.json](../test/corpus/scoreboard.json), with the results of \`npm run corpus -- --json FILE\`: of one run over all cases, or of several, each over a part of them. The run, or the last of them, began on ${board.date.slice(0, 10)} (Node ${board.node}, ${board.platform}, ${board.cpus} cores). What the cases are: [the corpus](../test/corpus/README.md).

${right(of('leak'))} of ${of('leak').length} leaks were named by the first suspect. ${right(of('bounded'))} of ${of('bounded').length} healthy services were not called a leak.

Pauses are the longest slice of a walk. Memory is the most that the service had resident, with what the load and the diagnosis brought.

| case | expected | verdict | right | first suspect | share | seconds | pauses | memory |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}
