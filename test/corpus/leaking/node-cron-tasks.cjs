/* corpus
{
  "source": ["https://github.com/node-cron/node-cron/issues/348"],
  "says": "a task that was stopped stays in the module's map of tasks: version 3 has no destroy()",
  "dependencies": { "node-cron": "3.0.3" },
  "suspect": { "kinds": ["container", "listeners", "objects"], "named": "scheduledTasks|storage|cron" }
}
*/
const { createServer } = require('node:http');
const cron = require('node-cron');

// A reminder that the next answer makes superfluous.
const server = createServer((_request, response) => {
  const reminder = cron.schedule('0 4 1 1 *', () => {}, { scheduled: false });
  reminder.stop();
  response.end('reminded');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
