"use client";

import Link from "next/link";
import { type ReactNode, useState } from "react";
import { preparePlayback } from "@/components/player/load-hls";

type WatchLinkProps = { handle: string; className: string; children: ReactNode };

/** A link to a live channel. Who points at it will likely watch: the page and the player are fetched then, and not before. */
export function WatchLink({ handle, className, children }: WatchLinkProps) {
  const [isLikely, setIsLikely] = useState(false);
  const expect = () => {
    setIsLikely(true);
    preparePlayback();
  };
  return (
    <Link
      href={`/c/${handle}`}
      prefetch={isLikely ? true : null}
      onPointerEnter={expect}
      onTouchStart={expect}
      onFocus={expect}
      className={className}
    >
      {children}
    </Link>
  );
}
