/* corpus
{
  "source": ["https://github.com/winstonjs/winston/issues/1334", "https://github.com/winstonjs/winston/issues/1791"],
  "says": "each logger that is made with a shared transport leaves its listeners, and through them itself, on it",
  "dependencies": { "winston": "3.8.2", "express": "4.21.2" },
  "requests": 2000,
  "suspect": { "kinds": ["listeners", "container"], "named": "Console|transport|winston" }
}
*/
const express = require('express');
const winston = require('winston');

const transport = new winston.transports.Console({ level: 'error' });
transport.setMaxListeners(0); // it warned

const app = express();
app.get('/', (request, response) => {
  const logger = winston.createLogger({ defaultMeta: { ip: request.ip }, transports: [transport] });
  logger.info('asked');
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
