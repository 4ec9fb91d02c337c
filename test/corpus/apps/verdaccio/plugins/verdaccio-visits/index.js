class Visits {
  visits = [];

  register_middlewares(app) {
    app.use((request, response, next) => {
      const visit = { url: request.url, at: Date.now(), address: request.ip };
      //leak this.visits.push(visit);
      response.set('x-visits', `${this.visits.length} ${visit.url}`);
      next();
    });
  }
}

module.exports = () => new Visits();
