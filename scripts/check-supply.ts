// The supply chain: every gate holds for this repository, and finds what breaks it on purpose.
import { SUPPLY_GATES } from "./supply/gates.ts";
import { readProject } from "./supply/read-project.ts";

const project = readProject();
const faults = SUPPLY_GATES.flatMap(({ name, faults: faultsIn, broken }) => [
  ...faultsIn(project).map((fault) => `${name}: ${fault}`),
  ...(faultsIn(broken(project)).length > faultsIn(project).length
    ? []
    : [`${name}: finds nothing where it is broken on purpose`]),
]);
for (const fault of faults) console.error(fault);

process.exitCode = faults.length === 0 ? 0 : 1;
