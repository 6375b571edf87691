/** A stream key without its secret. `masked` shows the last four characters. */
export type StreamKey = {
  id: string;
  label: string;
  masked: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  isLive: boolean;
};

/** Only the owner's answer to issue and reveal carries the secret. */
export type RevealedStreamKey = { id: string; label: string; streamKey: string; rtmpUrl: string };
