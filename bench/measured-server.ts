/** One channel of a server that is measured. */
export type MeasuredChannel = {
  name: string;
  /** Where an encoder publishes, stream key included. */
  publishUrl: string;
  playlistUrl: string;
  /** The page with the `<video>`. */
  pageUrl: string;
};

/** What is measured: Livehouse or the reference. */
export interface MeasuredServer {
  readonly name: "livehouse" | "reference";
  /** The page with a link to each live channel. */
  readonly homeUrl: string;
  /** Root of the process tree that takes RTMP and gives HLS. */
  readonly processId: number;
  /** Root of everything that belongs to it, where that is more. */
  readonly wholeProcessId: number | null;
  /** A channel that nobody has published to yet. @throws Error when more are asked for than it was started with */
  nextChannel(): MeasuredChannel;
  /** What it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}
