/* corpus
{
  "says": "layers of settings as long as a chain, which are flattened into one when there are two hundred"
}
*/
const http = require('node:http');

class Layer {
  constructor(parent, values) {
    this.values = values;
    this.depth = parent ? parent.depth + 1 : 1;
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
  if (settings.depth > 200) settings = new Layer(null, { theme: settings.get('theme'), from: request.url });
  response.end(settings.get('theme'));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
