/** The named parts of a page's path, decoded. */
export type PageParams = Readonly<Record<string, string>>;
