/* corpus
{
  "source": ["https://developer.mozilla.org/docs/Web/JavaScript/Guide/Closures"],
  "says": "the application's own: each layer of settings has the one before it in a Map, and is reloaded by every request",
  "suspect": { "kinds": ["objects", "closures", "container"], "named": "› settings \\(a chain of .* Layer" }
}
*/
const http = require('node:http');

class Layer {
  constructor(parent, values) {
    this.values = values;
    this.links = { parents: new Map() };
    if (parent) this.links.parents.set('default', { priority: 1, layer: parent });
  }
  get(name) {
    return this.values[name] ?? this.links.parents.get('default')?.layer.get(name);
  }
}

let settings = new Layer(null, { theme: 'light' });

const server = http.createServer((request, response) => {
  settings = new Layer(settings, { theme: 'dark', from: request.url });
  response.end(settings.get('theme'));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
