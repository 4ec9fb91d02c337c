/* corpus
{
  "says": "a dictionary is parsed for each of three hundred and fifty tenants when it first asks, and the small ones seldom do: growth that takes very long to end",
  "dependencies": { "express": "4.21.2" },
  "filling": true
}
*/
const express = require('express');

const TENANTS = 350;
/** What a file for each tenant would have. */
const fileOf = (tenant) =>
  JSON.stringify({
    tenant,
    terms: Array.from({ length: 700 }, (_, at) => ({
      key: `t${tenant}.k${at}`,
      text: `Text ${at} of tenant ${tenant}`,
    })),
  });
const dictionaries = {};
const dictionaryOf = (tenant) => (dictionaries[`tenant-${tenant}`] ??= JSON.parse(fileOf(tenant)));

/** A few ask most of the time: the weight of the n-th is 1/n^1.4. */
const upTo = [];
for (let tenant = 0; tenant < TENANTS; tenant++)
  upTo[tenant] = (upTo[tenant - 1] ?? 0) + (tenant + 1) ** -1.4;
const someTenant = () => {
  const at = Math.random() * upTo[TENANTS - 1];
  return upTo.findIndex((sum) => sum > at);
};

const app = express();
app.get('/', (_request, response) => {
  const { tenant, terms } = dictionaryOf(someTenant());
  response.json({ tenant, term: terms[Math.floor(Math.random() * terms.length)] });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
