import { systemActor } from "@/lib/auth/actor";
import { type Command, word } from "./command";

export const liveCommands: Command[] = [
  {
    name: "live list",
    positionals: [],
    options: {},
    required: [],
    usage: "",
    summary: "who is on the air",
    run: async () => {
      const { listLiveSessions } = await import("@/lib/dal/live/list-live-sessions");
      return listLiveSessions(systemActor);
    },
  },
  {
    name: "live disconnect",
    positionals: ["LIVE_SESSION_ID"],
    options: {},
    required: [],
    usage: "LIVE_SESSION_ID",
    summary: "ends a broadcast at once",
    run: async (words) => {
      const { disconnectLiveSession } = await import("@/lib/dal/live/disconnect-live-session");
      const liveSessionId = word(words, "LIVE_SESSION_ID");
      await disconnectLiveSession(systemActor, { liveSessionId });
      return { liveSessionId, isDisconnected: true };
    },
  },
];
