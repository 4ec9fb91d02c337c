import {
  type Column,
  formatBytes,
  formatCount,
  formatShare,
  formatSigned,
  moreLine,
  table,
} from '../print/format.js';
import type { Answer, AnswerColumn, Cell, Row } from './answer.js';

/** One long name would make every row as long. Both ends tell most of it, and JSON has all. */
const WIDEST = 160;

/**
 * An answer as text: what it is about, the table, what is left out, and what to ask next.
 *
 * @param nextPage how the one who asks gets the rows from this number on
 */
export function printAnswer(answer: Answer, nextPage = (offset: number) => `--offset ${offset}`): string {
  const { title, columns, rows, total, offset, notes } = answer;
  const printed = columns.map((one): Column<Row> => ({
    title: one.title,
    align: one.kind === 'text' || one.kind === 'id' || one.kind === 'flag' ? 'left' : 'right',
    cell: (row) => cellText(one, row[one.name] ?? null),
  }));
  const left = total - offset - rows.length;
  const more = `${moreLine(left, 'rows')}${left > 0 ? `: ${nextPage(offset + rows.length)}` : ''}`;
  const body = rows.length === 0 ? '(nothing)' : table(printed, rows) + more;
  return [title, '', body, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function cellText({ kind, name }: AnswerColumn, cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') {
    switch (kind) {
      case 'bytes':
        return signed(name, formatBytes(cell), cell);
      case 'count':
        return signed(name, formatCount(cell), cell);
      case 'share':
        return formatShare(cell);
      case 'id':
        return `@${cell}`;
      case 'text':
      case 'flag':
        return String(cell);
    }
  }
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return cell.length <= WIDEST ? cell : `${cell.slice(0, WIDEST / 2)}…${cell.slice(1 - WIDEST / 2)}`;
}

/** A difference has its sign. */
function signed(name: string, text: string, value: number): string {
  return name.startsWith('delta') || name === 'gained' ? formatSigned(text, value) : text;
}
