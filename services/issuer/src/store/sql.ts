/** Where a statement stands. @param name its file, without `.sql` */
export function sql(name: string): URL {
  return new URL(`../../sql/${name}.sql`, import.meta.url);
}
