/* corpus
{
  "says": "the application's own: searches of the last twelve seconds in a linked list, and each request drops what is older from its head",
  "filling": true
}
*/
import { createServer } from 'node:http';

class Recent {
  #head = null;
  #tail = null;
  #count = 0;
  add(term) {
    const node = { term, stamp: Date.now(), next: null };
    if (this.#tail) this.#tail.next = node;
    else this.#head = node;
    this.#tail = node;
    this.#count += 1;
    while (node.stamp - this.#head.stamp > 12_000) {
      this.#head = this.#head.next;
      this.#count -= 1;
    }
    return this.#count;
  }
}
const recent = new Recent();
let searches = 0;

const server = createServer((_request, response) => {
  searches += 1;
  response.end(String(recent.add({ text: `search ${searches}`, words: ['search', String(searches)] })));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
