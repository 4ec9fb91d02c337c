// A leaking service whose leaking object is retained only by an arrow function, as its lexical `this`.
const http = require('node:http');

class Api {
  visits = [];
  server = http.createServer((_request, response) => this.answer(response));

  answer(response) {
    this.visits.push({ at: new Date(), path: `/somewhere/${this.visits.length}` });
    response.end('{}');
  }
}

const { server } = new Api();
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
