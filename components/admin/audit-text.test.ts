import { expect, test } from "vitest";
import { auditDetail, auditTarget } from "./audit-text";

const targetId = "8f51f856-8838-4069-b18d-a7593b37adc5";

test.each([
  { detail: { handle: "alice", reason: "spam" }, target: "alice", rest: ["reason: spam"] },
  { detail: { label: "OBS at home", handle: "alice" }, target: "alice", rest: ["label: OBS at home"] },
  { detail: { policy: "closed" }, target: targetId, rest: ["policy: closed"] },
  { detail: { handle: 7, isNew: true }, target: targetId, rest: ["isNew: true"] },
  { detail: null, target: targetId, rest: [] },
  { detail: ["handle"], target: targetId, rest: [] },
])("an act is told by its handle, and the rest in words: $detail", ({ detail, target, rest }) => {
  expect(auditTarget({ targetId, detail })).toBe(target);
  expect(auditDetail({ targetId, detail })).toEqual(rest);
});
