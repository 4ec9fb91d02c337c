/* corpus
{
  "source": ["https://github.com/open-telemetry/opentelemetry-js/pull/4163"],
  "says": "the application's own: visits in one Map for each two seconds, in a Map that keeps all of these",
  "suspect": { "kinds": ["container"], "named": "byPeriod" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

class Visits {
  #byPeriod = new Map();
  add(visit) {
    const period = Math.floor(visit.at / 2_000);
    let page = this.#byPeriod.get(period);
    if (!page) this.#byPeriod.set(period, (page = { opened: visit.at, visits: new Map() }));
    page.visits.set(visit.id, visit);
  }
}
const visits = new Visits();

const server = createServer((request, response) => {
  const visit = { id: randomUUID(), url: request.url, headers: { ...request.headers }, at: Date.now() };
  visits.add(visit);
  response.end(visit.id);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
