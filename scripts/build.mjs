// `npm run build`: builds everything, whether or not it changed.
import { ensureBuild } from './ensure-build.mjs';

await ensureBuild({ force: true }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
