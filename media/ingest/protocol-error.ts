/** Everything an RTMP peer can do that ends its connection. Closed list: these are the labels of a metric. */
export const protocolErrorCodes = [
  "handshake-version",
  "chunk-without-header",
  "chunk-streams-exceeded",
  "chunk-size-malformed",
  "control-malformed",
  "message-interrupted",
  "message-too-large",
  "in-flight-exceeded",
  "amf-malformed",
  "amf-too-deep",
  "amf-too-many-values",
  "connect-malformed",
  "connect-twice",
  "command-before-connect",
  "publish-malformed",
  "publish-twice",
  "play-refused",
  "media-before-publish",
  "output-not-read",
  "internal-error",
] as const;

export type ProtocolErrorCode = (typeof protocolErrorCodes)[number];

/** Thrown while a peer's bytes are read; caught once, in `rtmp-connection.ts`, where it ends that connection and no other. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  constructor(readonly code: ProtocolErrorCode) {
    super(code);
  }
}
