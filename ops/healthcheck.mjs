// The HEALTHCHECK of the image: asks the process in this container, an API at PORT or a worker at METRICS_PORT.
const { PORT, METRICS_PORT } = process.env;
const port = METRICS_PORT || PORT || '9002';
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
