// A version of a small service, for comparisons: what it leaks, how it answers and how long it takes is on its command
// line. It listens on the port in PORT.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    orders: { type: 'boolean', default: false }, // leaks an order per request
    sessions: { type: 'boolean', default: false }, // leaks a session per request
    wrong: { type: 'boolean', default: false }, // answers another total
    stamped: { type: 'boolean', default: false }, // answers the time as well
    slow: { type: 'string', default: '0' }, // milliseconds of CPU per request
    port: { type: 'string', default: process.env.PORT },
  },
});

const orders = new Map();
const sessions = new Map();

createServer((request, response) => {
  const id = request.url;
  if (values.orders) orders.set(id, { id, items: Array.from({ length: 20 }, (_, i) => i + 0.5) });
  if (values.sessions)
    sessions.set(id, { id, seen: [id.length + 0.5, 1.5, 2.5, 3.5], name: `session of ${id}` });
  for (const end = performance.now() + Number(values.slow); performance.now() < end;);
  const answer = { id, total: values.wrong ? id.length + 1 : id.length };
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify(values.stamped ? { ...answer, time: process.hrtime.bigint().toString() } : answer),
  );
}).listen(Number(values.port), '127.0.0.1');
