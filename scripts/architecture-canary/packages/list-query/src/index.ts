export { contract } from "../../contracts/src/index.ts";
