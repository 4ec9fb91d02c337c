/* corpus
{
  "source": ["https://github.com/modelcontextprotocol/typescript-sdk"],
  "says": "the application's own: a transport per session, whose handler retains its server, is deleted when the session ends a hundred requests later"
}
*/
class ToolServer {
  tools = Array.from({ length: 12 }, (_, at) => ({ name: `tool${at}`, schema: { type: 'object', at } }));
  connect(transport) {
    transport.onmessage = (message) => this.tools[message];
  }
}

const transports = new Map();
let sessions = 0;
function handle() {
  sessions += 1;
  const transport = { id: sessions, onmessage: null };
  new ToolServer().connect(transport);
  transports.set(transport.id, transport);
  transports.delete(sessions - 100);
}

const server = require('node:http').createServer((_request, response) => {
  handle();
  response.end('ok');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
