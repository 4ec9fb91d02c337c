import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import { escape } from './escape.js';

export interface Series {
  name: string;
  /** The colour: warm for a leak, cold for a fix. */
  tone: 'leaky' | 'fixed';
  dashed?: boolean;
  /** Points alone, without a curve through them. */
  dots?: boolean;
  /** Requests and bytes. */
  points: [requests: number, bytes: number][];
}

const WIDTH = 760;
const HEIGHT = 360;
const MARGIN = { top: 16, right: 150, bottom: 44, left: 64 };
const MB = 1e6;
const LABEL_HEIGHT = 15;

/** Colours that colour-blind readers can tell apart, on white and on black. */
const STYLE = `
  .chart { font: 12px system-ui, sans-serif; fill: #444; background: #fff; }
  .grid { stroke: #ddd; } .curve { fill: none; stroke-width: 2.5; }
  .dashed { stroke-dasharray: 2 4; stroke-width: 1.75; }
  .leaky { stroke: #c2410c; } .fixed { stroke: #0369a1; }
  .label { font-weight: 600; } .label.leaky, .dot.leaky { fill: #c2410c; } .label.fixed, .dot.fixed { fill: #0369a1; }
  .chart .label, .chart .dot { stroke: none; }
  @media (prefers-color-scheme: dark) {
    .chart { fill: #bbb; background: #0d1117; } .grid { stroke: #333; }
    .leaky { stroke: #fb923c; } .fixed { stroke: #38bdf8; }
    .label.leaky, .dot.leaky { fill: #fb923c; } .label.fixed, .dot.fixed { fill: #38bdf8; }
  }`;

/** Memory by requests, as a self-contained SVG without scripts or fonts, in light and dark. */
export function chart(series: Series[], title: string, unit = 'requests'): string {
  const points = series.flatMap((one) => one.points);
  const x = scaleLinear()
    .domain([0, Math.max(1, ...points.map(([requests]) => requests))])
    .range([MARGIN.left, WIDTH - MARGIN.right]);
  // The axis starts at zero: with another start, small noise looks like strong growth.
  const y = scaleLinear()
    .domain([0, Math.max(MB, ...points.map(([, bytes]) => bytes)) / MB])
    .nice()
    .range([HEIGHT - MARGIN.bottom, MARGIN.top]);
  const path = line(
    ([requests]) => x(requests),
    ([, bytes]) => y(bytes / MB),
  );
  const labels = spread(series.map((one) => y((one.points.at(-1)?.[1] ?? 0) / MB)));

  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escape(title)}">`,
    `<title>${escape(title)}</title><style>${STYLE}</style>`,
    ...y
      .ticks(6)
      .map(
        (tick) =>
          `<line class="grid" x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y(tick)}" y2="${y(tick)}"/>` +
          `<text x="${MARGIN.left - 8}" y="${y(tick) + 4}" text-anchor="end">${tick} MB</text>`,
      ),
    ...x
      .ticks(5)
      .map(
        (tick) =>
          `<text x="${x(tick)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle">${tick.toLocaleString('en')}</text>`,
      ),
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${unit}</text>`,
    ...series.map(
      (one, index) =>
        (one.dots
          ? one.points.map(([requests, bytes]) => dot(one.tone, x(requests), y(bytes / MB))).join('')
          : `<path class="curve ${one.tone} ${one.dashed ? 'dashed' : ''}" d="${path(one.points) ?? ''}"/>`) +
        `<text class="label ${one.tone}" x="${WIDTH - MARGIN.right + 8}" y="${labels[index]! + 4}">${escape(one.name)}</text>`,
    ),
    '</svg>',
  ].join('\n');
}

function dot(tone: Series['tone'], x: number, y: number): string {
  return `<circle class="dot ${tone}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="4"/>`;
}

/** Moves overlapping labels apart, from the top down. */
function spread(wanted: number[]): number[] {
  const placed = [...wanted];
  let free = 0;
  for (const index of [...wanted.keys()].toSorted((a, b) => wanted[a]! - wanted[b]!)) {
    placed[index] = Math.max(wanted[index]!, free);
    free = placed[index] + LABEL_HEIGHT;
  }
  return placed;
}
