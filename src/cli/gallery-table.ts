import type { Measurement } from '../../load/measure.js';
import { round } from '../command/format.js';
import { type Verdict, type VerdictJson, verdictJson, verdictText } from '../kit/verdict/index.js';
import { specimenNames, type SpecimenName } from '../specimens/names.js';

/** What one pattern of the gallery came to. */
export interface GalleryRow {
  pattern: SpecimenName;
  /** Where the growth of the leaky half shows: `heap`, `external`, `RSS`. */
  showsIn: string[];
  leaky: Verdict;
  fixed: Verdict;
  /** What the diagnosis called it; null where it was not asked, or names nobody. */
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

/** A figure grows where it has this share of the growth that was found. RSS is rounded up to pages and more. */
const SHARE = 0.25;

/** Which figures of the process grew over the later half of the looks, when the service was warm. */
export function showsIn({ looks, verdict }: Measurement): string[] {
  const [from, to] = [looks[looks.length >> 1]!, looks.at(-1)!];
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
  { title: 'leaky, B a request', width: 24, cell: ({ leaky }) => interval(leaky) },
  { title: 'verdict', width: 9, cell: ({ leaky }) => leaky.kind },
  { title: 'fixed, B a request', width: 20, cell: ({ fixed }) => interval(fixed) },
  { title: 'verdict', width: 9, cell: ({ fixed }) => fixed.kind },
  { title: 'shows in', width: 14, cell: ({ showsIn }) => showsIn.join(', ') },
  { title: 'named', width: 0, cell: ({ name }) => name ?? '' },
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
