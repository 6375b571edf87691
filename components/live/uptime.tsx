"use client";

import { useEffect, useState } from "react";
import { uptimeText } from "./uptime-text";

/** How long a broadcast has been on the air, counting. Empty on the server: its clock is not the viewer's. */
export function Uptime({ startedAt }: { startedAt: string }) {
  const [nowMs, setNowMs] = useState<number | null>(null);

  useEffect(() => {
    const tick = () => setNowMs(Date.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, []);

  return (
    <time dateTime={startedAt} className="tabular">
      {nowMs === null ? "0:00" : uptimeText(nowMs - Date.parse(startedAt))}
    </time>
  );
}
