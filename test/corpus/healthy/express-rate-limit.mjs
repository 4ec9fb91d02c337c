/* corpus
{
  "says": "two maps of clients, one of which is emptied at each end of the window: every twenty seconds",
  "dependencies": { "express-rate-limit": "7.5.0", "express": "4.21.2" },
  "filling": true
}
*/
import { randomInt } from 'node:crypto';
import express from 'express';
import { rateLimit } from 'express-rate-limit';

const app = express();
app.use(
  rateLimit({
    windowMs: 20_000,
    limit: 10,
    validate: false,
    keyGenerator: () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`,
  }),
);
app.get('/', (_request, response) => response.json({ ok: true }));
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
