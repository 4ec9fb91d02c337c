/* corpus
{
  "says": "clients write their values into the queries, so each document is new: parsed ones are kept, fifteen hundred at most; a DataLoader for each request",
  "dependencies": { "graphql": "16.9.0", "dataloader": "2.2.3", "lru.min": "1.1.1", "express": "4.21.2" }
}
*/
const { randomInt } = require('node:crypto');
const DataLoader = require('dataloader');
const express = require('express');
const { buildSchema, execute, parse, validate } = require('graphql');
const { createLRU } = require('lru.min');

const schema = buildSchema(`
  type Author { id: ID! name: String! }
  type Book { id: ID! title: String! author: Author! }
  type Query { book(id: ID!): Book books(first: Int!, after: ID!): [Book!]! }
`);
const documents = createLRU({ max: 1_500 });
function documentOf(source) {
  let document = documents.get(source);
  if (!document) {
    document = parse(source);
    const errors = validate(schema, document);
    if (errors.length > 0) throw errors[0];
    documents.set(source, document);
  }
  return document;
}
const bookOf = (id) => ({
  id,
  title: `Book ${id}`,
  author: (_arguments, { authors }) => authors.load(Number(id) % 100),
});
const root = {
  book: ({ id }) => bookOf(id),
  books: ({ first, after }) => Array.from({ length: first }, (_, at) => bookOf(Number(after) + at)),
};

const app = express();
app.get('/', async (_request, response) => {
  const id = randomInt(2 ** 32);
  const source = `{ book(id: "${id}") { id title author { name } } books(first: 5, after: "${id}") { title author { id name } } }`;
  const authors = new DataLoader(async (ids) =>
    ids.map((author) => ({ id: author, name: `Author ${author}` })),
  );
  response.json(
    await execute({ schema, document: documentOf(source), rootValue: root, contextValue: { authors } }),
  );
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
