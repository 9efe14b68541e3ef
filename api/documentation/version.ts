/** The version of the HTTP API and its events; each has its section in docs/API_CHANGELOG.md (a test compares). */
export const API_VERSION = '1.1.0';
