export { kit as desk } from "../../../packages/service-kit/src/index.ts";
