// A leaking service whose handler is a field of its class: V8 stops at the position of such an arrow function when the
// object is made, and not when it is called.
import { createServer } from 'node:http';

class Api {
  #visits = [];

  handle = (request, response) => {
    this.#visits.push({ at: new Date(), path: `${request.url}somewhere/${this.#visits.length}` });
    response.end('{}');
  };
}

const server = createServer(new Api().handle);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
