/** A channel that is on the air, as anyone may see it. */
export type LiveChannel = {
  handle: string;
  displayName: string;
  title: string;
  startedAt: string;
  viewers: number;
  playlistUrl: string;
};
