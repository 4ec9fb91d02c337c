/* corpus
{
  "source": ["https://emotion.sh/docs/best-practices#use-the-style-prop-for-dynamic-styles"],
  "says": "a style with a number in it for each request, in the cache of the process",
  "dependencies": { "@emotion/css": "11.13.5", "express": "4.21.2" },
  "suspect": { "kinds": ["container"], "named": "inserted|registered|cache" }
}
*/
const express = require('express');
const { css } = require('@emotion/css');
const app = express();
let n = 0;
app.get('/', (_req, res) => {
  n += 1;
  res.send(`<p class="${css({ width: n, color: 'red' })}">hello</p>`);
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
