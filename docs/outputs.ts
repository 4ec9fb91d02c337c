import type { LoadJson } from '../load/load-json.js';
import type { BisectJson } from '../src/cli/bisect-words.js';
import type { GalleryRowJson } from '../src/cli/gallery-table.js';
import type { ComparisonJson } from '../src/kit/compare/index.js';
import type { DiagnosisJson } from '../src/kit/diagnosis/index.js';
import type { FixJson } from '../src/kit/fix/index.js';
import type { GrowthJson } from '../src/kit/memory/growth-json.js';
import type { CrashEvidence } from '../src/kit/memory/load-shedding/crash-evidence.js';
import type { Health as KitHealth } from '../src/kit/memory/load-shedding/health.controller.js';
import type { OutsideSample } from '../src/kit/outside/index.js';
import type { Sample } from '../src/kit/process/sample.js';

/*
 * The JSON that commands and endpoints write for other programs. Each type here becomes a JSON Schema; its doc comments
 * become the descriptions.
 */

/** Written by `leak-lab load --json FILE`. */
export type Load = LoadJson;

/** Written by `leak-lab diagnose --json FILE`. */
export type Diagnosis = DiagnosisJson;

/** Written by `leak-lab compare --json FILE`. */
export type Comparison = ComparisonJson;

/** Written by `leak-lab bisect --json FILE`. */
export type Bisect = BisectJson;

/** Written by `leak-lab fix --json FILE`. */
export type Fix = FixJson;

/** Written by `leak-lab gallery --json FILE`: one row per pattern. */
export type Gallery = GalleryRowJson[];

/** The response of `GET /memory`: a sample, the tags of the service, and one field per tracked part. */
export type Memory = Sample & {
  /** When the sample was taken, as ISO 8601. */
  time: string;
  /** What is open, and the resident set by kind; missing where the system does not tell. */
  outside?: OutsideSample;
  /** What the figures did since the process started: the heap and, where the system tells, what is open. */
  growth: GrowthJson[];
  [part: string]: unknown;
};

/** The response of `GET /health`. The status is 503 while new requests are refused. */
export type Health = KitHealth;

/** The crash evidence that a service writes to its `--evidence-dir` before it exits for lack of memory. */
export type Evidence = CrashEvidence;
