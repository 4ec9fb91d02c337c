/* corpus
{
  "says": "a board of five hundred cards as immutable state: each request makes a new one, and three hundred steps can be undone",
  "dependencies": { "immer": "10.1.1", "koa": "2.15.3" }
}
*/
import { randomUUID } from 'node:crypto';
import { enablePatches, produceWithPatches } from 'immer';
import Koa from 'koa';

enablePatches();
let board = { cards: {}, order: [] };
const undo = [];

let turn = 0;
const app = new Koa();
app.use((context) => {
  const id = randomUUID();
  const [next, , inverse] = produceWithPatches(board, (draft) => {
    // The newest card takes the place of the oldest.
    const place = turn++ % 500;
    if (draft.order[place]) delete draft.cards[draft.order[place]];
    draft.order[place] = id;
    draft.cards[id] = {
      id,
      title: `Card ${id}`,
      labels: ['new'],
      history: [{ at: Date.now(), by: 'someone' }],
    };
    const other = draft.order[Math.floor(Math.random() * draft.order.length)];
    const { history } = draft.cards[other];
    history.push({ at: Date.now(), by: id });
    if (history.length > 3) history.shift();
  });
  board = next;
  undo.push(inverse);
  if (undo.length > 300) undo.shift();
  context.body = { id, cards: board.order.length };
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
