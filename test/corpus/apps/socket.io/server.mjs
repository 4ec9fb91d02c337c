import { createServer } from 'node:http';
import express from 'express';
import { Server } from 'socket.io';

const app = express();
const server = createServer(app);
const io = new Server(server);
io.sockets.setMaxListeners(0);

io.on('connection', (socket) => socket.emit('welcome'));
app.get('/rooms/:name', (request, response) => {
  const announce = (socket) => socket.emit('room', request.params.name);
  //leak io.on('connection', announce);
  response.json({ room: request.params.name, announced: announce.length });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
