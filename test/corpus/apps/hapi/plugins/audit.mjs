class AuditTrail {
  entries = [];

  record(entry) {
    //leak this.entries.push(entry);
    return this.entries.length;
  }
}

export const audit = {
  name: 'audit',
  register(server) {
    const trail = new AuditTrail();
    server.ext('onPreResponse', (request, h) => {
      const recorded = trail.record({ path: request.path, at: request.info.received, id: request.info.id });
      request.response.header?.('x-recorded', String(recorded));
      return h.continue;
    });
  },
};
