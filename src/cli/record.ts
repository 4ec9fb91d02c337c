import { once } from 'node:events';
import { type Recorded, Recorder } from '../../load/recorder.js';
import { count, size } from '../command/format.js';
import type { About } from '../command/help.js';
import { bytes, readOptions, text, toggle, type Values, whole } from '../command/options.js';
import { COULD_NOT, interruptible } from '../command/run.js';
import { StatusLine } from '../command/screen.js';
import { Problem } from '../kit/problem.js';
import { RecordingFile } from './recording-file.js';

const isService = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, pathname, search } = new URL(value);
  return protocol === 'http:' && pathname === '/' && search === '';
};

export const recordOptions = {
  file: {
    ...text({
      default: undefined,
      placeholder: 'FILE',
      why: 'the file to write, one request a line; it must not exist yet',
    }),
    positional: true as const,
  },
  url: text({
    default: undefined,
    placeholder: 'URL',
    example: 'http://127.0.0.1:3000',
    accepts: 'the address of a service without a path, such as http://127.0.0.1:3000',
    test: isService,
    why: 'the service that requests are passed on to',
  }),
  port: whole({
    default: 0,
    min: 0,
    max: 65_535,
    why: 'the port of this machine to listen on; 0 takes a free one',
  }),
  requests: whole({ default: 10_000, min: 1, max: 1_000_000, why: 'end after so many recorded requests' }),
  maxBytes: bytes({ default: 64 * 2 ** 20, min: 1_024, why: 'end before the file becomes larger' }),
  withSecrets: toggle({
    why: 'also record headers that may hold secrets: authorization, cookie, and all whose names contain such words as token, session or api-key',
  }),
} as const;

export const about: About = {
  usage: 'npm run record --',
  purpose:
    'Passes requests on to a service and writes them to a file, which compare and bisect send with --replay. Send your traffic to the address that it prints. Bodies that are no text, or longer than 1 MiB, are passed on and not recorded. Paths and bodies are recorded as they are: the file may hold personal data, and only its owner may read it.',
  options: recordOptions,
  examples: ['npm run record -- requests.jsonl --url http://127.0.0.1:8000'],
  exits: {
    0: 'requests were recorded, until Ctrl-C or a limit',
    2: 'nothing was recorded, or the command could not listen or write',
  },
};

type RecordSettings = Values<typeof recordOptions>;

export async function work(argv: string[]): Promise<number> {
  const settings = readOptions(recordOptions, argv);
  const { file, url } = settings;
  if (file === undefined || url === undefined)
    throw new Problem('LEAK_LAB_SETTINGS', 'pass the file to write and the service: record FILE --url URL');
  return interruptible((signal) => recordInto(file, new URL(url), settings, signal));
}

async function recordInto(
  file: string,
  service: URL,
  { port, withSecrets, requests, maxBytes }: RecordSettings,
  signal: AbortSignal,
): Promise<number> {
  const status = new StatusLine();
  const output = new RecordingFile(file);
  try {
    const recorder = await Recorder.open({
      service,
      port,
      withSecrets,
      mostRequests: requests,
      mostBytes: maxBytes,
      write: (line) => output.add(line),
      onProgress: (recorded) => status.show(recordedText(recorded)),
    });
    try {
      console.log(
        `Send requests to ${recorder.url} instead of ${service.origin}. Ctrl-C ends the recording.`,
      );
      await Promise.race([recorder.full, signal.aborted ? undefined : once(signal, 'abort')]);
    } finally {
      await recorder.close();
      status.clear();
    }
    const { recorded } = recorder;
    const isEmpty = recorded.requests === 0;
    console.log(
      `${isEmpty ? `Nothing was recorded, and ${file} was not written` : file}: ${recordedText(recorded)}`,
    );
    if (recorded.secretHeaders.size > 0)
      console.log(
        `Headers that may hold secrets were left out: ${[...recorded.secretHeaders].join(', ')}. Without them, the service may answer a replay differently; --with-secrets records them.`,
      );
    return isEmpty ? COULD_NOT : 0;
  } finally {
    output.close();
  }
}

/** `120 requests, 14.2 kB; 3 with a body that cannot be recorded`. */
function recordedText({ requests, bytes: written, leftOut, unanswered }: Recorded): string {
  return [
    `${requests === 1 ? '1 request' : `${count(requests)} requests`}, ${size(written)}`,
    ...(leftOut > 0 ? [`${count(leftOut)} left out: their body is no text, or longer than 1 MiB`] : []),
    ...(unanswered > 0 ? [`${count(unanswered)} that the service did not answer`] : []),
  ].join('; ');
}
