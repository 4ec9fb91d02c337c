/* corpus
{
  "says": "a WebSocket is opened and closed for each request, and its session can be resumed for nine hundred milliseconds: a timer each, cleared by who does",
  "dependencies": { "ws": "8.18.0", "express": "4.21.2" }
}
*/
const { randomUUID } = require('node:crypto');
const { EventEmitter } = require('node:events');
const express = require('express');
const { WebSocket, WebSocketServer } = require('ws');

const RESUMABLE_MS = 900;
const sessions = new Map();
const news = new EventEmitter().setMaxListeners(0);

const app = express();
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
const sockets = new WebSocketServer({ server, path: '/socket' });
sockets.on('connection', (socket, request) => {
  const asked = new URL(request.url, 'ws://localhost').searchParams.get('session');
  const session = sessions.get(asked) ?? { id: randomUUID(), inbox: [], forget: undefined };
  clearTimeout(session.forget);
  sessions.set(session.id, session);
  const onNews = (item) => {
    session.inbox.push(item);
    if (session.inbox.length > 10) session.inbox.shift();
  };
  news.on('item', onNews);
  socket.on('message', (message) => {
    news.emit('item', String(message));
    socket.send(JSON.stringify({ session: session.id, inbox: session.inbox.length }));
  });
  socket.on('close', () => {
    news.off('item', onNews);
    session.forget = setTimeout(() => sessions.delete(session.id), RESUMABLE_MS);
  });
});

let last = '';
app.get('/', (_request, response, next) => {
  const query = Math.random() < 0.2 ? `?session=${last}` : '';
  const socket = new WebSocket(`ws://127.0.0.1:${server.address().port}/socket${query}`);
  socket.once('error', next);
  socket.once('open', () => socket.send(`news ${randomUUID()}`));
  socket.once('message', (message) => {
    const answer = JSON.parse(String(message));
    last = answer.session;
    socket.once('close', () => response.json(answer));
    socket.close();
  });
});
