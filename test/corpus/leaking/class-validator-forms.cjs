/* corpus
{
  "source": ["https://github.com/MichalLytek/type-graphql/issues/580", "https://github.com/typestack/class-validator/issues/2540"],
  "says": "a class made for each request, after a form's definition: its rules are kept in the storage of the process, and with them the class, and a validator for each in the default container",
  "dependencies": { "class-validator": "0.14.1", "express": "4.21.2" },
  "requests": 2000,
  "suspect": { "kinds": ["container", "objects", "closures"], "named": "validationMetadatas|constraintMetadatas|MetadataStorage|defaultContainer|\\binstances\\b|class-validator" }
}
*/
const { IsInt, IsString, Min, validateSync } = require('class-validator');
const express = require('express');

const definition = { name: [IsString()], age: [IsInt(), Min(18)] };

function formOf(fields) {
  class Form {}
  for (const [field, rules] of Object.entries(fields)) {
    for (const rule of rules) rule(Form.prototype, field);
  }
  return Form;
}

const app = express();
app.get('/', (_request, response) => {
  const Form = formOf(definition);
  const errors = validateSync(Object.assign(new Form(), { name: 'Ada', age: 36 }));
  response.json({ valid: errors.length === 0 });
});
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
