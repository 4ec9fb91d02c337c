import { escape } from '../../load/escape.js';
import { size } from '../command/format.js';
import { type Diagnosis, MEMORY_NAMES } from '../kit/diagnosis/index.js';
import { growthName, growthValue } from '../kit/outside/index.js';
import { stackedChart } from './diagnosis-stack.js';
import { unitOf } from './diagnosis-words.js';

/** The ledger as a chart and two tables: the resident set by kind, and what is counted; empty where it was not read. */
export function ledgerTables(diagnosis: Diagnosis): string {
  const { outside } = diagnosis;
  if (!outside) return '';
  const memory = outside.memory.map(({ kind, firstRssBytes, lastRssBytes, lastPssBytes }) =>
    row([MEMORY_NAMES[kind]], [size(firstRssBytes), size(lastRssBytes), size(lastPssBytes)]),
  );
  const counted = outside.growths.map(({ code, first, last, kind, perWork }) =>
    row(
      [growthName(code), kind],
      [growthValue(code, first), growthValue(code, last), perWork ? rate(perWork.estimate) : '–'],
    ),
  );
  const unit = unitOf(diagnosis);
  const chart = stackedChart(outside.readings, unit);
  return [
    "<h2>Outside V8's heap</h2>",
    chart === null
      ? ''
      : `<figure class="scroll">${chart}<figcaption class="quiet">The resident set by what it is used for, over the work done. What grew most is on top.</figcaption></figure>`,
    table(['resident set', 'first', 'last', 'proportional'], 1, memory),
    table(['counted', 'verdict', 'first', 'last', `per ${unit}`], 2, counted),
  ].join('\n');
}

const rate = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en');

function row(names: readonly string[], figures: readonly string[]): string {
  const cells = [
    ...names.map((name) => `<td>${escape(name)}</td>`),
    ...figures.map((figure) => `<td class="number">${escape(figure)}</td>`),
  ];
  return `<tr>${cells.join('')}</tr>`;
}

function table(titles: readonly string[], names: number, rows: readonly string[]): string {
  if (rows.length === 0) return '';
  const heads = titles.map((title, at) => `<th${at < names ? '' : ' class="number"'}>${escape(title)}</th>`);
  return `<div class="scroll"><table>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}
