/* `pnpm dev`: a whole cluster that stays up until it is told to end, or whoever started it has ended. */
import { watchLaunchers } from "@leasehold/testkit";
import { startCluster } from "./cluster.ts";
import { welcome } from "./welcome.ts";

const { promise: told, resolve: end } = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    process.on(signal, () => process.exit(1)); // told twice: whatever is still up is left to the guard
    end();
  });
using _launchers = watchLaunchers(end);

await using cluster = await startCluster({
  signIn: true,
  onEnd: (service, ending, lines) =>
    console.error(`${service} ended with ${ending}:\n${lines.join("\n")}`),
});
console.log(welcome(cluster));
await told;
console.log("Ending.");
