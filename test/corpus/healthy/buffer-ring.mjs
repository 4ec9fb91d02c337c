/* corpus
{
  "says": "slices of the Buffer pool are kept for the last five hundred requests",
  "dependencies": { "denque": "2.1.0" }
}
*/
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import Denque from 'denque';

const last = new Denque([], { capacity: 500 });
const server = createServer((_request, response) => {
  last.push(Buffer.from(randomBytes(600).toString('base64')));
  response.end(last.peekAt(-1).subarray(0, 10));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
