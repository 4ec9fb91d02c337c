import { unifiedDiff } from './diff.js';
import type { Fixed } from './fix.js';
import type { Assumption, DeclinedReason, Patch, PatternName } from './model.js';
import { assumptionText, declinedText, doneText } from './words.js';

/** A stable code, and the same in words. */
export interface CodeJson<C extends string> {
  code: C;
  text: string;
}

/** A patch of one file. */
export interface PatchJson {
  /** The pattern of the leak that it mends. */
  pattern: PatternName;
  /** The file, from the project's folder. */
  file: string;
  /** The change as a unified diff, which `git apply` takes. */
  diff: string;
  /** What it changes. */
  does: CodeJson<Patch['does']['code']>;
  /** What has to be true for it to be right. */
  assumptions: CodeJson<Assumption['code']>[];
}

/** What became of one suspect: a patch, or the reason why there is none. */
export interface FixedJson {
  /** Of the suspect in the diagnosis. */
  rank: number;
  name: string;
  /** Null where none is offered. */
  patch: PatchJson | null;
  /** Why none is offered; null where one is. */
  declined: CodeJson<DeclinedReason['code']> | null;
  /** The diagnosis' advice. */
  advice: string;
}

/** What `fix --json` writes. */
export interface FixJson {
  schemaVersion: 1;
  /** The folder of the project. */
  folder: string;
  /** Whether the patches were applied. */
  written: boolean;
  /** One for each suspect. */
  results: FixedJson[];
}

/** @param shown a file as the report has it, from the project's folder */
export function fixJson(
  fixed: readonly Fixed[],
  { folder, written, shown }: { folder: string; written: boolean; shown: (file: string) => string },
): FixJson {
  return { schemaVersion: 1, folder, written, results: fixed.map((one) => fixedJson(one, shown)) };
}

function fixedJson(fixed: Fixed, shown: (file: string) => string): FixedJson {
  const { rank, name, advice } = fixed.suspect;
  return 'patch' in fixed
    ? { rank, name, patch: patchJson(fixed.patch, shown(fixed.patch.file)), declined: null, advice }
    : {
        rank,
        name,
        patch: null,
        declined: { code: fixed.declined.code, text: declinedText(fixed.declined) },
        advice,
      };
}

function patchJson({ pattern, before, after, does, assumptions }: Patch, file: string): PatchJson {
  return {
    pattern,
    file,
    diff: unifiedDiff(file, before, after),
    does: { code: does.code, text: doneText(does) },
    assumptions: assumptions.map((one) => ({ code: one.code, text: assumptionText(one) })),
  };
}
