/* corpus
{
  "source": ["https://github.com/modelcontextprotocol/typescript-sdk"],
  "says": "the application's own: a transport per session stays in a Map; its handler retains the server of the session as its lexical this",
  "suspect": { "kinds": ["container"], "named": "transports \\(Map" }
}
*/
class Transport {
  onmessage = null;
  constructor(id) {
    this.id = id;
  }
}

class ToolServer {
  tools = {};
  constructor() {
    for (let at = 0; at < 12; at += 1)
      this.tools[`tool${at}`] = {
        name: `tool${at}`,
        schema: { type: 'object', properties: { id: { type: 'string', at } } },
      };
  }
  connect(transport) {
    transport.onmessage = (message) => this.tools[message];
  }
}

const transports = new Map();
let sessions = 0;
function handle() {
  sessions += 1;
  const transport = new Transport(`session-${sessions}`);
  new ToolServer().connect(transport);
  transports.set(transport.id, transport);
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
