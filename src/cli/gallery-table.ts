import { isCounted } from '../../load/load-json.js';
import type { Measurement } from '../../load/measurement.js';
import type { LoadReason } from '../../load/outside-growth.js';
import { loadVerdictText } from '../../load/outside-words.js';
import { round } from '../command/format.js';
import { growthName, growthText } from '../kit/outside/index.js';
import { type Rate, type RequestVerdictJson, type Verdict, verdictJson } from '../kit/verdict/index.js';
import { judgedBy, type JudgedBy, patternNames } from '../specimens/names.js';

/** The pair over a native addon, which is no specimen of the service: it is built where a compiler is. */
export const ADDON = 'native-addon';
export const galleryNames = [...patternNames, ADDON] as const;
export type GalleryName = (typeof galleryNames)[number];

/** What of the process shows that a half leaks. */
export const galleryJudgedBy = (name: GalleryName): JudgedBy =>
  name === ADDON ? 'native-memory' : judgedBy(name);

/** The result of one pattern of the gallery. */
export interface GalleryRow {
  pattern: GalleryName;
  /** What the verdicts are about: live bytes of V8, or something outside it. */
  judgedBy: JudgedBy;
  /** The figures in which the growth of the leaky half is visible: `heap`, `external`, `RSS`, or what it leaves outside V8. */
  showsIn: string[];
  leaky: Verdict<LoadReason>;
  fixed: Verdict<LoadReason>;
  /** The name of the first suspect; null without --diagnose and when there is no suspect. */
  name: string | null;
}

/** What `gallery --json` writes for each pattern. */
export interface GalleryRowJson extends Omit<GalleryRow, 'leaky' | 'fixed'> {
  leaky: HalfJson;
  fixed: HalfJson;
}

/** The verdict on a half. */
export interface HalfJson extends RequestVerdictJson {
  /** Growth rate where what grows is counted, such as threads per request; null for bytes, and with too few readings. */
  countPerRequest: Rate | null;
}

export function galleryRowJson({ leaky, fixed, ...row }: GalleryRow): GalleryRowJson {
  return { ...row, leaky: halfJson(leaky, row.judgedBy), fixed: halfJson(fixed, row.judgedBy) };
}

function halfJson(verdict: Verdict<LoadReason>, by: JudgedBy): HalfJson {
  const text = by === 'live-bytes' ? loadVerdictText(verdict) : growthText(by, verdict);
  const json = verdictJson(verdict, text) as RequestVerdictJson;
  return isCounted(by)
    ? { ...json, bytesPerRequest: null, countPerRequest: verdict.growthRate }
    : { ...json, countPerRequest: null };
}

/** A figure counts as growing if it shows this share of the measured growth. RSS grows in pages and larger steps. */
const SHARE = 0.25;

/**
 * Which figures of the process grew over the second half of the samples, when the service was warm. The size of a thread
 * or a file is not known, so for what is counted it is the only figure.
 */
export function showsIn({ samples, verdict }: Measurement, by: JudgedBy): string[] {
  const outside = by === 'live-bytes' || verdict.kind !== 'leak' ? [] : [growthName(by)];
  if (isCounted(by)) return outside;
  const [from, to] = [samples.at(samples.length >> 1), samples.at(-1)];
  if (!from || !to) return outside;
  const expected = SHARE * (verdict.growthRate?.estimate ?? 0) * (to.requests - from.requests);
  const grown = {
    heap: to.heapUsedBytes - from.heapUsedBytes,
    external: to.externalBytes - from.externalBytes,
    RSS: to.rssBytes - from.rssBytes,
  };
  const ofMemory = Object.entries(grown).filter(([, bytes]) => expected > 0 && bytes > expected);
  return [...outside, ...ofMemory.map(([where]) => where)];
}

const columns: { title: string; width: number; cell: (row: GalleryRow) => string }[] = [
  {
    title: 'pattern',
    width: Math.max(...galleryNames.map((name) => name.length)),
    cell: ({ pattern }) => pattern,
  },
  { title: 'leaky, B/request', width: 26, cell: ({ leaky, judgedBy: by }) => interval(leaky, by) },
  { title: 'verdict', width: 9, cell: ({ leaky }) => leaky.kind },
  { title: 'fixed, B/request', width: 28, cell: ({ fixed, judgedBy: by }) => interval(fixed, by) },
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

function interval({ growthRate }: Verdict<unknown>, by: JudgedBy): string {
  if (!growthRate) return '–';
  const { estimate, low, high } = growthRate;
  // What is counted grows by far less than one per request.
  const per = isCounted(by) ? 1_000 : 1;
  const range = `${round(per * estimate)} (${round(per * low)} to ${round(per * high)})`;
  return isCounted(by) ? `${range} per 1,000` : range;
}
