import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/** Answers URLs that the router cannot decode, in the form of Nest's errors. It logs nothing: the client is at fault. */
export function refuseBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send({
    message: `the URL ${request.raw.url} is not percent-encoded UTF-8: encode the id with encodeURIComponent, and % as %25`,
    error: 'Bad Request',
    statusCode: 400,
  });
}

/** Answers bytes that Node cannot parse as a request, in the same form. There is no request object, only the socket. */
export function refuseBadRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [statusCode, reason, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [
          431,
          'Request Header Fields Too Large',
          'the URL and the headers are too long: a user id has at most 256 characters',
        ]
      : [
          400,
          'Bad Request',
          'this is not valid HTTP: encode what is not ASCII in a URL with encodeURIComponent',
        ];
  const body = JSON.stringify({ message, error: reason, statusCode });
  socket.end(
    `HTTP/1.1 ${statusCode} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
