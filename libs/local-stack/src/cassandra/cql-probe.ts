import { type Socket, connect } from 'node:net';

export const Consistency = { one: 0x0001, all: 0x0005 } as const;

const Opcode = { startup: 0x01, ready: 0x02, query: 0x07, result: 0x08 } as const;
const HEADER_BYTES = 9;

export interface CqlAddress {
  readonly host: string;
  readonly nativePort: number;
}

/**
 * Whether a node answers a query with a result, by the native protocol, version 4. Just enough of it to see that a node is
 * ready: what starts a Cassandra runs below the engine that uses one. Rejects when nobody listens.
 */
export async function answersCql(
  { host, nativePort }: CqlAddress,
  query: string,
  consistency: number,
  timeoutMs = 5000,
) {
  const socket = connect(nativePort, host);
  try {
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no answer in time')));
    if ((await ask(socket, Opcode.startup, startupBody())) !== Opcode.ready) return false;
    return (await ask(socket, Opcode.query, queryBody(query, consistency))) === Opcode.result;
  } finally {
    socket.destroy();
  }
}

/** The opcode of the answer. */
function ask(socket: Socket, opcode: number, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (received.length < HEADER_BYTES || received.length < HEADER_BYTES + received.readUInt32BE(5)) return;
      socket.off('data', onData);
      resolve(received.readUInt8(4));
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.write(frame(opcode, body));
  });
}

/** Version 4, no flags, stream 0. */
function frame(opcode: number, body: Buffer): Buffer {
  const header = Buffer.from([0x04, 0, 0, 0, opcode, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

function startupBody(): Buffer {
  const string = (text: string) => Buffer.concat([uint16(text.length), Buffer.from(text)]);
  return Buffer.concat([uint16(1), string('CQL_VERSION'), string('3.0.0')]);
}

/** A long string, the consistency, and no flags. */
function queryBody(query: string, consistency: number): Buffer {
  const text = Buffer.from(query);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, uint16(consistency), Buffer.from([0])]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}
