/* corpus
{
  "source": ["https://github.com/Effect-TS/io/pull/147"],
  "says": "the application's own: a journal of text in a Buffer that is copied into one of twice the size when it is full",
  "requests": 60000,
  "suspect": { "kinds": ["buffers"], "named": "journal.*#bytes|journal.*buffer" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

class Journal {
  #bytes = Buffer.alloc(32 * 1024);
  #end = 0;
  write(line) {
    if (this.#end + line.length > this.#bytes.length) {
      const wider = Buffer.alloc(2 * this.#bytes.length);
      this.#bytes.copy(wider, 0, 0, this.#end);
      this.#bytes = wider;
    }
    this.#end += this.#bytes.write(line, this.#end, 'latin1');
    return this.#end;
  }
}

const journal = new Journal();
const server = createServer((request, response) => {
  response.end(
    String(journal.write(`${new Date().toISOString()} ${request.method} ${request.url} ${randomUUID()}\n`)),
  );
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
