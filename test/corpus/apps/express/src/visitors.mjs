const visitors = new Map();

/** A middleware that counts visitors. */
export function countVisitors(request, response, next) {
  const visitor = request.get('x-visitor') ?? request.path;
  //leak visitors.set(visitor, { at: Date.now(), url: request.url });
  response.set('x-visitors', `${visitors.size} of ${visitor}`);
  next();
}
