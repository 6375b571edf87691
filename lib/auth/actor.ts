/** Where a call comes from. */
export type Caller = {
  /** The caller's address, null when it can't be known; for rate limits and the audit. */
  address: string | null;
  /** The name by which the caller reached us; addresses shown to it are built from it. */
  hostName: string;
};

export type Visitor = Caller & { kind: "visitor" };
export type SignedIn = Caller & {
  kind: "user";
  userId: string;
  handle: string;
  role: "user" | "admin";
  sessionVersion: number;
};
/** The media process, after its signature was checked. */
export type Media = Caller & { kind: "media" };
/** The command line and start-up only. */
export type System = Caller & { kind: "system" };

/** Who is calling. Every verb of `lib/dal` takes one first and decides by it. */
export type Actor = Visitor | SignedIn | Media | System;

export const systemActor: System = { kind: "system", address: null, hostName: "127.0.0.1" };
