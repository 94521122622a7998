/** A part of the driver that it does not export. */
declare module 'cassandra-driver/lib/stream-id-stack.js' {
  export default class StreamIdStack {
    constructor(protocolVersion: number);
    /** How many ids are taken. */
    inUse: number;
    /** Takes a free id: that of a request from when it is sent until it is answered. Null: all are taken. */
    pop: (this: StreamIdStack) => number | null;
    /** Frees an id. */
    push: (this: StreamIdStack, id: number) => void;
  }
}
