import { expect, test } from "vitest";
import { thisVersion } from "../version/version.ts";
import { rollingUpgrade } from "./rolling-upgrade.ts";

// With this version on both sides: the drill itself, and that a rollout disturbs nobody. `pnpm drill` has an earlier
// one in place of the first.
test("services are replaced one by one, and nobody notices", async () => {
  const version = await thisVersion();
  const say = () => {};
  const versions = { from: version, to: version };
  const { figures, failures } = await rollingUpgrade({ ...versions, rounds: 1, seed: 7, say });
  expect(failures).toEqual([]);
  expect(figures).toMatchObject({ turned: 6, violations: 0, lostSeats: 0, migrations: 0 });
}, 500_000);
