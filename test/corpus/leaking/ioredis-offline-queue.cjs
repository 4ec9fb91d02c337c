/* corpus
{
  "source": ["https://github.com/redis/ioredis/issues/76", "https://github.com/redis/ioredis/issues/1480"],
  "says": "while Redis is away commands wait in a queue without a limit, for ever with maxRetriesPerRequest null, as BullMQ wants it",
  "dependencies": { "ioredis": "5.4.1", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "promises", "objects"], "named": "offlineQueue|Redis|Denque" }
}
*/
const express = require('express');
const Redis = require('ioredis');
const { randomUUID } = require('node:crypto');

// Nobody listens on port 1.
const redis = new Redis({ host: '127.0.0.1', port: 1, maxRetriesPerRequest: null });
redis.on('error', () => {});

const app = express();
app.get('/', (_request, response) => {
  void redis.lpush('visits', JSON.stringify({ id: randomUUID(), at: Date.now() })); // nobody waits for it
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
