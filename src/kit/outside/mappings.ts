/** One mapping of a process's address space, as `/proc/PID/maps` or `/proc/PID/smaps` lists it. */
export interface Mapping {
  start: number;
  end: number;
  /** Such as `rw-p`. */
  permissions: string;
  /** Empty for anonymous memory; a path, or a name such as `[heap]`. */
  path: string;
  /** Resident and proportional set; zero where only `maps` was read. */
  rssBytes: number;
  pssBytes: number;
  /** Whether blocks of malloc were found in it, where only reading its memory can tell. */
  isMalloc?: boolean;
}

const HEAD = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) \S+ \S+ \d+ *(.*)$/;
const FIGURE = /^(Rss|Pss): +(\d+) kB$/;
const KIB = 1024;
/** More mappings than the kernel allows by default (vm.max_map_count is 65,530): what comes after is left out. */
const MOST_MAPPINGS = 200_000;

/** Reads `maps` or `smaps`. Lines in any other shape are skipped: the list changes while it is read. */
export function parseMappings(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  let last: Mapping | null = null;
  for (const line of text.split('\n')) {
    const figure = FIGURE.exec(line);
    if (figure && last) {
      const bytes = Number(figure[2]) * KIB;
      if (figure[1] === 'Rss') last.rssBytes = bytes;
      else last.pssBytes = bytes;
      continue;
    }
    const head = HEAD.exec(line);
    if (!head) continue;
    if (mappings.length === MOST_MAPPINGS) break;
    const [, start = '', end = '', permissions = '', path = ''] = head;
    last = {
      start: Number.parseInt(start, 16),
      end: Number.parseInt(end, 16),
      permissions,
      path,
      rssBytes: 0,
      pssBytes: 0,
    };
    if (last.end > last.start) mappings.push(last);
    else last = null;
  }
  return mappings;
}

export const sizeOf = ({ start, end }: Mapping): number => end - start;
