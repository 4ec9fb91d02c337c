import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** What the router itself refuses, in the form of Nest's other errors. No stack, no log: it is the client's mistake. */
export function refuseBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send({
    message: `the URL ${request.raw.url} is not percent-encoded UTF-8: encode the id with encodeURIComponent, % as %25`,
    error: 'Bad Request',
    statusCode: 400,
  });
}

/** What Node itself cannot read as a request, so that there is no request to answer: in the same form. */
export function refuseBadRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [statusCode, reason, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [
          431,
          'Request Header Fields Too Large',
          'URL and headers are too long: a user id has at most 256 characters',
        ]
      : [400, 'Bad Request', 'this is not HTTP: encode what is not ASCII in a URL with encodeURIComponent'];
  const body = JSON.stringify({ message, error: reason, statusCode });
  socket.end(
    `HTTP/1.1 ${statusCode} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
