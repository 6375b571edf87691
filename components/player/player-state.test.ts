import { describe, expect, it } from "vitest";
import type { EndReason } from "@/lib/media-contract/reasons";
import {
  type ChannelReport,
  firstPlayerState,
  nextPlayerState,
  type PlayerEvent,
  type PlayerState,
} from "./player-state";

const says = (state: ChannelReport["state"], endReason: EndReason | null = null): ChannelReport => ({
  state,
  startedAt: null,
  endReason,
  endedAt: null,
});
const reported = (state: ChannelReport["state"], endReason: EndReason | null = null): PlayerEvent => ({
  kind: "channel-reported",
  report: says(state, endReason),
});
const moved: PlayerEvent = { kind: "picture-moved" };
const stalled: PlayerEvent = { kind: "picture-stalled" };
const failed = (fault: "codec" | "network" | "media"): PlayerEvent => ({ kind: "playback-failed", fault });
const stateOf = (...events: PlayerEvent[]): PlayerState =>
  events.reduce(nextPlayerState, firstPlayerState(says("offline")));

describe("player state", () => {
  it("is offline, and loads nothing, on a channel whose last broadcast is over", () => {
    expect(firstPlayerState(says("offline", "encoder-stopped"))).toMatchObject({
      phase: "offline",
      endReason: null,
      wantsPlayback: false,
    });
  });

  it.each(["live", "reconnecting"] as const)("loads at once on a channel that is %s", (state) => {
    expect(firstPlayerState(says(state))).toMatchObject({ phase: state, wantsPlayback: true });
    expect(stateOf(reported(state))).toMatchObject({ phase: state, wantsPlayback: true });
  });

  it("loads a channel that is starting when it is live, and once", () => {
    const starting = stateOf(reported("starting"), reported("starting"));
    expect(starting).toMatchObject({ phase: "starting", wantsPlayback: false, loadNumber: 0 });
    const live = nextPlayerState(starting, reported("live"));
    expect(live).toMatchObject({ phase: "live", wantsPlayback: true, loadNumber: 1 });
  });

  it("starts afresh when a new broadcast begins while the last one still plays out", () => {
    const draining = stateOf(reported("live"), moved, reported("offline", "encoder-stopped"));
    const again = [reported("starting"), reported("live")].reduce(nextPlayerState, draining);
    expect(again).toMatchObject({ phase: "live", wantsPlayback: true, loadNumber: 2, hasPicture: false });
  });

  it("keeps the picture while the encoder is away, and goes on when it is back", () => {
    const away = stateOf(reported("live"), moved, reported("reconnecting"), stalled);
    expect(away).toMatchObject({ phase: "reconnecting", hasPicture: true, isPlaying: false, wantsPlayback: true });
    expect([reported("live"), moved].reduce(nextPlayerState, away)).toMatchObject({ phase: "live", isPlaying: true });
  });

  it.each(["key-revoked", "owner-banned", "ended-by-administrator"] as const)(
    "takes the picture at once on %s",
    (end) => {
      expect(stateOf(reported("live"), moved, reported("offline", end))).toMatchObject({
        phase: "ended",
        endReason: end,
        wantsPlayback: false,
        hasPicture: false,
      });
    },
  );

  it("plays a broadcast that its streamer stopped to its last frame", () => {
    const draining = stateOf(reported("live"), moved, reported("offline", "encoder-stopped"));
    expect(draining).toMatchObject({ phase: "live", isDraining: true, wantsPlayback: true });
    expect(nextPlayerState(draining, { kind: "buffer-drained" })).toMatchObject({
      phase: "ended",
      endReason: "encoder-stopped",
      wantsPlayback: false,
    });
  });

  it("has nothing to play out when the picture had stopped before the end", () => {
    expect(stateOf(reported("live"), moved, stalled, reported("offline", "encoder-lost")).phase).toBe("ended");
    expect(stateOf(reported("live"), reported("offline", "encoder-stopped")).phase).toBe("ended");
  });

  it("goes live by itself after an end, also while the last broadcast still plays out", () => {
    const ended = stateOf(reported("live"), moved, reported("offline", "key-revoked"), reported("live"));
    const draining = stateOf(reported("live"), moved, reported("offline", "encoder-stopped"), reported("live"));
    const fresh = { phase: "live", endReason: null, wantsPlayback: true, hasPicture: false, isDraining: false };
    expect(ended).toMatchObject(fresh);
    expect(draining).toMatchObject(fresh);
    expect([ended.loadNumber, draining.loadNumber]).toEqual([2, 2]);
  });

  it("says that the network is lost, goes on trying, and forgets it with the next moving picture", () => {
    const lost = stateOf(reported("live"), moved, failed("network"));
    expect(lost).toMatchObject({ phase: "error", fault: "network", wantsPlayback: true });
    expect(nextPlayerState(lost, reported("live"))).toMatchObject({ phase: "error", fault: "network" });
    expect(nextPlayerState(lost, moved)).toMatchObject({ phase: "live", fault: null, isPlaying: true });
  });

  it("does not call a missing playlist an error while the encoder is away", () => {
    expect(stateOf(reported("reconnecting"), failed("network"))).toMatchObject({
      phase: "reconnecting",
      fault: null,
      wantsPlayback: true,
    });
  });

  it("says what the browser can't decode until the encoder sends something else, or the broadcast ends", () => {
    const undecodable = stateOf(reported("live"), failed("codec"));
    expect(undecodable).toMatchObject({ phase: "error", fault: "codec", wantsPlayback: true });
    for (const said of ["reconnecting", "live"] as const) {
      expect(nextPlayerState(undecodable, reported(said))).toBe(undecodable);
    }
    expect(nextPlayerState(undecodable, moved)).toMatchObject({ phase: "live", fault: null, hasPicture: true });
    const next = [reported("offline", "encoder-stopped"), reported("live")].reduce(nextPlayerState, undecodable);
    expect(next).toMatchObject({ phase: "live", fault: null, loadNumber: 2 });
  });

  it("renders nothing for an event that changes nothing", () => {
    const playing = stateOf(reported("live"), moved);
    for (const event of [moved, reported("live"), { kind: "buffer-drained" } as const]) {
      expect(nextPlayerState(playing, event)).toBe(playing);
    }
    const offline = stateOf();
    for (const event of [moved, stalled, failed("network"), reported("offline", "encoder-lost")]) {
      expect(nextPlayerState(offline, event)).toBe(offline);
    }
  });
});
