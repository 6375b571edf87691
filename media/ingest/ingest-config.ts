import type { RejectReason } from "@/lib/media-contract/reasons";

/** How many and how long. Times in milliseconds. */
export type IngestLimits = {
  maxConnections: number;
  /** One IPv4 address, or one IPv6 /64. */
  maxConnectionsPerAddress: number;
  /** From the TCP connection to the end of the handshake. */
  handshakeMs: number;
  /** From the handshake to the connect command. */
  connectMs: number;
  /** From connect to publish. */
  publishMs: number;
  /** From publish to the verdict; the asker has a shorter deadline of its own. */
  verdictMs: number;
  /** From the acceptance to the first audio or video message. */
  firstMediaMs: number;
  /** Without any audio or video message. */
  silenceMs: number;
  /** How long a refused encoder may take to read why. */
  goodbyeMs: number;
  /** Kilobits a second, over ten seconds, headers included. */
  maxPublishKbps: number;
  /** From a peer that has not been accepted: until then an encoder has little to say. */
  maxBytesBeforePublishing: number;
};

export const defaultIngestLimits: IngestLimits = {
  maxConnections: 1000,
  maxConnectionsPerAddress: 200,
  handshakeMs: 5_000,
  connectMs: 5_000,
  publishMs: 10_000,
  verdictMs: 20_000,
  firstMediaMs: 15_000,
  silenceMs: 10_000,
  goodbyeMs: 1_000,
  maxPublishKbps: 60_000,
  maxBytesBeforePublishing: 1024 * 1024,
};

export type IngestConfig = {
  host: string;
  /** 0: any free port. */
  rtmpPort: number;
  /** Null: no RTMPS. The files are PEM and are read again when they change. */
  rtmps: { port: number; certPath: string; keyPath: string } | null;
  limits?: Partial<IngestLimits>;
};

/** Why a connection or a publisher was turned away. */
export type RefusalReason = RejectReason | "too-many-connections" | "too-many-connections-from-address";

/** Which limit or deadline a connection was ended for. */
export type CutReason =
  | "bit-rate-exceeded"
  | "too-much-before-publishing"
  | "no-handshake"
  | "no-connect-command"
  | "no-publish-command"
  | "no-verdict"
  | "no-media"
  | "no-farewell";
