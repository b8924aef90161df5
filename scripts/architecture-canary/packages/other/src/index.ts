export { domain } from "../../../services/one/src/domain/domain.ts";
