/* corpus
{
  "says": "a race against a timeout of three seconds that nobody clears: three seconds of requests are held",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const express = require('express');
const timeout = (ms) => new Promise((_, reject) => setTimeout(reject, ms, new Error('late')));
const app = express();
app.get('/', async (_req, res) => {
  const data = { rows: Array.from({ length: 20 }, (_, i) => ({ i })) };
  const late = timeout(3000);
  late.catch(() => {});
  res.json(await Promise.race([Promise.resolve(data), late]));
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
