"use client";

import { useFormatter, useNow } from "next-intl";

/** A moment relative to now ("3 minutes ago"), kept up to date. */
export function useAgo(): (at: string) => string {
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  return (at) => format.relativeTime(new Date(Math.min(Date.parse(at), now.getTime())), now);
}

export function Ago({ at }: { at: string }) {
  const ago = useAgo();
  return (
    <time dateTime={at} suppressHydrationWarning>
      {ago(at)}
    </time>
  );
}
