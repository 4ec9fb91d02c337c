/* corpus
{
  "says": "one request in four hundred makes a report of some twenty megabytes, and a few of them are kept for those who ask again",
  "dependencies": { "express": "4.21.2" }
}
*/
const express = require('express');

const reports = [];
let asked = 0;
const app = express();
app.get('/', (_request, response) => {
  asked += 1;
  if (asked % 400 === 0) {
    const lines = Array.from({ length: 100_000 }, (_, at) => ({ at, text: `line ${at} of report ${asked}` }));
    reports.push({ asked, lines: lines.slice(0, 2_000 + Math.floor(Math.random() * 2_000)) });
    if (reports.length > 3) reports.shift();
  }
  response.json({ reports: reports.length });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
