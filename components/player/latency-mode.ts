import { type LatencySettings, lowLatency, normalLatency } from "./latency-controller";

/** As near to live as the network allows, or a few seconds behind and calmer. */
export type LatencyMode = "low" | "normal";

export const latencySettings: Record<LatencyMode, LatencySettings> = { low: lowLatency, normal: normalLatency };

const storageKey = "livehouse.latency";

/** The choice of this browser. */
export function rememberedLatencyMode(): LatencyMode {
  try {
    return localStorage.getItem(storageKey) === "normal" ? "normal" : "low";
  } catch {
    // A frame of another site may have no storage: then every visit starts anew.
    return "low";
  }
}

export function rememberLatencyMode(mode: LatencyMode): void {
  try {
    localStorage.setItem(storageKey, mode);
  } catch {
    // As above: the choice lasts as long as the page.
    return;
  }
}
