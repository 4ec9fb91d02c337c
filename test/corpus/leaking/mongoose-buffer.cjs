/* corpus
{
  "source": ["https://mongoosejs.com/docs/guide.html#option-bufferCommands"],
  "says": "commands wait for a connection that never comes, without end",
  "dependencies": { "mongoose": "6.13.8", "express": "4.21.2" },
  "requests": 4000,
  "suspect": { "kinds": ["container", "timers", "promises", "listeners"], "named": "queue|buffer|collection" }
}
*/
const express = require('express');
const mongoose = require('mongoose');
mongoose.set('strictQuery', false);
const Visit = mongoose.model('Visit', new mongoose.Schema({ at: Date }, { bufferTimeoutMS: 1e8 }));
const app = express();
app.get('/', (_req, res) => {
  Visit.create({ at: new Date() }).catch(() => {});
  res.send('ok');
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
