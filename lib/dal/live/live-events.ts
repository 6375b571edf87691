import "server-only";
import { AppError } from "@/lib/app-error";
import { ChangeListener } from "@/lib/db/change-listener";
import { readChannel, type StateRow } from "./read-channel-state";
import { type LiveRow, readLive } from "./read-live";
import { Topic } from "./topic";

const MOST_SUBSCRIBERS = 10_000;

/**
 * What changes, for every open page of this process: one LISTEN connection, one query a change however many pages watch.
 * Ends on `close`; a process has one (`liveEvents`).
 */
class LiveEvents {
  private readonly live = new Topic<LiveRow[]>(readLive);
  private readonly channels = new Map<string, Topic<StateRow | null>>();
  private listener: ChangeListener | null = null;
  private subscribers = 0;
  private isClosed = false;

  /** `heard` gets the list now and at each change; the answer ends that. @throws AppError too-many-requests */
  subscribeLive(heard: (rows: LiveRow[]) => void): () => void {
    return this.count(this.live.subscribe(heard));
  }

  /** `heard` gets the channel's state now and at each change; the answer ends that. @throws AppError too-many-requests */
  subscribeChannel(handle: string, heard: (state: StateRow | null) => void): () => void {
    const topic = this.channels.get(handle) ?? new Topic(async () => (await readChannel(handle))?.state ?? null);
    this.channels.set(handle, topic);
    const unsubscribe = topic.subscribe(heard);
    return this.count(() => {
      unsubscribe();
      if (topic.isUnused) this.channels.delete(handle);
    });
  }

  /** Every subscriber is forgotten and the connection ended. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const topic of [this.live, ...this.channels.values()]) topic.close();
    await this.listener?.stop();
  }

  private count(unsubscribe: () => void): () => void {
    if (this.subscribers >= MOST_SUBSCRIBERS || this.isClosed) {
      unsubscribe();
      throw new AppError("too-many-requests");
    }
    this.subscribers += 1;
    this.listener ??= new ChangeListener({
      changed: (handle) => this.refresh(handle),
      listening: () => this.refreshAll(),
    });
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.subscribers -= 1;
      unsubscribe();
    };
  }

  private refresh(handle: string): void {
    this.live.refresh();
    this.channels.get(handle)?.refresh();
  }

  private refreshAll(): void {
    this.live.refresh();
    for (const topic of this.channels.values()) topic.refresh();
  }
}

// Next evaluates this module once for each bundle that needs it; the connection must be one.
const holder = globalThis as { livehouseEvents?: LiveEvents };

/** The one source of events of this process. */
export function liveEvents(): LiveEvents {
  holder.livehouseEvents ??= new LiveEvents();
  return holder.livehouseEvents;
}

/** Ends it, for shutdown and tests. */
export async function closeLiveEvents(): Promise<void> {
  const events = holder.livehouseEvents;
  delete holder.livehouseEvents;
  await events?.close();
}
