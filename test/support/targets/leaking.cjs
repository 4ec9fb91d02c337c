// A leaking service of plain Node, without the kit: a private field retains an entry for each request.
const http = require('node:http');

class Sessions {
  #open = new Map();

  remember(id) {
    this.#open.set(`session-${id}-of-somebody-new`, { id, startedAt: new Date(), name: `somebody ${id}` });
  }
}

const sessions = new Sessions();
let requests = 0;
const server = http.createServer((_request, response) => {
  requests += 1;
  sessions.remember(requests);
  response.setHeader('x-requests', requests);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
