"use client";

import { useEffect, useState } from "react";
import { followEvents } from "./follow-events";

/**
 * The newest data of one named server-sent event; before the first, what the page was rendered with.
 * Same-origin answers of the portal's own API: their shape is the caller's to know.
 */
export function useEvents<Data>(url: string, eventName: string, rendered: Data): { data: Data; isLost: boolean } {
  const [data, setData] = useState(rendered);
  const [isLost, setIsLost] = useState(false);

  useEffect(
    () =>
      followEvents(url, eventName, {
        said: (said) => setData(said as Data),
        connection: (state) => setIsLost(state === "lost"),
      }),
    [url, eventName],
  );

  return { data, isLost };
}
