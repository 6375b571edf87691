import { until } from "@/tests/support/until";
import type { MeasuredChannel } from "./measured-server";

const LIVE_TIMEOUT_MS = 30_000;

/** Waits until the channel's playlist lists something to play. @throws Error when it does not within 30 s */
export async function untilLive({ name, playlistUrl }: MeasuredChannel): Promise<void> {
  const lists = async () => {
    const answer = await fetch(playlistUrl, { signal: AbortSignal.timeout(5_000) });
    const text = await answer.text();
    return answer.ok && /^#(EXTINF|EXT-X-STREAM-INF)/m.test(text);
  };
  await until(`channel ${name} live`, lists, { timeoutMs: LIVE_TIMEOUT_MS, everyMs: 100 });
}
