export { contract } from "../../../../packages/contracts/src/index.ts";
