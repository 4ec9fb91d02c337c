/* corpus
{
  "source": ["https://nodejs.org/api/url.html#urlcreateobjecturlblob"],
  "says": "each report is offered under an address of URL.createObjectURL, and none is revoked",
  "suspect": { "kinds": ["native"], "named": "outside-object-urls" }
}
*/
const http = require('node:http');

function addressOf(report) {
  return URL.createObjectURL(report);
}

let reports = 0;
const server = http.createServer((_request, response) => {
  reports += 1;
  const report = new Blob([`report ${reports}`, ' and its lines'.repeat(20)]);
  response.setHeader('location', addressOf(report));
  response.end();
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
