/* corpus
{
  "source": ["https://github.com/apollographql/graphql-tag/issues/356", "https://github.com/apollographql/graphql-tag/issues/182"],
  "says": "every document ever parsed stays in a Map whose key is its text, and this one has the customer's id in its text",
  "dependencies": { "graphql-tag": "2.12.6", "graphql": "16.8.1" },
  "requests": 6000,
  "suspect": { "kinds": ["container"], "named": "docCache|graphql-tag|\\bgql\\b" }
}
*/
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { buildSchema, execute } from 'graphql';
import { gql } from 'graphql-tag';

const schema = buildSchema(
  'type Customer { id: ID! name: String! } type Query { customer(id: ID!): Customer }',
);
const rootValue = { customer: ({ id }) => ({ id, name: 'Ada' }) };

function customerQuery(id) {
  return gql`
    query {
      customer(id: "${id}") {
        id
        name
      }
    }
  `;
}

const server = createServer(async (_request, response) => {
  const result = await execute({ schema, rootValue, document: customerQuery(randomUUID()) });
  response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
