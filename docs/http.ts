import { table } from './tables.js';

/** One row of the page: a path that the service answers with GET. */
export interface Endpoint {
  path: string;
  response: string;
  /** Only requests from this machine are answered, unless the service runs with --expose-ops. */
  isLocal: boolean;
}

/** Every path of the service. `test/users.route.test.ts` requests each of them. */
export const endpoints: Endpoint[] = [
  {
    path: '/users/:id',
    response:
      '200 with `{ user_id, name, email, address, desc }`. An id has 1 to 256 characters of Unicode. 400 for another id or a URL that is not percent-encoded UTF-8; 503 while 2,000 look-ups are under way',
    isLocal: false,
  },
  {
    path: '/users/random',
    response: '200 with a new user, whose id has 64 hexadecimal digits',
    isLocal: false,
  },
  {
    path: '/specimens/NAME/:id',
    response: '200 with the answer of the pattern that `--specimen NAME` serves; 404 without this option',
    isLocal: false,
  },
  {
    path: '/specimens/NAME/random',
    response: 'the same, with a new id for each request',
    isLocal: false,
  },
  {
    path: '/memory',
    response:
      '200 with one sample of the memory as JSON: virtual memory, resident set, heap, external memory, what the process has open, and the figures of the cache. It never triggers a garbage collection',
    isLocal: true,
  },
  {
    path: '/metrics',
    response: "200 with the [metrics](../metrics.md) in Prometheus' text format",
    isLocal: true,
  },
  {
    path: '/health',
    response: '200 with `{ state, live, ready }`; 503 while the service sheds load',
    isLocal: true,
  },
  { path: '/health/ready', response: 'the same as `/health`: a readiness probe', isLocal: true },
  {
    path: '/health/live',
    response: '200 while the process answers at all, also while it sheds load: a liveness probe',
    isLocal: true,
  },
  {
    path: '/dashboard',
    response:
      '200 with a page that draws the memory live, from the events of `/dashboard/events`. 8 pages at most may be open; further streams get 503',
    isLocal: true,
  },
];

export function httpPage(): string {
  return `# HTTP endpoints

The service answers these paths with \`GET\`. The modules of the package add \`/memory\`, \`/metrics\`, \`/dashboard\` (\`MemoryModule\`) and \`/health\` (\`LoadSheddingModule\`) to [your own service](../your-service.md).

${table(
  ['path', 'response', 'answers to'],
  endpoints.map(({ path, response, isLocal }) => [
    `\`${path}\``,
    response,
    isLocal ? 'this machine' : 'every client',
  ]),
)}

**This machine** means: the connection comes from the loopback interface, the \`Host\` header is \`localhost\` or a loopback address, and no proxy has added \`Forwarded\` or \`X-Forwarded-For\`. Other requests get 403. \`--expose-ops\`, or \`exposed: true\` of a module, answers every client.

**Load shedding** (\`--shed-at\`): while memory is short, every path except \`/health\`, \`/memory\`, \`/metrics\` and \`/dashboard\` answers 503 with \`Retry-After\`.

**Errors** have the form of Nest's: \`{ message, error, statusCode }\`. Schemas of \`/memory\` and \`/health\`: [JSON](json.md).
`;
}
