import { escape } from '../../load/escape.js';
import { count, duration, size } from '../command/format.js';
import {
  type Diagnosis,
  diagnosisJson,
  ledgerText,
  noteText,
  reasonText,
  signText,
  type Suspect,
  triageText,
} from '../kit/diagnosis/index.js';
import { pathPicture } from './diagnosis-picture.js';
import {
  contentsLine,
  headline,
  placeName,
  ruledOutLine,
  seriesText,
  shareOf,
  unexplained,
  unitOf,
  weight,
} from './diagnosis-words.js';
import { ledgerTables } from './diagnosis-ledger.js';
import { nativeLines } from './diagnosis-native.js';
import { foundInText, type ProcessCells, processRows, processTitles } from './diagnosis-processes.js';
import { STYLE } from './diagnosis-style.js';
import { trendChart } from './diagnosis-trend.js';

/** Keys shown as examples; the JSON has more. */
const KEYS_SHOWN = 4;

/**
 * A diagnosis as one self-contained page: no script, no external file, and a content security policy that forbids
 * both. The element `#diagnosis` has the figures as JSON.
 */
export async function page(diagnosis: Diagnosis, now: Date): Promise<string> {
  const { verdict, triage, suspects, ruledOut } = diagnosis;
  const notes = diagnosis.notes.map((note) => noteText(note));
  const trend = trendChart(diagnosis);
  const rest = unexplained(diagnosis);
  const cards = await Promise.all(suspects.map((suspect) => card(suspect, diagnosis)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(headline(diagnosis))}: ${escape(subject(diagnosis))}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="quiet">leak-lab diagnosis of ${escape(subject(diagnosis))}</p>
<h1 class="${verdict?.kind ?? 'files'}">${escape(headline(diagnosis))}</h1>
${paragraphs(verdict ? [reasonText(verdict)] : notes.slice(0, 1))}
${triage ? paragraphs([`What grows: ${triage.grows}. ${triageText(triage)}`]) : ''}
${paragraphs(diagnosis.outside ? [ledgerText(diagnosis.outside) ?? ''].filter(Boolean) : [])}
</header>
${trend === null ? '' : `<figure class="scroll">${trend}<figcaption class="quiet">${trendCaption(diagnosis)}</figcaption></figure>`}
${processTable(diagnosis)}
${suspects.length === 0 ? '' : `<h2>Suspects</h2>\n${table(suspects, diagnosis)}\n${rest === null ? '' : paragraphs([rest])}`}
${cards.join('\n')}
${ruledOut.length === 0 ? '' : `<h2>Ruled out</h2>\n<ul>${ruledOut.map((one) => `<li>${escape(ruledOutLine(one, diagnosis))}</li>`).join('')}</ul>`}
${ledgerTables(diagnosis)}
${noteList(verdict ? notes : notes.slice(1))}
<footer class="quiet"><p>Written by leak-lab on ${now.toISOString()}${costs(diagnosis)}.</p></footer>
<script type="application/json" id="diagnosis">${json(diagnosis)}</script>
</body>
</html>
`;
}

function trendCaption({ verdict }: Diagnosis): string {
  const dots = 'Each dot is the number of live bytes after a collection.';
  return verdict?.reason.code === 'leaks-outside-v8'
    ? `${dots} What leaks is outside V8: the chart further below has it.`
    : `${dots} The line is the growth rate of the verdict, over the readings that were judged.`;
}

function subject({ target }: Diagnosis): string {
  if (target.files.length > 0) return target.files.map((file) => file.split('/').at(-1)).join(' → ');
  const node = target.nodeVersion === null ? '' : `, Node ${target.nodeVersion.replace(/^v/, '')}`;
  return `process ${target.pid}${node}${target.urls.length > 0 ? `, ${target.urls.join(', ')}` : ''}`;
}

function table(suspects: readonly Suspect[], diagnosis: Diagnosis): string {
  const grown = suspects.some(({ gainedBytes }) => gainedBytes !== undefined);
  const hasRate = suspects.some(({ bytesPerWork }) => bytesPerWork !== null);
  const titles = [
    '<th></th><th>name</th><th>kind</th>',
    `<th>share of the ${diagnosis.verdict || grown ? 'growth' : 'heap'}</th>`,
    `<th class="number">${grown ? 'gained' : 'retained'}</th>`,
    hasRate ? `<th class="number">per ${unitOf(diagnosis)}</th>` : '',
  ];
  const rows = suspects.map(
    ({ rank, name, kind, growthShare, heapShare, gainedBytes, retainedBytes, bytesPerWork }) => {
      const share = growthShare ?? heapShare ?? null;
      return [
        `<tr><td>${rank}</td><td><a href="#suspect-${rank}">${code(name)}</a></td><td>${kind}</td>`,
        `<td class="share">${share === null ? '–' : `${bar(share)} ${shareOf(share)}`}</td>`,
        `<td class="number">${gainedBytes === undefined ? bytes(retainedBytes) : `+${size(gainedBytes)}`}</td>`,
        hasRate ? `<td class="number">${bytes(bytesPerWork)}</td>` : '',
        '</tr>',
      ].join('');
    },
  );
  return `<div class="scroll"><table>
<thead><tr>${titles.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

/** What the service is made of, where that is more than one process. */
function processTable(diagnosis: Diagnosis): string {
  const rows = processRows(diagnosis);
  if (rows.length === 0) return '';
  return `<h2>The service is made of</h2>
<div class="scroll"><table>
<thead><tr>${processCells('th', processTitles(diagnosis))}</tr></thead>
<tbody>${rows.map((row) => `<tr>${processCells('td', row)}</tr>`).join('\n')}</tbody></table></div>`;
}

function processCells(tag: 'td' | 'th', { pid, name, answered, rate, verdict }: ProcessCells): string {
  return [pid, name, answered, rate, verdict]
    .map((text, at) => `<${tag}${at === 2 || at === 3 ? ' class="number"' : ''}>${escape(text)}</${tag}>`)
    .join('');
}

const bytes = (figure: number | null): string => (figure === null ? '–' : size(figure));
const bar = (share: number): string =>
  `<span class="bar"><span style="width: ${(100 * share).toFixed(1)}%"></span></span>`;

async function card(suspect: Suspect, diagnosis: Diagnosis): Promise<string> {
  const { rank, name, allocatedAt, sampleKeys, advice, boundSign } = suspect;
  const place = foundInText(suspect);
  const [series, contents] = [seriesText(suspect), contentsLine(suspect)];
  const native = nativeLines(suspect, diagnosis);
  return `<section id="suspect-${rank}">
<h2><span class="rank">${rank}</span> ${code(name)}</h2>
<p>${escape(weight(suspect, diagnosis))}</p>
<div class="columns">${suspect.path.length === 0 ? '' : `<figure class="path scroll">${await pathPicture(suspect)}</figure>`}
<dl><dt>Advice</dt><dd>${escape(advice)}</dd>
${place === null ? '' : `<dt>Found in</dt><dd>${escape(place)}</dd>`}
${series === null ? '' : `<dt>In the snapshots</dt><dd>${escape(series)}</dd>`}
${boundSign ? `<dt>May fill</dt><dd>it has ${escape(signText(boundSign))}</dd>` : ''}
${contents === null ? '' : `<dt>One entry</dt><dd>${code(contents)}</dd>`}
${allocatedAt.length === 0 ? '' : `<dt>Allocated at</dt>${allocatedAt.map((place) => `<dd>${code(placeName(place.file, place.line, place.column))} in ${code(place.function)}</dd>`).join('')}`}
${native.length === 0 ? '' : `<dt>In malloc</dt>${native.map((line) => `<dd>${escape(line)}</dd>`).join('')}`}
${
  sampleKeys?.length
    ? `<dt>Sample keys</dt><dd>${sampleKeys
        .slice(0, KEYS_SHOWN)
        .map((key) => code(key))
        .join(', ')}</dd>`
    : ''
}
</dl></div>
</section>`;
}

function noteList(notes: readonly string[]): string {
  return notes.length === 0
    ? ''
    : `<h2>Notes</h2>\n<ul>${notes.map((note) => `<li>${escape(note)}</li>`).join('')}</ul>`;
}

function costs({ timingsMs, snapshot }: Diagnosis): string {
  const times = Object.entries(timingsMs).map(([what, ms]) => `${what} ${duration(ms)}`);
  const parts = snapshot
    ? [
        `snapshot of ${size(snapshot.bytes)}, ${count(snapshot.nodes)} nodes, ${count(snapshot.edges)} edges`,
        ...times,
      ]
    : times;
  return parts.length === 0 ? '' : escape(`: ${parts.join(', ')}`);
}

const paragraphs = (texts: readonly string[]): string =>
  texts.map((text) => `<p>${escape(text)}</p>`).join('\n');
const code = (text: string): string => `<code>${escape(text)}</code>`;

/** Only `<` can end the text of a script element, so it is escaped: a key cannot add markup. */
function json(diagnosis: Diagnosis): string {
  return JSON.stringify(diagnosisJson(diagnosis)).replaceAll('<', String.raw`\u003c`);
}
