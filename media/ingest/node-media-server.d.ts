/** The part of node-media-server 4.4.3's protocol class that `rtmp-session.ts` drives or overrides. The package has no types of its own. */
declare module "node-media-server/src/protocol/rtmp.js" {
  export default class Rtmp {
    /** 0: nothing came; 1: C0 came; 2: C1 came and S0 S1 S2 were sent; 3: done. */
    handshakeState: number;
    /** Raised by `respondCreateStream`, which answers with it. */
    streams: number;
    /** Message stream that status messages about publishing go to. */
    streamId: number;
    objectEncoding: number;
    onOutputCallback: (bytes: Buffer) => void;
    /** Reads the handshake itself and hands everything behind it to `chunkRead`. */
    parserData(data: Buffer): string | null;
    chunkRead(data: Buffer, offset: number, sizeBytes: number): string | null;
    sendACK(sequenceNumber: number): void;
    sendWindowACK(sizeBytes: number): void;
    setPeerBandwidth(sizeBytes: number, limitType: number): void;
    setChunkSize(sizeBytes: number): void;
    sendStreamStatus(eventType: number, messageStreamId: number): void;
    /** Text must be ASCII: the encoder writes the count of characters as the count of bytes. */
    sendStatusMessage(messageStreamId: number, level: string, code: string, description: string): void;
    respondConnect(transactionId: number): void;
    respondCreateStream(transactionId: number): void;
  }
}
