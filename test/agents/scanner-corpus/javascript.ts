import { samples } from './sample.ts';

export const javascriptSamples = samples(
  'js',
  {
    'sql-injection': {
      'a template in query':
        'app.get("/u", async (req, res) => { res.json(await db.query(`SELECT * FROM users WHERE id = ${req.params.id}`)); });',
      'concatenation through a variable':
        'function find(name) {\n  const sql = "SELECT * FROM users WHERE name = \'" + name + "\'";\n  return connection.query(sql);\n}',
      'a string that grows':
        'function list(filter) {\n  let sql = "SELECT * FROM items WHERE 1=1";\n  sql += " AND kind = \'" + filter.kind + "\'";\n  return pool.execute(sql);\n}',
      'a raw fragment of knex':
        'function q(knex, req) { return knex("t").whereRaw("name = \'" + req.query.name + "\'"); }',
      'prisma unsafe': 'const rows = (id) => prisma.$queryRawUnsafe(`SELECT * FROM t WHERE id = ${id}`);',
      'an options object': 'const run = (client, id) => client.query({ text: `DELETE FROM users WHERE id = ${id}` });',
    },
    xss: {
      innerHTML: 'function show(el, name) { el.innerHTML = "<b>" + name + "</b>"; }',
      'document.write of the address': 'document.write("<p>" + location.hash + "</p>");',
      insertAdjacentHTML: 'const add = (el, text) => el.insertAdjacentHTML("beforeend", `<li>${text}</li>`);',
      'a reflected parameter': 'app.get("/hi", (req, res) => { res.send("<h1>Hi " + req.query.name + "</h1>"); });',
      'a parameter through a variable':
        'app.get("/hi", (req, res) => {\n  const { name } = req.query;\n  res.send(`<h1>${name}</h1>`);\n});',
      jquery: 'function f(msg) { $("#out").html("<i>" + msg + "</i>"); }',
      'koa body': 'router.get("/", (ctx) => { ctx.body = `<h1>${ctx.query.q}</h1>`; });',
    },
    'command-injection': {
      'exec with a template':
        'import { exec } from "node:child_process";\nexport const ping = (host) => exec(`ping -c 1 ${host}`);',
      'execSync by namespace':
        'const cp = require("child_process");\nmodule.exports = (f) => cp.execSync("rm -rf " + f);',
      'promisified exec':
        'import { exec } from "child_process";\nimport { promisify } from "util";\nconst run = promisify(exec);\nexport const ls = (dir) => run("ls " + dir);',
      'spawn with a shell':
        'const { spawn } = require("child_process");\nexports.go = (cmd) => spawn(cmd, { shell: true });',
      'sh -c':
        'import { spawn } from "child_process";\nexport const go = (name) => spawn("sh", ["-c", "echo " + name]);',
      eval: 'app.post("/calc", (req, res) => { res.json(eval(req.body.expression)); });',
      'new Function': 'export const compile = (source) => new Function("x", source);',
    },
    'path-traversal': {
      'readFile of a parameter':
        'const fs = require("fs");\napp.get("/f", (req, res) => { fs.readFile("./files/" + req.query.name, (e, d) => res.end()); });',
      'joined path':
        'import fs from "fs/promises";\nimport path from "path";\napp.get("/f/:name", async (req, res) => {\n  const target = path.join("/data", req.params.name);\n  res.json(await fs.readFile(target, "utf8"));\n});',
      sendFile: 'app.get("/d", (req, res) => { res.sendFile("/srv/" + req.query.file); });',
      'through a function of the file':
        'const fs = require("fs");\nfunction load(name) { return fs.readFileSync("./x/" + name); }\napp.get("/l", (req, res) => { load(req.query.n); res.end(); });',
    },
    'weak-crypto': {
      md5: 'const crypto = require("crypto");\nconst hash = (p) => crypto.createHash("md5").update(p).digest("hex");',
      sha1: 'import { createHash } from "node:crypto";\nexport const h = (x) => createHash("sha1").update(x).digest();',
      'des cipher':
        'import crypto from "crypto";\nexport const c = (k, iv) => crypto.createCipheriv("des-ede3-cbc", k, iv);',
      'ecb mode':
        'import crypto from "crypto";\nexport const c = (k) => crypto.createCipheriv("aes-256-ecb", k, null);',
      'Math.random for a token':
        'function resetToken() { const token = Math.random().toString(36).slice(2); return token; }',
      'tls off': 'import https from "https";\nexport const agent = new https.Agent({ rejectUnauthorized: false });',
    },
    'unsafe-deserialisation': {
      'node-serialize':
        'const serialize = require("node-serialize");\napp.post("/", (req, res) => { serialize.unserialize(req.body.data); res.end(); });',
      'js-yaml with functions':
        'import yaml from "js-yaml";\nexport const f = (text) => yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });',
      'v8 of the body':
        'import v8 from "node:v8";\napp.post("/", (req, res) => { res.json(v8.deserialize(req.body)); });',
    },
  },
  {
    'a parameterised query':
      'app.get("/u", async (req, res) => { res.json(await db.query("SELECT * FROM users WHERE id = $1", [req.params.id])); });',
    'a constant table': 'const TABLE = "users";\nexport const all = () => db.query(`SELECT * FROM ${TABLE}`);',
    'constants put together':
      'const where = " WHERE active";\nexport const all = () => db.query("SELECT * FROM users" + where);',
    'a tagged template': 'export const one = (id) => pool.query(sql`SELECT * FROM users WHERE id = ${id}`);',
    'a number in SQL': 'export const page = (req) => db.query(`SELECT * FROM t LIMIT ${Number(req.query.limit)}`);',
    'an allow list':
      'app.get("/", (req, res) => {\n  const col = req.query.sort;\n  if (!["name", "age"].includes(col)) return res.end();\n  db.query(`SELECT * FROM t ORDER BY ${col}`);\n});',
    'exec of a regular expression': 'const match = /a(b)c/.exec(`text ${input}`);',
    textContent: 'function show(el, name) { el.textContent = "<b>" + name; }',
    'constant innerHTML':
      'function clear(el) { el.innerHTML = ""; }\nfunction spin(el) { el.innerHTML = "<i class=spin></i>"; }',
    'sanitised innerHTML':
      'import DOMPurify from "dompurify";\nfunction show(el, html) { el.innerHTML = DOMPurify.sanitize(html); }',
    'json response': 'app.get("/hi", (req, res) => { res.json({ name: req.query.name }); });',
    'escaped response': 'app.get("/hi", (req, res) => { res.send("<h1>" + escapeHtml(req.query.name) + "</h1>"); });',
    'execFile with a list':
      'import { execFile } from "child_process";\nexport const log = (ref) => execFile("git", ["log", ref]);',
    'constant exec':
      'import { execSync } from "child_process";\nconst FLAGS = "--oneline";\nexport const log = () => execSync("git log " + FLAGS);',
    'basename in a path':
      'import fs from "fs";\nimport path from "path";\napp.get("/f", (req, res) => { fs.createReadStream(path.join("/data", path.basename(req.query.name))).pipe(res); });',
    'a checked path':
      'import fs from "fs";\nimport path from "path";\napp.get("/f", (req, res) => {\n  const full = path.resolve("/data", req.query.name);\n  if (!full.startsWith("/data/")) return res.status(403).end();\n  fs.createReadStream(full).pipe(res);\n});',
    'a path of the program':
      'import fs from "fs";\nexport const load = (dir, name) => fs.readFileSync(`${dir}/${name}.json`, "utf8");',
    sha256:
      'import { createHash } from "crypto";\nexport const h = (x) => createHash("sha256").update(x).digest("hex");',
    'Math.random for a delay': 'const jitter = () => 100 + Math.random() * 50;',
    'random bytes for a token': 'import { randomBytes } from "crypto";\nconst token = randomBytes(32).toString("hex");',
    'gcm cipher':
      'import crypto from "crypto";\nexport const c = (k, iv) => crypto.createCipheriv("aes-256-gcm", k, iv);',
    'JSON.parse': 'app.post("/", (req, res) => { res.json(JSON.parse(req.body)); });',
    'a timer with a function': 'setTimeout(() => console.log(name), 1000);',
  },
);

export const typescriptSamples = samples(
  'ts',
  {
    'sql-injection': {
      'a typed handler':
        "export async function find(req: Request, res: Response): Promise<void> {\n  const id = req.params.id as string;\n  await pool.query(`SELECT * FROM users WHERE id = '${id}'` as string);\n}",
      'a method of a class':
        'class Users {\n  private readonly db!: Db;\n  byName(name: string) {\n    const sql: string = "SELECT * FROM users WHERE name = \'" + name + "\'";\n    return this.db.query(sql);\n  }\n}',
    },
    xss: {
      'a typed element':
        'export function show(el: HTMLElement, text: string): void {\n  el.innerHTML = `<p>${text}</p>`;\n}',
    },
    'command-injection': {
      'a typed exec':
        'import { execSync } from "node:child_process";\nexport const build = (branch: string): Buffer => execSync(`git checkout ${branch}`);',
    },
    'path-traversal': {
      'koa params':
        'import { readFile } from "node:fs/promises";\nrouter.get("/:file", async (ctx: Context) => {\n  ctx.body = await readFile("/srv/" + ctx.params.file);\n});',
    },
  },
  {
    'typed parameters':
      'export const find = (id: string) => pool.query<User>("SELECT * FROM users WHERE id = $1", [id]);',
    'a map called query': 'const query = new Map<string, string>();\nquery.set("a", `select ${x} from`);',
    'a validated number':
      'export function page(n: string) { const limit = parseInt(n, 10); return db.query(`SELECT * FROM t LIMIT ${limit}`); }',
  },
);

export const reactSamples = samples(
  'tsx',
  {
    xss: {
      dangerouslySetInnerHTML:
        'export const Post = ({ html }: { html: string }) => <div dangerouslySetInnerHTML={{ __html: html }} />;',
    },
  },
  {
    'text in an element': 'export const Post = ({ text }: { text: string }) => <div title={text}>{text}</div>;',
    'constant inner html':
      'const CSS_TEXT = "a{}";\nexport const S = () => <style dangerouslySetInnerHTML={{ __html: CSS_TEXT }} />;',
  },
);
