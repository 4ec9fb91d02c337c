/* corpus
{
  "source": ["https://github.com/nodejs/node/issues/49442"],
  "says": "a page is rendered by a module that is imported anew for each request, by an address with another query",
  "suspect": { "kinds": ["container"], "named": "import\\(\\)" }
}
*/
import { createServer } from 'node:http';

let pages = 0;
const source = encodeURIComponent(`
  const words = Array.from({ length: 40 }, (_, at) => ({ at, text: 'word ' + at }));
  export const render = (page) => words.map(({ text }) => text + ' of ' + page).join(' ');
`);

const server = createServer(async (_request, response) => {
  pages += 1;
  const { render } = await import(`data:text/javascript,${source}//${pages}`);
  response.end(render(pages));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
