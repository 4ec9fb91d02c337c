import { scaleLinear } from 'd3-scale';
import { area } from 'd3-shape';
import { escape } from '../../load/escape.js';
import { size } from '../command/format.js';
import { type LedgerChange, MEMORY_NAMES, type MemoryKind } from '../kit/diagnosis/index.js';

type Reading = LedgerChange['readings'][number];
/** A kind of memory, or the sum of those that are small. */
interface Layer {
  name: string;
  bytes: number[];
}

const WIDTH = 760;
const HEIGHT = 320;
const MARGIN = { top: 16, right: 190, bottom: 44, left: 64 };
const MB = 1e6;
const LABEL_HEIGHT = 15;
/** A kind is drawn by itself if it has this share of the resident set at some time. */
const LEAST_SHARE = 0.02;
/** Okabe and Ito's palette, which colour-blind readers can tell apart. The topmost layer, which grows most, is red. */
const COLOURS = ['#d55e00', '#e69f00', '#0072b2', '#56b4e9', '#009e73', '#cc79a7', '#999999', '#b8b8b8'];

/** The resident set by kind over the work done, as a self-contained SVG; null with fewer than two readings. */
export function stackedChart(readings: readonly Reading[], unit: string): string | null {
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last || last.work <= first.work) return null;
  const layers = layersOf(readings);
  const tops = readings.map((_, at) => layers.reduce((sum, { bytes }) => sum + bytes[at]!, 0));
  const x = scaleLinear()
    .domain([first.work, last.work])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  const y = scaleLinear()
    .domain([0, Math.max(...tops) / MB])
    .nice()
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const title = `Resident set by kind and ${unit}s`;
  return [
    `<svg class="chart stack" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    ...y.ticks(6).map((tick) => text(MARGIN.left - 8, y(tick) + 4, 'end', `${tick} MB`)),
    ...x
      .ticks(5)
      .map((tick) => text(x(tick), HEIGHT - MARGIN.bottom + 18, 'middle', tick.toLocaleString('en'))),
    text((MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8, 'middle', `${unit}s`),
    ...areas(layers, readings, x, y),
    ...layers.map((layer, at) => legend(layer, at, layers.length)),
    '</svg>',
  ].join('\n');
}

/** From the bottom up, by how much they grew: what is flat lies below, so that its edge is flat as well. */
function layersOf(readings: readonly Reading[]): Layer[] {
  const kinds = [...new Set(readings.flatMap(({ rssBytes }) => Object.keys(rssBytes) as MemoryKind[]))];
  const totals = readings.map(({ rssBytes }) => Object.values(rssBytes).reduce((sum, one) => sum + one, 0));
  const all = kinds.map((kind) => ({
    // Before the comma: there is little room, and the table below has the whole name.
    name: MEMORY_NAMES[kind].split(',', 1)[0]!,
    bytes: readings.map(({ rssBytes }) => rssBytes[kind] ?? 0),
  }));
  const isLarge = ({ bytes }: Layer): boolean => bytes.some((one, at) => one >= LEAST_SHARE * totals[at]!);
  const small = all.filter((layer) => !isLarge(layer));
  const rest = readings.map((_, at) => small.reduce((sum, { bytes }) => sum + bytes[at]!, 0));
  const large = all.filter(isLarge).toSorted((a, b) => gain(a) - gain(b));
  return small.length === 0 ? large : [{ name: 'the rest', bytes: rest }, ...large];
}

const gain = ({ bytes }: Layer): number => bytes.at(-1)! - bytes[0]!;

/** The colour of a layer, counted from the top. */
const colour = (at: number, layers: number): string =>
  COLOURS[Math.min(layers - 1 - at, COLOURS.length - 1)]!;

function areas(
  layers: readonly Layer[],
  readings: readonly Reading[],
  x: (work: number) => number,
  y: (megabytes: number) => number,
): string[] {
  const below = readings.map(() => 0);
  return layers.map(({ bytes }, at) => {
    const points = readings.map(({ work }, index) => {
      const from = below[index]!;
      below[index] = from + bytes[index]!;
      return [x(work), y(from / MB), y(below[index] / MB)] as const;
    });
    const shape = area<(typeof points)[number]>(
      ([left]) => left,
      ([, bottom]) => bottom,
      ([, , top]) => top,
    );
    return `<path fill="${colour(at, layers.length)}" fill-opacity="0.85" d="${shape(points) ?? ''}"/>`;
  });
}

/** The names are in the order of the layers, the topmost first, with the size at the end and what was gained. */
function legend(layer: Layer, at: number, layers: number): string {
  const line = MARGIN.top + 8 + (layers - 1 - at) * 2 * LABEL_HEIGHT;
  const left = WIDTH - MARGIN.right + 14;
  const gained = gain(layer);
  const sizes = `${size(layer.bytes.at(-1)!)} (${gained < 0 ? '−' : '+'}${size(Math.abs(gained))})`;
  return (
    `<rect x="${left}" y="${line - 9}" width="10" height="10" fill="${colour(at, layers)}"/>` +
    text(left + 16, line, 'start', layer.name) +
    text(left + 16, line + LABEL_HEIGHT - 2, 'start', sizes)
  );
}

function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', shown: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escape(shown)}</text>`;
}
