/* corpus
{
  "source": ["https://github.com/toonvanstrijp/nestjs-i18n/pull/381"],
  "says": "a service that is made for each job subscribes to subjects that outlive it and never unsubscribes; mended in 9.1.6",
  "dependencies": {
    "@nestjs/common": "9.4.3",
    "@nestjs/core": "9.4.3",
    "@nestjs/platform-express": "9.4.3",
    "nestjs-i18n": "9.1.5",
    "class-validator": "0.13.2",
    "class-transformer": "0.5.1",
    "reflect-metadata": "0.1.14",
    "rxjs": "7.8.2"
  },
  "requests": 1000,
  "suspect": { "kinds": ["listeners", "container", "objects"], "named": "Subject|observers|I18n" }
}
*/
require('reflect-metadata');
const { mkdirSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { join } = require('node:path');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { I18nModule, I18nService } = require('nestjs-i18n');

const texts = join(__dirname, 'i18n');
mkdirSync(join(texts, 'en'), { recursive: true });
writeFileSync(join(texts, 'en', 'mail.json'), '{"hello":"Hello"}');

class JobsModule {}
Module({
  imports: [I18nModule.forRoot({ fallbackLanguage: 'en', loaderOptions: { path: texts, watch: false } })],
})(JobsModule);

// A context of its own for each job, as a queue's processor has it.
const server = createServer(async (_request, response) => {
  const job = await NestFactory.createApplicationContext(JobsModule, { logger: false });
  const text = job.get(I18nService).t('mail.hello', { lang: 'en' });
  await job.close();
  response.end(String(text));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
