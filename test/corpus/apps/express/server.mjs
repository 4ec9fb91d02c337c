import express from 'express';
import { countVisitors } from './src/visitors.mjs';

const app = express();
app.use(countVisitors);
app.get('/items/:id', (request, response) => {
  response.json({ id: request.params.id, text: 'an item'.repeat(10) });
});
app.listen(Number(process.env.PORT), '127.0.0.1');
