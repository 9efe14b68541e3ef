const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** True for the text form of a UUID of any version: what our ids look like, and no name may. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
