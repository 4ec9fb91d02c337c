/* corpus
{
  "source": ["https://github.com/winstonjs/winston/issues/2005"],
  "says": "each logger that handles exceptions leaves a listener, and through it itself, on the process",
  "dependencies": { "winston": "3.3.3", "express": "4.21.2" },
  "requests": 2000,
  "suspect": { "kinds": ["listeners", "container"], "named": "process|uncaughtException|ExceptionHandler" }
}
*/
const express = require('express');
const winston = require('winston');

process.setMaxListeners(0); // it warned

const app = express();
app.get('/', (request, response) => {
  const logger = winston.createLogger({
    defaultMeta: { ip: request.ip },
    transports: [new winston.transports.Console({ level: 'error', handleExceptions: true })],
  });
  logger.info('asked');
  response.json({ ok: true });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
