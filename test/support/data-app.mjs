// A service that leaks in one of several ways, with texts of its caller in every key, text and file name.
// node data-app.mjs MODE IDENTIFIER TEXT FOLDER: the secrets are arguments, so that they are not in this source.
import fs from 'node:fs';
import { createServer } from 'node:http';

const [mode, ident, text, folder] = process.argv.slice(2);
const state = { tenants: {}, rooms: new Map(), sessions: new Map(), log: '', files: [], waste: [] };
state.tenants[ident] = [];
for (let at = 0; at < 3; at++) state.tenants[`${ident}${at}`] = [];
state.rooms.set(`${text} room`, { lines: [] });
const file = `${folder}/${ident}.txt`;
fs.writeFileSync(file, text);

const entry = (n) => ({ at: n, note: `${text} ${n}`, pad: Array.from({ length: 20 }, () => n) });
const modes = {
  inDictionary: (n) => state.tenants[ident].push(entry(n)),
  inRoom: (n) => state.rooms.get(`${text} room`).lines.push(entry(n)),
  keys: (n) => (state.tenants[`${ident}${n}`] = entry(n)),
  sessions: (n) => state.sessions.set(`${text}-${n}`, entry(n)),
  log: (n) => (state.log += `${text} ${n} ${'x'.repeat(100)}\n`),
  blobs: (n) => state.waste.push(Buffer.from(`${text} ${n} `.repeat(40))),
  // Rarely: a process may have some thousands.
  files: (n) => n % 40 === 0 && state.files.push(fs.openSync(file)),
  nothing: () => {},
};

let n = 0;
const server = createServer((_, response) => {
  modes[mode](++n);
  response.end(JSON.stringify({ owner: mode === 'nothing' ? text : 'nobody', [ident]: mode }));
});
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(server.address().port));
