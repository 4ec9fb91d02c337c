import type { LoadJson } from '../load/report.js';
import type { GalleryRowJson } from '../src/cli/gallery-table.js';
import type { DiagnosisJson } from '../src/kit/diagnosis/index.js';
import type { CrashEvidence } from '../src/kit/memory/load-shedding/crash-evidence.js';
import type { Health as KitHealth } from '../src/kit/memory/load-shedding/health.controller.js';
import type { Sample } from '../src/kit/process/sample.js';

/*
 * Everything that leaves the program as JSON, for other programs to read. Each type here becomes a JSON Schema, and
 * its comments the descriptions in it.
 */

/** What `leak-lab load --json FILE` writes. */
export type Load = LoadJson;

/** What `leak-lab diagnose --json FILE` writes. */
export type Diagnosis = DiagnosisJson;

/** What `leak-lab gallery --json FILE` writes: one row a pattern. */
export type Gallery = GalleryRowJson[];

/** What `GET /memory` answers: a sample, with the tags of the service and a field for each part that is tracked. */
export type Memory = Sample & {
  /** When it was taken, as ISO 8601. */
  time: string;
  [part: string]: unknown;
};

/** What `GET /health` answers; with status 503 while new requests are refused. */
export type Health = KitHealth;

/** What a service that leaves for lack of memory writes into its `--evidence-dir`. */
export type Evidence = CrashEvidence;
