import { text, toggle, type Values, whole } from '../command/options.js';
import { compareOptions } from './compare.js';
import { trafficOptions } from './version-options.js';

const { ignoreField, ignoreHeader, maxSlowdown, maxSeconds } = compareOptions;

export const fixOptions = {
  diagnosis: {
    ...text({
      default: undefined,
      placeholder: 'FILE',
      why: 'the diagnosis, as leak-lab diagnose --json writes it (default: the service is diagnosed at --url first)',
    }),
    positional: true as const,
  },
  folder: text({
    default: undefined,
    placeholder: 'DIR',
    example: '.',
    why: 'the folder of the service’s package.json (default: the nearest one, from the current folder upwards)',
  }),
  suspect: whole({
    default: undefined,
    min: 1,
    max: 100,
    placeholder: 'RANK',
    why: 'the suspect to mend (default: all of them)',
  }),
  maxEntries: whole({
    default: 1_000,
    min: 1,
    max: 100_000_000,
    why: 'the bound that a patch gives a cache or a log; it is written as a constant',
  }),
  test: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'npm test',
    why: 'the shell command that a patch has to pass (default: npm test, if package.json has one)',
  }),
  noTest: toggle({ why: 'offer patches without running tests' }),
  prove: toggle({
    why: 'start the service before and after the patches, compare both under the same load, and add a regression test that failed before and passes after; needs --start and --url',
  }),
  start: text({
    default: undefined,
    placeholder: 'CMD',
    why: 'the shell command that starts the service in its folder; it gets a free port as PORT, and for {port} in the command',
  }),
  build: text({
    default: undefined,
    placeholder: 'CMD',
    example: 'npm run build',
    why: 'the shell command that builds the service, run in a copy of it',
  }),
  ...trafficOptions,
  ignoreField,
  ignoreHeader,
  maxSlowdown,
  maxSeconds,
  write: toggle({ why: 'apply the patches; without it, they are only printed' }),
  digest: text({
    default: undefined,
    placeholder: 'DIGEST',
    why: 'with --write: apply only the patches that were printed before, by the digest in their JSON; nothing is written where they are others now',
  }),
  json: text({ default: undefined, placeholder: 'FILE', why: 'write the patches and the reasons as JSON' }),
} as const;

export type FixSettings = Values<typeof fixOptions>;
