declare const brand: unique symbol;

/** A `T` that went through the one function that checks it; not interchangeable with any other `T`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
