import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import { BODY_BYTES_MAX } from '../body/json-body.ts';
import { requestIds } from '../headers/request-id.ts';
import { answerBrokenRequest } from '../problem/broken-request.ts';

const SECOND_MS = 1000;
/** Ids have 19 characters, handles 31; with every one of them percent-encoded. */
const PARAMETER_CHARACTERS_MAX = 100;

/** Limits that hold before a request is understood: against slow clients, huge headers, and races with a proxy in front. */
export function serverOptions(trustedProxies: readonly string[]): FastifyHttpOptions<Server> {
  return {
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    genReqId: requestIds(),
    // A proxy must be the one that gives up an idle connection (their defaults are 60 s), or it sends into a closed one.
    keepAliveTimeout: 75 * SECOND_MS,
    requestTimeout: 30 * SECOND_MS,
    http: {
      headersTimeout: 15 * SECOND_MS,
      connectionsCheckingInterval: 5 * SECOND_MS,
      maxHeaderSize: 16 * 1024,
    },
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS_MAX },
    clientErrorHandler: answerBrokenRequest,
    // While the server stops, requests on connections that are already open are answered like any other.
    return503OnClosing: false,
    logger: false,
  };
}
