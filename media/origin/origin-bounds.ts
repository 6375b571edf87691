/** How much of the origin viewers may hold at once. */
export type OriginBounds = {
  maxConnections: number;
  /** Of one IPv4 address or one IPv6 /64; not applied behind a proxy, whose address they all have. */
  maxConnectionsPerAddress: number;
  /** Requests held for what comes next. */
  maxWaiting: number;
  maxWaitingPerAddress: number;
  /** Until a request is whole, from the connection or from the end of the one before, in milliseconds. */
  requestMs: number;
  /** How long an answer may stand still because its viewer does not read, in milliseconds. */
  patienceMs: number;
  /** Every request comes through one proxy: the viewer is whom the last entry of X-Forwarded-For names. */
  isProxied: boolean;
};

/** A low-latency player has one or two connections and holds one or two requests: a thousand of them may share an address. */
export const defaultOriginBounds: OriginBounds = {
  maxConnections: 16_000,
  maxConnectionsPerAddress: 4_000,
  maxWaiting: 10_000,
  maxWaitingPerAddress: 2_000,
  requestMs: 10_000,
  patienceMs: 30_000,
  isProxied: false,
};
