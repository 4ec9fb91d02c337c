// A service with two leaks: a Buffer of each message in a history, and a timer of each request. What the arguments name
// is mended: history, timers.
import { createServer } from 'node:http';

const mended = new Set(process.argv.slice(2));

class History {
  messages = [];

  add(text) {
    this.messages.push({ text: Buffer.from(text.repeat(20)), at: Date.now() });
    if (mended.has('history') && this.messages.length > 100) this.messages.shift();
  }
}
const history = new History();

createServer((request, response) => {
  const id = request.url;
  history.add(id);
  const typing = { id, who: `user ${id}`, seen: 0 };
  const timer = setInterval(() => {
    typing.seen = Date.now();
  }, 3_600_000);
  timer.unref();
  if (mended.has('timers')) clearInterval(timer);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ id, length: id.length }));
}).listen(Number(process.env.PORT), '127.0.0.1');
