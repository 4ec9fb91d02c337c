import { about as console } from '../src/cli/console.js';
import { about as demo } from '../src/cli/demo.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as gallery } from '../src/cli/gallery.js';
import { about as load } from '../src/cli/load.js';
import { problems } from '../src/kit/problem.js';
import { serviceKnobs } from '../src/settings.js';
import { knobTable, table } from './tables.js';

/** The parts of the README that are written from the code, by the name of their place in it. */
export const sections: Record<string, () => string> = {
  'knobs of the service': () => knobTable(serviceKnobs),
  'knobs of load': () => knobTable(load.knobs),
  'exit codes of load': () => table(['exit code', 'meaning'], Object.entries(load.exits)),
  'knobs of diagnose': () => knobTable(diagnose.knobs),
  'exit codes of diagnose': () => table(['exit code', 'meaning'], Object.entries(diagnose.exits)),
  'knobs of console': () => knobTable(console.knobs),
  'exit codes of console': () => table(['exit code', 'meaning'], Object.entries(console.exits)),
  'knobs of gallery': () => knobTable(gallery.knobs),
  'knobs of demo': () => knobTable(demo.knobs),
  codes: () =>
    table(
      ['code', 'meaning'],
      Object.entries(problems).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
};
