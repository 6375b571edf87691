import "server-only";

const HEARTBEAT_MS = 15_000;
/** A browser comes back by itself after this end; nothing stays open for ever. */
const LONGEST_MS = 30 * 60_000;
/** Longest that a client may take nothing while something waits for it. */
const STALLED_MS = 60_000;

type Start<T> = (heard: (value: T) => void) => (() => void) | Promise<() => void>;

const openStreams = globalThis as { livehouseStreams?: Set<() => void> };

/** Ends every open event stream of this process, for its shutdown. */
export function endEventStreams(): void {
  for (const end of [...(openStreams.livehouseStreams ?? [])]) end();
}

/**
 * Answers with server-sent events of one name. Every event is the whole state, so a slow reader gets the newest one and
 * never a queue. `start` subscribes; what it answers ends that. @throws what `start` throws, before anything is sent
 */
export async function eventStream<T>(name: string, signal: AbortSignal, start: Start<T>): Promise<Response> {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let waiting: string | null = null;
  let waitingSince = 0;
  let isOver = false;

  const flush = () => {
    if (isOver || waiting === null || !controller || (controller.desiredSize ?? 0) <= 0) return;
    const event = waiting;
    // First: `enqueue` may call `pull`, that is this function again, before it returns.
    waiting = null;
    controller.enqueue(encoder.encode(event));
  };
  const unsubscribe = await start((value) => {
    waitingSince = waiting === null ? performance.now() : waitingSince;
    waiting = `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
    flush();
  });
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearInterval(heartbeat);
    clearTimeout(longest);
    signal.removeEventListener("abort", end);
    openStreams.livehouseStreams?.delete(end);
    unsubscribe();
    controller?.close();
  };
  const heartbeat = setInterval(() => {
    if (waiting !== null && performance.now() - waitingSince > STALLED_MS) return end();
    if (waiting === null && (controller?.desiredSize ?? 0) > 0) controller?.enqueue(encoder.encode(": \n\n"));
  }, HEARTBEAT_MS);
  const longest = setTimeout(end, LONGEST_MS);

  openStreams.livehouseStreams ??= new Set();
  openStreams.livehouseStreams.add(end);
  const stream = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened;
        opened.enqueue(encoder.encode("retry: 1000\n\n"));
        flush();
      },
      pull: flush,
      cancel() {
        controller = null;
        end();
      },
    },
    new CountQueuingStrategy({ highWaterMark: 2 }),
  );
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      // no-transform: a compressing server in between would hold events back.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
