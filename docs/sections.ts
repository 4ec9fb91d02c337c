import { about as console } from '../src/cli/console.js';
import { about as demo } from '../src/cli/demo.js';
import { about as diagnose } from '../src/cli/diagnose.js';
import { about as gallery } from '../src/cli/gallery.js';
import { about as load } from '../src/cli/load.js';
import { problems } from '../src/kit/problem.js';
import { serviceOptions } from '../src/settings.js';
import { optionTable, table } from './tables.js';

/** The parts of the README that are written from the code, by the name of their place in it. */
export const sections: Record<string, () => string> = {
  'options of the service': () => optionTable(serviceOptions),
  'options of load': () => optionTable(load.options),
  'exit codes of load': () => table(['exit code', 'meaning'], Object.entries(load.exits)),
  'options of diagnose': () => optionTable(diagnose.options),
  'exit codes of diagnose': () => table(['exit code', 'meaning'], Object.entries(diagnose.exits)),
  'options of console': () => optionTable(console.options),
  'exit codes of console': () => table(['exit code', 'meaning'], Object.entries(console.exits)),
  'options of gallery': () => optionTable(gallery.options),
  'options of demo': () => optionTable(demo.options),
  codes: () =>
    table(
      ['code', 'meaning'],
      Object.entries(problems).map(([code, meaning]) => [`\`${code}\``, meaning]),
    ),
};
