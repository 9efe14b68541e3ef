// `npm run imports`: refuses imports that cross the house's walls.
import { fileURLToPath } from 'node:url';
import { cruiseHouse } from './import-rules.ts';

const { modules, violations } = await cruiseHouse(fileURLToPath(new URL('..', import.meta.url)));
for (const violation of violations) console.error(violation);
console.log(`${modules.length} modules, ${violations.length} refused imports`);
// A cruiser that does not understand its input sees nothing and complains about nothing.
if (violations.length > 0 || modules.length === 0) process.exitCode = 1;
