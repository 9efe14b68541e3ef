/** What becomes of one file; `undefined` means that it does not exist. Texts are exact: line ends, BOM and all. */
export interface Edit {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}
