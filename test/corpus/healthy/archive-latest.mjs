/* corpus
{
  "says": "the first request after twelve seconds moves what is pending into an archive, which keeps the latest five thousand",
  "filling": true
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

class Recorder {
  #pending = [];
  #archive = [];
  #flushedAt = Date.now();
  record(event) {
    this.#pending.push(event);
    if (Date.now() - this.#flushedAt < 12_000) return;
    this.#archive = this.#archive.concat(this.#pending.splice(0)).slice(-5_000);
    this.#flushedAt = Date.now();
  }
  get size() {
    return this.#archive.length;
  }
}

const recorder = new Recorder();
const server = createServer((request, response) => {
  recorder.record({
    id: randomUUID(),
    path: request.url,
    at: new Date(),
    agent: request.headers['user-agent'] ?? null,
  });
  response.end(String(recorder.size));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
