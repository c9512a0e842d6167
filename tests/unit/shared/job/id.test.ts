import { expect, test } from "bun:test";
import { isWaitingId, jobIdAt, ownerOf, timeOf, waitingId } from "#shared/job/id.ts";

const uuid = "019a0000-0000-7000-8000-000000000000";

test("the id of a job that waits names no worker, and tells when it was made", () => {
  expect(waitingId(uuid)).toBe(`00000000-${uuid}`);
  expect(isWaitingId(waitingId(uuid))).toBe(true);
  expect(timeOf(waitingId(uuid))).toBe(0x019a00000000);
  expect(ownerOf(waitingId(uuid), ["worker:1", "worker:2"])).toBeUndefined();
});

test.each([
  jobIdAt("worker:1", uuid),
  uuid,
  `00000000-${uuid}0`,
  "00000000-../../../other",
  `00000000-${uuid.replace("-7", "-4")}`,
  `a/00000000-${uuid}`,
])("%s is no id of a job that waits", (id) => {
  expect(isWaitingId(id)).toBe(false);
});
