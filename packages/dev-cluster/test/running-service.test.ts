import { expect, test, vi } from "vitest";
import { healthOf } from "../src/health.ts";
import { type Launch, startService } from "../src/running-service.ts";

const FULL_NAME = "leasehold.standin.v1.StandInService";
const MAIN = new URL("./stand-in-service.ts", import.meta.url);

function launch(
  environment: Readonly<Record<string, string>> = {},
  onEnd: Launch["onEnd"] = () => {},
): Launch {
  return {
    name: "issuer",
    facts: { prefix: "STAND_IN", fullName: FULL_NAME, main: MAIN },
    environment: { STAND_IN_FULL_NAME: FULL_NAME, ...environment },
    onEnd,
  };
}

test("a service is started once it is serving under its name, below the ephemeral ports", async () => {
  await using service = await startService(launch());
  expect(await healthOf(service.address, FULL_NAME)).toBe("SERVING");
  expect(await healthOf(service.address, "leasehold.standin.v1.AnotherService")).toBe(
    "UNREACHABLE",
  );
  expect(Number(new URL(`tcp://${service.address}`).port)).toBeLessThan(32_768);
});

test("a service that gives up is reported with its exit code and its last lines", async () => {
  const starting = startService(launch({ STAND_IN_FAULT: "config" }));
  await expect(starting).rejects.toThrow(
    "issuer does not start: it ended with exit code 78\nSTAND_IN_POOL must be a number",
  );
});

test("a killed service is out of reach, and comes back at the same address with its earlier lines", async () => {
  const onEnd = vi.fn<Launch["onEnd"]>();
  await using service = await startService(launch({}, onEnd));
  await service.kill();
  expect(await healthOf(service.address, FULL_NAME)).toBe("UNREACHABLE");
  await service.restart();
  expect(await healthOf(service.address, FULL_NAME)).toBe("SERVING");
  expect(service.logs().filter((line) => line.includes("serving"))).toHaveLength(2);
  expect(onEnd).not.toHaveBeenCalled();
});

test("a service that runs is drained before it is started again", async () => {
  await using service = await startService(launch());
  await service.restart();
  expect(service.logs().map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    "serving",
    "drained",
    "serving",
  ]);
});

test("a service that ends without being asked to is told of", async () => {
  const onEnd = vi.fn<Launch["onEnd"]>();
  await using _service = await startService(launch({ STAND_IN_FAULT: "crash" }, onEnd));
  await expect.poll(() => onEnd.mock.calls, { timeout: 10_000 }).toHaveLength(1);
  expect(onEnd).toHaveBeenCalledWith("issuer", "exit code 70", [
    expect.stringContaining("serving"),
  ]);
});
