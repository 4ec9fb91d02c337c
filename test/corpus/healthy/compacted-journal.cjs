/* corpus
{
  "says": "a ledger that appends each change, and a ticker of its own that does too: every fifteen seconds the journal is folded into five hundred balances",
  "dependencies": { "fastify": "5.1.0" },
  "filling": true
}
*/
const { randomUUID } = require('node:crypto');
const fastify = require('fastify');

const balances = new Map();
let journal = [];
const append = (account, amount, reason) =>
  journal.push({ id: randomUUID(), account, amount, reason, at: Date.now() });

/** Also when nobody asks: interest is booked all the time. */
setInterval(() => {
  for (let at = 0; at < 10; at++) append(`account-${Math.floor(Math.random() * 500)}`, 1, 'interest');
}, 100).unref();

setInterval(() => {
  const folding = journal;
  journal = [];
  for (const { account, amount } of folding) balances.set(account, (balances.get(account) ?? 0) + amount);
}, 15_000).unref();

const app = fastify();
app.get('/', () => {
  const account = `account-${Math.floor(Math.random() * 500)}`;
  append(account, -5, 'purchase');
  return { account, settled: balances.get(account) ?? 0 };
});
void app.listen({ port: 0, host: '127.0.0.1' }).then(() => console.log(app.server.address().port));
