import type { Measurement } from '../../load/measurement.js';
import { round } from '../command/format.js';
import { type Verdict, type VerdictJson, verdictJson, verdictText } from '../kit/verdict/index.js';
import { specimenNames, type SpecimenName } from '../specimens/names.js';

/** The result of one pattern of the gallery. */
export interface GalleryRow {
  pattern: SpecimenName;
  /** The figures in which the growth of the leaky half is visible: `heap`, `external`, `RSS`. */
  showsIn: string[];
  leaky: Verdict;
  fixed: Verdict;
  /** The name of the first suspect; null without --diagnose and when there is no suspect. */
  name: string | null;
}

/** What `gallery --json` writes for each pattern. */
export interface GalleryRowJson extends Omit<GalleryRow, 'leaky' | 'fixed'> {
  leaky: VerdictJson;
  fixed: VerdictJson;
}

export function galleryRowJson({ leaky, fixed, ...row }: GalleryRow): GalleryRowJson {
  return {
    ...row,
    leaky: verdictJson(leaky, verdictText(leaky)),
    fixed: verdictJson(fixed, verdictText(fixed)),
  };
}

/** A figure counts as growing if it shows this share of the measured growth. RSS grows in pages and larger steps. */
const SHARE = 0.25;

/** Which figures of the process grew over the second half of the samples, when the service was warm. */
export function showsIn({ samples, verdict }: Measurement): string[] {
  const [from, to] = [samples.at(samples.length >> 1), samples.at(-1)];
  if (!from || !to) return [];
  const expected = SHARE * (verdict.growthRate?.estimate ?? 0) * (to.requests - from.requests);
  const grown = {
    heap: to.heapUsedBytes - from.heapUsedBytes,
    external: to.externalBytes - from.externalBytes,
    RSS: to.rssBytes - from.rssBytes,
  };
  return expected > 0
    ? Object.entries(grown)
        .filter(([, bytes]) => bytes > expected)
        .map(([where]) => where)
    : [];
}

const columns: { title: string; width: number; cell: (row: GalleryRow) => string }[] = [
  {
    title: 'pattern',
    width: Math.max(...specimenNames.map((name) => name.length)),
    cell: ({ pattern }) => pattern,
  },
  { title: 'leaky, B/request', width: 24, cell: ({ leaky }) => interval(leaky) },
  { title: 'verdict', width: 9, cell: ({ leaky }) => leaky.kind },
  { title: 'fixed, B/request', width: 20, cell: ({ fixed }) => interval(fixed) },
  { title: 'verdict', width: 9, cell: ({ fixed }) => fixed.kind },
  { title: 'shows in', width: 14, cell: ({ showsIn }) => showsIn.join(', ') },
  { title: 'first suspect', width: 0, cell: ({ name }) => name ?? '' },
];

export const galleryHeader = (): string =>
  columns
    .map(({ title, width }) => title.padEnd(width))
    .join('  ')
    .trimEnd();

export const galleryLine = (row: GalleryRow): string =>
  columns
    .map(({ cell, width }) => cell(row).padEnd(width))
    .join('  ')
    .trimEnd();

function interval({ growthRate }: Verdict): string {
  if (!growthRate) return '–';
  const { estimate, low, high } = growthRate;
  return `${round(estimate)} (${round(low)} to ${round(high)})`;
}
