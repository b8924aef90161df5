import { once } from "node:events";
import { ChangePolicy, LicenseState, seatBroker } from "@leasehold/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PendingChange } from "../src/license-view.ts";
import { openSession, type SeatSession } from "../src/seat-session.ts";
import { FakeBroker } from "./fake-broker.ts";
import { someInstallation } from "./some-installation.ts";

const eventually = { timeout: 10_000, interval: 5 };

let stack: AsyncDisposableStack;
let broker: FakeBroker;
let session: SeatSession;
const asked = vi.fn<(change: PendingChange) => void>();
const changed = vi.fn<(seats: number) => void>();

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  broker = stack.use(await new FakeBroker().start());
  broker.changePolicy = ChangePolicy.RESTART_REQUIRED;
  session = open();
  asked.mockClear();
  changed.mockClear();
  session.events.on("restartRequired", asked);
  session.events.on("licenseChanged", ({ seats }) => changed(seats));
  await once(session.events, "connected");
});
afterEach(() => stack.disposeAsync());

function open(): SeatSession {
  const installation = someInstallation();
  const seatBrokers = { source: "file", addresses: [broker.address], inOrder: true } as const;
  return stack.use(openSession({ installation, seatBrokers, application: "4.2.0", server: "4.1" }));
}

test("a change that asks for a restart is told with both licenses, and changes nothing until then", async () => {
  const seat = await session.acquire();
  broker.changeLicense({ seats: 9 });
  await expect.poll(() => asked.mock.calls.length, eventually).toBe(1);
  expect(asked.mock.calls[0]?.[0]).toMatchObject({
    from: { revision: 1n, seats: 3 },
    to: { revision: 2n, seats: 9 },
    until: Date.parse("2100-01-01T00:00:00Z"),
  });
  expect(session.pendingChange?.to.seats).toBe(9);
  expect(session.license.seats).toBe(3);
  expect([seat.held(), session.hasFeature("workflow")]).toEqual([true, true]);
  expect(changed).not.toHaveBeenCalled();
});

test("a session that is opened afterwards starts with the new license", async () => {
  broker.changeLicense({ seats: 9 });
  await expect.poll(() => asked.mock.calls.length, eventually).toBe(1);
  const again = open();
  await expect.poll(() => again.license.seats, eventually).toBe(9);
  expect(again.pendingChange).toBeUndefined();
});

test("a stream that is opened anew asks for no second restart", async () => {
  broker.changeLicense({ seats: 9 });
  await expect.poll(() => asked.mock.calls.length, eventually).toBe(1);
  const connected = once(session.events, "connected");
  for (const stream of broker.streams) stream.end();
  await connected;
  broker.changeLicense({ seats: 12 });
  await expect.poll(() => session.pendingChange?.to.seats, eventually).toBe(12);
  expect(asked).toHaveBeenCalledTimes(2);
  expect(session.license.seats).toBe(3);
});

test("a revocation ends every seat at once, whatever waits", async () => {
  const seat = await session.acquire();
  broker.changeLicense({ seats: 9 });
  broker.changeLicense({ state: LicenseState.REVOKED });
  await once(seat.events, "revoked");
  expect(session.license.state).toBe("revoked");
  expect([seat.held(), session.hasFeature("workflow")]).toEqual([false, false]);
});

test("versions are told with each seat, and what comes back of them is a warning", async () => {
  const kind = seatBroker.LeaseWarningKind.CLIENT_NEWER;
  const later = { kind: 99 as typeof kind, clientVersion: "", serverVersion: "" };
  broker.warnings = [{ kind, clientVersion: "4.2.0", serverVersion: "4.1" }, later];
  const warned = once(session.events, "warning");
  const seat = await session.acquire();
  const warning = { kind: "client-newer", clientVersion: "4.2.0", serverVersion: "4.1" };
  expect(await warned).toEqual([warning]);
  expect(seat.warnings).toEqual([warning]);
  expect(broker.requests[0]?.holder).toMatchObject({
    applicationVersion: "4.2.0",
    serverVersion: "4.1",
  });
});
