import assert from 'node:assert/strict';
import { personOf } from '../../api/auth/person.ts';
import { freePort } from '../../platform/services/free-port.ts';
import { startApi, startRoom, type TestRoom } from '../http/support/room.ts';
import { startLoginProvider } from './support/login-provider.mjs';

const PEOPLE = {
  alice: { preferred_username: 'alice', groups: ['platform', 'staff'] },
  bob: { preferred_username: 'bob', groups: ['staff'] },
  eve: { preferred_username: 'root', groups: ['visitors'] },
};

/** What a person's browser does: keeps cookies by host, follows redirects, fills in forms. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async open(
    address: string,
    init: RequestInit = {},
  ): Promise<{ status: number; url: string; text: string; headers: Headers }> {
    const { host } = new URL(address);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(address, {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...(init.headers as Record<string, string> | undefined) },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.status, url: address, text: await response.text(), headers: response.headers };
  }

  /** Goes where it is sent until there is a page, or until the address begins with `until`. */
  async follow(address: string, { until, ...init }: RequestInit & { until?: string } = {}) {
    let answer = await this.open(address, init);
    for (let location = answer.headers.get('location'); location !== null; location = answer.headers.get('location')) {
      const next = new URL(location, answer.url).toString();
      if (until !== undefined && next.startsWith(until)) return { ...answer, url: next };
      answer = await this.open(next);
    }
    return answer;
  }

  submit(page: { url: string; text: string }, fields: Record<string, string>, until?: string) {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const hidden = [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    );
    const body = new URLSearchParams({ ...(Object.fromEntries(hidden) as Record<string, string>), ...fields });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.follow(new URL(action, page.url).toString(), {
      method: 'POST',
      body,
      headers,
      ...(until !== undefined && { until }),
    });
  }

  cookieOf(host: string, name: string): string | undefined {
    return this.#cookies.get(host)?.get(name);
  }
}

describe('the login at an OpenID Connect provider', function () {
  this.timeout(300_000);
  let room: TestRoom;
  let provider: Awaited<ReturnType<typeof startLoginProvider>>;
  let url = '';
  const callback = () => `${url}/login/oidc/callback`;

  before(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${String(port)}`;
    provider = await startLoginProvider({
      redirectUri: callback(),
      people: PEOPLE,
      secret: 'a-secret-of-the-client-0123456789',
    });
    room = await startRoom({
      env: {
        PORT: String(port),
        PUBLIC_URL: url,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: 'commandcenter',
        OIDC_PRIVATE_HOSTS: '127.0.0.1',
        OIDC_CLIENT_SECRET: 'a-secret-of-the-client-0123456789',
        OIDC_SCOPES: 'openid profile groups',
        OIDC_SCOPE_CLAIM: 'groups',
        OIDC_SCOPE_MAP: 'platform:admin,staff:viewer',
      },
    });
  });
  after(async () => {
    await room.close();
    await provider.stop();
  });

  /** Up to the moment when the provider sends the browser back. */
  async function comeBack(browser: Browser, name: string, next = '/'): Promise<string> {
    const form = await browser.follow(`${url}/login/oidc?next=${encodeURIComponent(next)}`);
    assert.match(form.text, /name="login"/);
    const consent = await browser.submit(form, { login: name, password: 'any' });
    return (await browser.submit(consent, {}, callback())).url;
  }

  async function logIn(name: string, next?: string): Promise<Browser> {
    const browser = new Browser();
    const page = await browser.open(await comeBack(browser, name, next));
    assert.equal(page.status, 200, page.text);
    return browser;
  }

  const session = async (browser: Browser) => {
    const { status, text } = await browser.open(`${url}/api/session`);
    return { status, body: JSON.parse(text) as unknown };
  };

  it('closes the service to everybody else, this machine included', async () => {
    assert.equal((await room.get('/api/session')).status, 401);
    const { text } = await new Browser().open(`${url}/runs`);
    assert.match(text, /href="\/login\/oidc\?next=%2Fruns"/);
  });

  it('gives people the scope that their claims say, on the API, the console and Bull Board', async () => {
    const alice = await logIn('alice');
    assert.deepEqual(await session(alice), {
      status: 200,
      body: { name: 'oidc:alice', scope: 'admin', via: 'session' },
    });
    assert.equal((await alice.open(`${url}/admin/queues`)).status, 200);
    const bob = await logIn('bob');
    assert.deepEqual((await session(bob)).body, { name: 'oidc:bob', scope: 'viewer', via: 'session' });
    const own = { origin: url, 'content-type': 'application/json' };
    assert.equal((await bob.open(`${url}/api/tokens`, { method: 'POST', headers: own, body: '{}' })).status, 403);
    assert.equal((await alice.open(`${url}/api/tokens`, { method: 'POST', headers: own, body: '{}' })).status, 400);
  });

  it('lets nobody in whose claims say nothing', async () => {
    const browser = new Browser();
    const page = await browser.open(await comeBack(browser, 'eve'));
    assert.equal(page.status, 403);
    assert.equal((await session(browser)).status, 401);
  });

  it('keeps the session in a strict, http-only cookie, refuses changes from other pages, and ends at logout', async () => {
    const browser = new Browser();
    const page = await browser.open(await comeBack(browser, 'alice', '/runs'));
    const [cookie = ''] = page.headers.getSetCookie().filter((line) => line.startsWith('commandcenter_session='));
    assert.match(cookie, /httponly/i);
    assert.match(cookie, /samesite=strict/i);
    assert.match(page.text, /http-equiv="refresh" content="0;url=&#?[^"]*runs|content="0;url=\/runs"/);
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }] as Record<
      string,
      string
    >[])
      assert.equal((await browser.open(`${url}/logout`, { method: 'POST', headers })).status, 403);
    const own = { origin: url, 'sec-fetch-site': 'same-origin' };
    assert.equal((await browser.open(`${url}/logout`, { method: 'POST', headers: own })).status, 200);
    assert.equal((await session(browser)).status, 401);
  });

  it('ends at the provider, too, where the browser goes after a logout, and the next login asks who it is', async () => {
    const alice = await logIn('alice');
    const own = { origin: url, 'sec-fetch-site': 'same-origin' };
    const { text } = await alice.open(`${url}/logout`, { method: 'POST', headers: own });
    const { logoutUrl } = JSON.parse(text) as { logoutUrl: string };
    assert.ok(logoutUrl.startsWith(`${provider.issuer}/`), logoutUrl);
    const again = await alice.follow(`${url}/login/oidc`, { until: callback() });
    assert.ok(again.url.startsWith(callback()), 'the provider still knows the browser');
    const asked = await alice.follow(logoutUrl);
    const back = await alice.submit(asked, { logout: 'yes' }, `${url}/`);
    assert.equal(back.url, `${url}/`);
    assert.match((await alice.follow(`${url}/login/oidc`)).text, /name="login"/);
    const root = await logIn('alice');
    const audit = await root.open(`${url}/api/audit?action=logout&limit=1`);
    assert.equal((JSON.parse(audit.text) as { actor: string }[])[0]?.actor, 'oidc:alice');
  });

  it('asks no provider at an inner address that OIDC_PRIVATE_HOSTS does not name, and the log says why', async () => {
    for (const [hosts, issuer] of [
      ['', provider.issuer],
      ['login.example', provider.issuer],
      ['', provider.issuer.replace('127.0.0.1', 'localhost')],
      ['', 'http://[::ffff:127.0.0.1]:9'],
      ['169.254.169.254', 'http://169.254.169.254'],
      ['', 'http://0x7f000001:9'],
    ] as const) {
      const port = String(await freePort());
      const env = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, OIDC_CLIENT_ID: 'commandcenter' };
      const replica = await startApi(room.engine, { env: { ...env, OIDC_ISSUER: issuer, OIDC_PRIVATE_HOSTS: hosts } });
      try {
        const { status, text } = await replica.get('/login/oidc');
        assert.equal(status, 503, issuer);
        assert.doesNotMatch(text, /address|127\.0|169\.254/);
        assert.match(replica.log.join(''), /a (?:private|link-local or metadata) address is refused/, issuer);
      } finally {
        await replica.close();
      }
    }
  });

  it('takes a code once, in the browser that asked for it, and with its own state only', async () => {
    const browser = new Browser();
    const back = await comeBack(browser, 'alice');
    const stranger = new Browser();
    assert.equal((await stranger.open(back)).status, 401, 'another browser has no attempt');
    const other = new Browser();
    await other.open(`${url}/login/oidc`);
    assert.equal((await other.open(back)).status, 401, 'another attempt has another state');
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    const second = new Browser();
    await comeBack(second, 'alice');
    assert.equal((await second.open(forged.toString())).status, 401);
    assert.equal((await browser.open(back)).status, 200);
    assert.equal((await browser.open(back)).status, 401, 'the attempt is over');
  });

  it('leads to addresses of its own only', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', '/a"onload=x']) {
      const browser = new Browser();
      const page = await browser.open(await comeBack(browser, 'alice', next));
      assert.match(page.text, /content="0;url=\/"/, next);
      assert.ok(!page.text.includes('evil'));
    }
  });

  it('is written down in the audit log', async () => {
    const alice = await logIn('alice');
    const { text } = await alice.open(`${url}/api/audit?action=login&limit=1`);
    const [entry] = JSON.parse(text) as { actor: string; after: unknown; address: string }[];
    assert.equal(entry?.actor, 'oidc:alice');
    assert.deepEqual(entry.after, { scope: 'admin' });
  });
});

describe('the claims of a person', () => {
  const rules = { scopeClaim: 'groups', scopeMap: [{ name: 'ops', scope: 'operator' as const }] };

  it('may be a text or a list, and mean scopes by name or by the map; the strongest counts', () => {
    assert.deepEqual(personOf({ sub: '1', groups: 'viewer ops' }, rules), { name: 'oidc:1', scope: 'operator' });
    assert.deepEqual(personOf({ email: 'a@b', groups: ['viewer', 'admin', 7] }, rules), {
      name: 'oidc:a@b',
      scope: 'admin',
    });
  });

  it('give nothing where they are missing, of another kind, or a scope that is for programs', () => {
    for (const groups of [undefined, null, 7, {}, [], '', 'webhook', ['metrics'], '__proto__'])
      assert.equal(personOf({ sub: '1', groups }, rules), null);
    assert.equal(personOf({ groups: 'admin' }, rules), null);
  });
});
