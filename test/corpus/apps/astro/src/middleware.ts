import { remember } from './visitors';

export const onRequest = (context: any, next: () => Promise<Response>) => {
  context.locals.visitors = remember(context.url.pathname);
  return next();
};
