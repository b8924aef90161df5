export { Pool as useCase } from "pg";
