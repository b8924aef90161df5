export { store } from "../store/store.ts";
