import { expect, it } from "vitest";
import { CrowdLog, deliveryDelays, type PartTimes } from "./crowd-log";

it("takes a part to exist since whoever saw it first, in whichever process", () => {
  const one: PartTimes = { firstSeen: [["c 1.0", 100]], deliveries: [["c 1.0", 130]] };
  const other: PartTimes = { firstSeen: [["c 1.0", 90]], deliveries: [["c 1.0", 95]] };
  expect(deliveryDelays([one, other])).toEqual([40, 5]);
});

it("leaves out a delivery of what nobody saw appear", () => {
  expect(deliveryDelays([{ firstSeen: [], deliveries: [["c 1.0", 130]] }])).toEqual([]);
});

it("counts faults always, requests only once the crowd is steady", () => {
  const early = new CrowdLog(Date.now() + 60_000, true);
  early.answered("part", 10, 1);
  early.fault("part 404");
  expect([early.requests, early.faults]).toEqual([0, { "part 404": 1 }]);
});
