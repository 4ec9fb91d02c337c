import { round, size } from '../command/format.js';
import { type Diagnosis, familiesOf, type Family, type Suspect } from '../kit/diagnosis/index.js';
import { unitOf } from './diagnosis-words.js';

const SHOWN = 3;
const SIZES_SHOWN = 3;
/** What takes less than this of all is counted with the others. */
const LEAST_SHARE = 0.03;

/** The blocks of malloc that a suspect takes, in a few lines: what they are, how many, and what retains them. */
export function nativeLines(suspect: Suspect, diagnosis: Pick<Diagnosis, 'trend'>): string[] {
  const families = familiesOf(suspect.nativeBlocks ?? []);
  const total = sumOf(families);
  const shown = families.slice(0, SHOWN).filter(({ bytesPerWork }) => bytesPerWork >= LEAST_SHARE * total);
  const rest = total - sumOf(shown);
  const unit = unitOf(diagnosis);
  const others = rest >= LEAST_SHARE * total ? [`others: ${size(rest)} per ${unit}`] : [];
  return total <= 0 ? [] : shown.map((family) => familyText(family, unit)).concat(others);
}

const sumOf = (families: readonly Family[]): number =>
  families.reduce((sum, { bytesPerWork }) => sum + bytesPerWork, 0);

function familyText(family: Family, unit: string): string {
  const { type, perWork, bytesPerWork, blocks } = family;
  const number = `${round(perWork)} ${round(perWork) === '1' ? 'block' : 'blocks'}`;
  const what = type
    ? `${classText(
        type,
        blocks.some((one) => one.type?.name !== type.name),
      )}: ${number} (of ${sizesText(blocks)} B)`
    : `${number} of ${sizesText(blocks)} B${contentText(blocks[0]!)}`;
  return [`${what}, ${size(bytesPerWork)} per ${unit}`, retainedText(family)].filter(Boolean).join('; ');
}

function classText({ name, library }: NonNullable<Family['type']>, isMore: boolean): string {
  return `${name}${library === 'node' ? '' : ` of ${library}`}${isMore ? ' and what it points to' : ''}`;
}

/** Where no symbol tells what blocks are, their size and what they point to is all that is said. */
function contentText({ contains, pointsTo, sampleText }: Family['blocks'][number]): string {
  if (sampleText !== null) return ` with text such as ${JSON.stringify(sampleText)}`;
  if (contains !== null) return ` with an object of ${contains.name} (${contains.library}) inside`;
  return pointsTo === null ? '' : ` that point to ${pointsTo.name} of ${pointsTo.library}`;
}

function sizesText(blocks: Family['blocks']): string {
  const sizes = [...new Set(blocks.map(({ blockBytes }) => blockBytes.toLocaleString('en')))];
  return `${sizes.slice(0, SIZES_SHOWN).join(', ')}${sizes.length > SIZES_SHOWN ? ' …' : ''}`;
}

function retainedText({ retainedBy, type }: Family): string {
  if (retainedBy === null) return '';
  const { by, library } = retainedBy;
  if (by === 'javascript') return 'retained by objects of JavaScript';
  if (by === 'stack') return 'retained by a stack';
  if (by === 'block') return type === null ? 'retained by other blocks' : '';
  if (by === 'nobody') return 'no pointer to them is left, so nothing can free them';
  if (by !== 'library' || library === null) return '';
  return library.variable === null
    ? `retained by ${library.file}`
    : `retained by ${library.variable} of ${library.file}`;
}
