import { join } from 'node:path';
import { mustBeWritable, mustBeWritableFile, writeFiles } from '../../load/report.js';
import { text, toggle } from '../command/options.js';
import { colour } from '../command/screen.js';
import { type Diagnosis, diagnosisJson, redacted } from '../kit/diagnosis/index.js';
import { page } from './diagnosis-page.js';
import { screen, type Tone } from './diagnosis-screen.js';

export const outputOptions = {
  json: text({
    default: undefined,
    placeholder: 'FILE',
    example: 'diagnosis.json',
    why: 'write the diagnosis as JSON',
  }),
  report: text({
    default: undefined,
    placeholder: 'DIR',
    why: 'write report.html, one page without external files',
  }),
  redact: toggle({
    why: 'leave out keys, entries and text of native memory, which may be personal data of users',
  }),
};

export interface OutputOptions {
  json?: string | undefined;
  report?: string | undefined;
  redact: boolean;
}

/** Checks before the work that its result can be written. @throws Problem LEAK_LAB_WRITE. */
export async function mustBePresentable({ json, report }: OutputOptions): Promise<void> {
  if (json) await mustBeWritableFile(json);
  if (report) await mustBeWritable(report);
}

const STYLES = {
  leak: ['bold', 'red'],
  bounded: ['bold', 'green'],
  unsettled: ['bold', 'yellow'],
  name: ['bold'],
  quiet: ['dim'],
} as const satisfies Record<Tone, unknown>;

/** Prints a diagnosis and writes the files that were asked for. */
export async function present(diagnosis: Diagnosis, { json, report, redact }: OutputOptions): Promise<void> {
  const shown = redact ? redacted(diagnosis) : diagnosis;
  console.log(screen(shown, (tone, line) => colour([...STYLES[tone]], line)).join('\n'));
  if (json) await writeFiles({ [json]: `${JSON.stringify(diagnosisJson(shown), null, 2)}\n` });
  if (report) {
    const file = join(report, 'report.html');
    await writeFiles({ [file]: await page(shown, new Date()) });
    console.log(`\nReport: ${file}`);
  }
}
