export { desk } from "../../../apps/desk/src/main.ts";
