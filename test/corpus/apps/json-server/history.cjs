const history = [];

module.exports = (request, response, next) => {
  const asked = { method: request.method, url: request.url, at: Date.now() };
  //leak history.push(asked);
  response.set('x-asked', `${history.length} ${asked.method}`);
  next();
};
