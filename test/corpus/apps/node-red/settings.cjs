module.exports = {
  uiPort: Number(process.env.PORT),
  uiHost: '127.0.0.1',
  httpAdminRoot: false,
  flowFile: 'flows.json',
  credentialSecret: false,
  logging: { console: { level: 'warn' } },
};
