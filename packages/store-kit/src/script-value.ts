/** A key or an argument of a script. */
export type ScriptValue = string | number | Buffer;
