import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

/**
 * `curl http://…/users/张伟` sends the bytes of the name as they are, which HTTP forbids and everybody does. They
 * stand for what their percent-encoding stands for, so that there is one way to read a URL.
 */
export function percentEncodeRawBytes(request: { url?: string }): string {
  const url = request.url ?? '/';
  return RAW_BYTE.test(url) ? url.replaceAll(RAW_BYTES, encodeByte) : url;
}

const RAW_BYTE = /[\x80-\xff]/;
const RAW_BYTES = /[\x80-\xff]/g;
// Node hands over the bytes of a URL as Latin-1: a character is a byte.
const encodeByte = (byte: string): string => `%${byte.charCodeAt(0).toString(16)}`;

/** What the router itself refuses, in the form of Nest's other errors. No stack, no log: it is the client's mistake. */
export function refuseBadUrl(_error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  void reply.code(400).send({
    message: `the URL ${request.raw.url} is not percent-encoded UTF-8: encode the id with encodeURIComponent, % as %25`,
    error: 'Bad Request',
    statusCode: 400,
  });
}
