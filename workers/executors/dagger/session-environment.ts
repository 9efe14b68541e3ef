/** What Dagger's client and CLI need of the server's environment: to find the engine, the container runtime, a proxy. */
const NEEDED =
  /^(PATH|HOME|USER|TMPDIR|LANG|TZ|DAGGER_.*|_EXPERIMENTAL_DAGGER_.*|DOCKER_.*|CONTAINER_HOST|XDG_.*|KUBECONFIG|(https?|no)_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS)$/i;

/** The server's environment without what is none of Dagger's business, its secrets above all. */
export function sessionEnvironment(server: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(server).filter(([name]) => NEEDED.test(name)));
}
