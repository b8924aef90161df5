import { expect, test } from "vitest";
import { blaming, settingsOfAddress, settingsToBlame } from "./blame.ts";

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test("what fails is blamed on the settings that were named, and stays what it is", async () => {
  const failure = new Error("refused");
  const thrown = await failureOf(() => blaming(["databaseUrl"], () => Promise.reject(failure)));
  expect(thrown).toBe(failure);
  expect(settingsToBlame(thrown)).toEqual(["databaseUrl"]);
});

test("whoever knows best is believed, not whoever called", async () => {
  const thrown = await failureOf(() =>
    blaming(["databaseUrl", "redisUrl"], () =>
      blaming(["redisUrl"], () => {
        throw new Error("refused");
      }),
    ),
  );
  expect(settingsToBlame(thrown)).toEqual(["redisUrl"]);
});

test("an error is blamed on what its cause is blamed on", async () => {
  const cause = await failureOf(() => blaming(["pepper"], () => Promise.reject(new Error("x"))));
  expect(settingsToBlame(new Error("the service failed", { cause }))).toEqual(["pepper"]);
});

test("nothing is blamed for what nobody blamed, nor for what is no error", async () => {
  const round: Error = new Error("round");
  round.cause = round;
  expect([settingsToBlame(round), settingsToBlame("gone")]).toEqual([undefined, undefined]);
  expect(await failureOf(() => blaming(["x"], () => Promise.reject("gone")))).toBe("gone");
});

test("a port that is taken is blamed on the setting that names it", () => {
  const taken = Object.assign(new Error("EADDRINUSE"), { syscall: "listen", port: 7401 });
  const config = {
    listen: "127.0.0.1:7401",
    healthListen: "0.0.0.0:7421",
    issuerAddress: "x:7401",
  };
  expect(settingsOfAddress(taken, config)).toEqual(["listen"]);
  expect(settingsOfAddress(new Error("other"), config)).toBeUndefined();
});
