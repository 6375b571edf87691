"use client";

import { useState } from "react";
import type { FormCode, FormOutcome } from "@/lib/app-error";
import type { RevealedStreamKey } from "@/lib/dal/stream-key/stream-key";

export type RevealKey = (streamKeyId: string) => Promise<FormOutcome<{ key: RevealedStreamKey }>>;

/** One key's secret, fetched when it is first shown or copied and not before. */
export function useSecret(streamKeyId: string, reveal: RevealKey) {
  const [secret, setSecret] = useState<string | null>(null);
  const [isShown, setIsShown] = useState(false);
  const [fault, setFault] = useState<FormCode | null>(null);

  const read = async (): Promise<string> => {
    if (secret) return secret;
    const outcome = await reveal(streamKeyId);
    if (outcome.kind === "invalid") {
      setFault(outcome.form ?? "unexpected");
      throw new Error(outcome.form ?? "unexpected");
    }
    setFault(null);
    setSecret(outcome.key.streamKey);
    return outcome.key.streamKey;
  };
  // A refusal is shown by `fault`.
  const toggle = () =>
    isShown
      ? setIsShown(false)
      : void read().then(
          () => setIsShown(true),
          () => undefined,
        );

  return { shown: isShown ? secret : null, isShown: isShown && secret !== null, fault, read, toggle };
}
