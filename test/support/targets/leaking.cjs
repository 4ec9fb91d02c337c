// A service of plain Node that never heard of this kit. Each request is remembered for ever, where only a class can see it.
const http = require('node:http');

class Sessions {
  #open = new Map();

  remember(id) {
    this.#open.set(`session-${id}-of-somebody-new`, { id, startedAt: new Date(), name: `somebody ${id}` });
  }
}

const sessions = new Sessions();
let asked = 0;
const server = http.createServer((_request, response) => {
  asked += 1;
  sessions.remember(asked);
  response.end('{}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
