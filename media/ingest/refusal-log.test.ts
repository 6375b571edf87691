import { pino } from "pino";
import { expect, it } from "vitest";
import { RefusalLog } from "./refusal-log";

it("writes one line a second however many connections are refused, and says how many it left out", () => {
  const lines: string[] = [];
  const refusals = new RefusalLog(pino({}, { write: (line: string) => lines.push(line) }));
  for (let i = 0; i < 5000; i++) refusals.note("192.0.2.7", "too-many-connections", i * 0.1);
  refusals.note("192.0.2.8", "too-many-connections-from-address", 1_000);
  expect(lines.map((line) => JSON.parse(line)).map(({ remoteAddress, unlogged }) => [remoteAddress, unlogged])).toEqual(
    [
      ["192.0.2.7", 0],
      ["192.0.2.8", 4999],
    ],
  );
});
