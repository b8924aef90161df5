export { store as domain } from "../store/store.ts";
