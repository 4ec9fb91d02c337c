import { unifiedDiff } from './diff.js';
import type { Fixed } from './fix.js';
import type { Rate } from '../verdict/index.js';
import type { Assumption, DeclinedReason, Patch, PatternName, Proof, RegressionTest } from './model.js';
import { packagePatch } from './package-patch.js';
import { declinedText } from './declined-words.js';
import { assumptionText, doneText } from './words.js';

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
  /** Of an installed package: the file in the form of patch-package; null for a file of the project. */
  patchFile: string | null;
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
  /** Stands for the patches: `--digest` takes it. Null where there is none, or the proof failed. */
  digest: string | null;
  /** One for each suspect. */
  results: FixedJson[];
  /** With `--prove`: the comparison of the project before and after the patches; null without it. */
  proof: ProofJson | null;
  /** With `--prove`: the test that failed before and passed after; null where none was added. */
  regressionTest: RegressionTestJson | null;
}

export interface ProofJson {
  isProved: boolean;
  /** The verdict of the comparison. */
  kind: Proof['kind'];
  /** 0 to 1; 0 for unsettled. */
  confidence: number;
  text: string;
  /** How many requests each version got. */
  requests: number;
  /** Growth rate before, in bytes per request; null where there are too few readings. */
  before: Rate | null;
  /** The same after. */
  after: Rate | null;
}

export interface RegressionTestJson {
  /** From the project's folder. */
  file: string;
  runner: RegressionTest['runner'];
  text: string;
}

/** What `fixJson` writes beside the patches. */
export interface Written {
  folder: string;
  written: boolean;
  digest: string | null;
  /** A file as the report has it, from the project's folder. */
  shown: (file: string) => string;
  proof: Proof | null;
  regressionTest: RegressionTest | null;
}

export function fixJson(fixed: readonly Fixed[], about: Written): FixJson {
  const { folder, written, digest, shown, proof, regressionTest } = about;
  return {
    schemaVersion: 1,
    folder,
    written,
    digest,
    results: fixed.map((one) => fixedJson(one, about)),
    proof,
    regressionTest: regressionTest && { ...regressionTest, file: shown(regressionTest.file) },
  };
}

function fixedJson(fixed: Fixed, { folder, shown }: Pick<Written, 'folder' | 'shown'>): FixedJson {
  const { rank, name, advice } = fixed.suspect;
  return 'patch' in fixed
    ? { rank, name, patch: patchJson(fixed.patch, { folder, shown }), declined: null, advice }
    : {
        rank,
        name,
        patch: null,
        declined: { code: fixed.declined.code, text: declinedText(fixed.declined) },
        advice,
      };
}

function patchJson(patch: Patch, { folder, shown }: Pick<Written, 'folder' | 'shown'>): PatchJson {
  const { pattern, before, after, does, assumptions } = patch;
  const ofPackage = packagePatch(folder, patch);
  const file = shown(patch.file);
  return {
    pattern,
    file,
    diff: unifiedDiff(file, before, after),
    patchFile: ofPackage && shown(ofPackage.file),
    does: { code: does.code, text: doneText(does) },
    assumptions: assumptions.map((one) => ({ code: one.code, text: assumptionText(one) })),
  };
}
