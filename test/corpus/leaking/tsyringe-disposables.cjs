/* corpus
{
  "source": ["https://github.com/microsoft/tsyringe/issues/285"],
  "says": "the container remembers everything it made that can be disposed of, also what is transient",
  "dependencies": { "tsyringe": "4.8.0", "reflect-metadata": "0.2.2", "express": "4.21.2" },
  "suspect": { "kinds": ["container", "objects"], "named": "disposables|DependencyContainer|UnitOfWork" }
}
*/
require('reflect-metadata');
const express = require('express');
const { container, injectable } = require('tsyringe');

class Database {
  begin() {
    return { startedAt: Date.now(), statements: [] };
  }
}

let UnitOfWork = class UnitOfWork {
  constructor(database) {
    this.transaction = database.begin();
  }
  run(statement) {
    this.transaction.statements.push(statement);
    return this.transaction.statements.length;
  }
  dispose() {
    this.transaction = null;
  }
};
Reflect.defineMetadata('design:paramtypes', [Database], UnitOfWork);
UnitOfWork = injectable()(UnitOfWork) ?? UnitOfWork;

container.registerSingleton(Database);

const app = express();
app.get('/', (request, response) => {
  const work = container.resolve(UnitOfWork);
  const statements = work.run(`select * from orders where ip = '${request.ip}'`);
  work.dispose();
  response.json({ statements });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
