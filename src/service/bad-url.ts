import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** What the router itself refuses, in the form of Nest's other errors. No stack, no log: it is the client's mistake. */
export function refuseBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send({
    message: `the URL ${request.raw.url} is not percent-encoded UTF-8: encode the id with encodeURIComponent, % as %25`,
    error: 'Bad Request',
    statusCode: 400,
  });
}
