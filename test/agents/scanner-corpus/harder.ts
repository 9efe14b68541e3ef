import { samples } from './sample.ts';

/** Ways around that real code takes: helpers, aliases, classes, guards, values that only look dangerous. */
export const harderJavascript = samples(
  'js',
  {
    'sql-injection': {
      'util.format':
        'const util = require("util");\nmodule.exports = (name) => db.query(util.format("SELECT * FROM t WHERE n = \'%s\'", name));',
      'a placeholder replaced by hand':
        'const find = (id) => db.query("SELECT * FROM t WHERE id = :id".replace(":id", id));',
      concat: 'const find = (id) => db.all("SELECT * FROM t WHERE id = ".concat(id));',
      'joined pieces': 'const find = (id) => db.query(["SELECT * FROM t WHERE id = ", id].join(""));',
      'a callback style handler':
        'router.post("/login", function (req, res) {\n  var user = req.body.user;\n  var sql = "SELECT * FROM users WHERE user = \'" + user + "\' AND pw = \'" + req.body.pw + "\'";\n  connection.query(sql, function (err, rows) { res.json(rows); });\n});',
      'a helper that builds':
        'function build(id) { return "SELECT * FROM users WHERE id = " + id; }\napp.get("/", (req, res) => db.query(build(req.query.id)));',
      'a condition in the middle':
        'exports.list = (kind) => db.query(`SELECT * FROM t ${kind ? `WHERE kind = \'${kind}\'` : ""}`);',
    },
    'command-injection': {
      'require in place': 'module.exports = (x) => require("child_process").exec("convert " + x);',
      'an array joined':
        'const { execSync } = require("child_process");\nmodule.exports = (args) => execSync(["git", ...args].join(" "));',
      'the program from the request':
        'const { spawn } = require("child_process");\napp.get("/", (req, res) => spawn(req.query.program, []));',
      vm: 'const vm = require("vm");\napp.post("/", (req, res) => res.json(vm.runInNewContext(req.body.code)));',
    },
    xss: {
      'the query of the page':
        'const name = new URLSearchParams(location.search).get("name");\ndocument.getElementById("x").innerHTML = name;',
      outerHTML: 'function f(el, html) { el.outerHTML = html; }',
      'a response with a status': 'app.use((req, res) => res.status(404).send(`No page ${req.url}`));',
      'write and end': 'http.createServer((req, res) => { res.write("<p>" + req.url + "</p>"); res.end(); });',
    },
    'path-traversal': {
      'a file that is removed':
        'const fs = require("fs");\napp.delete("/f", (req, res) => { fs.unlinkSync(`uploads/${req.body.name}`); res.end(); });',
      'a name of an upload':
        'const fs = require("fs");\napp.post("/", (req, res) => fs.writeFileSync("up/" + req.file.originalname, req.file.buffer));',
      'a module from the request': 'app.get("/", (req, res) => res.json(require("./plugins/" + req.query.plugin)));',
      'a parameter called filename':
        'const fs = require("fs");\nexports.read = (filename) => fs.readFileSync("/var/data/" + filename);',
    },
    'weak-crypto': {
      'an md5 package': 'const md5 = require("md5");\nmodule.exports = (p) => md5(p);',
      'few rounds':
        'const crypto = require("crypto");\nmodule.exports = (p, s) => crypto.pbkdf2Sync(p, s, 1000, 64, "sha512");',
      'unsigned tokens': 'jwt.verify(token, key, { algorithms: ["none"] });',
      createCipher: 'const crypto = require("crypto");\nmodule.exports = (k) => crypto.createCipher("aes192", k);',
    },
    secrets: {
      'a key as argument': `const jwt = require("jsonwebtoken");\nmodule.exports = (u) => jwt.sign({ id: u.id }, "${'s3cr3t'}-${'Key99'}");`,
    },
  },
  {
    'a query builder': 'app.get("/", (req, res) => knex("users").where({ id: req.query.id }).select("*"));',
    'identifiers that are escaped':
      'const find = (table) => db.query(`SELECT * FROM ${client.escapeIdentifier(table)}`);',
    'a map of columns':
      'const COLUMNS = { name: "name", age: "age" };\napp.get("/", (req, res) => { const column = COLUMNS[req.query.sort]; res.json(column); });',
    'a query string for another service':
      'const url = (q) => fetch("https://api.example.com/select?from=" + encodeURIComponent(q));',
    'placeholders generated':
      'const find = (ids) => db.query("SELECT * FROM t WHERE id IN (" + ids.map(() => "?").join(",") + ")", ids);',
    'sql in a log': 'logger.info(`running SELECT * FROM t WHERE id = ${id}`);',
    'a DOM template': 'const li = document.createElement("li");\nli.append(document.createTextNode(name));',
    'an express json': 'app.get("/", (req, res) => { res.status(200).json(req.query); });',
    'a fixed program with the request as argument':
      'const { execFile } = require("child_process");\napp.get("/", (req, res) => execFile("whois", ["--", req.query.domain], (e, out) => res.json(out)));',
    'a worker that evaluates nothing':
      'const result = math.evaluate(expression); model.eval(); redis.eval(script, 1, key);',
    'a test of a pattern before use':
      'const { exec } = require("child_process");\napp.get("/", (req, res) => {\n  const host = req.query.host;\n  if (!/^[a-z0-9.-]+$/.test(host)) return res.status(400).end();\n  exec("ping -c 1 " + host);\n  res.end();\n});',
    'sendFile with a root':
      'app.get("/f/:name", (req, res) => res.sendFile(req.params.name, { root: "/srv/public" }));',
    'config by path': 'const config = require(path.join(__dirname, "config.json"));',
    'hmac with sha256':
      'const { createHmac } = require("crypto");\nmodule.exports = (k, d) => createHmac("sha256", k).update(d).digest("hex");',
    'many rounds':
      'const crypto = require("crypto");\nmodule.exports = (p, s) => crypto.pbkdf2Sync(p, s, 600_000, 64, "sha512");',
    'a colour by chance': 'const colour = () => "#" + Math.floor(Math.random() * 0xffffff).toString(16);',
    'html escaped by hand':
      'function escapeHtml(s) { return s.replace(/</g, "&lt;"); }\nfunction show(el, s) { el.innerHTML = "<b>" + escapeHtml(s) + "</b>"; }',
  },
);

export const harderPython = samples(
  'py',
  {
    'sql-injection': {
      'sqlalchemy text':
        'from sqlalchemy import text\ndef f(session, name):\n    return session.execute(text(f"SELECT * FROM users WHERE name = \'{name}\'"))\n',
      'a method':
        'class Repo:\n    def find(self, name):\n        query = "SELECT * FROM users WHERE name = \'" + name + "\'"\n        return self.db.execute(query).fetchall()\n',
      'a growing query':
        'def f(cur, name=None):\n    q = "SELECT * FROM t WHERE 1=1"\n    if name:\n        q += " AND name = \'" + name + "\'"\n    cur.execute(q)\n',
      pandas: 'import pandas as pd\ndef f(conn, t):\n    return pd.read_sql(f"SELECT * FROM {t}", conn)\n',
    },
    'command-injection': {
      'a command in a variable':
        'import subprocess\ndef f(name):\n    cmd = "tar xf {}".format(name)\n    subprocess.Popen(cmd, shell=True)\n',
      'input from the terminal': 'import os\nname = input("name: ")\nos.system("echo " + name)\n',
      'bash -c': 'import subprocess\ndef f(x):\n    subprocess.call(["bash", "-c", "echo " + x])\n',
      exec: 'def run(code):\n    exec(code)\n',
      asyncio: 'import asyncio\nasync def f(x):\n    await asyncio.create_subprocess_shell(f"ls {x}")\n',
    },
    xss: {
      'a string without tags': '@app.route("/hi")\ndef hi():\n    return "Hello " + request.args.get("name", "")\n',
      Markup: 'from markupsafe import Markup\ndef f(x):\n    return Markup("<b>%s</b>" % x)\n',
      'no autoescape': 'import jinja2\nenv = jinja2.Environment(loader=loader, autoescape=False)\n',
    },
    'path-traversal': {
      'a django view': 'def download(request, name):\n    return FileResponse(open("/srv/" + name, "rb"))\n',
      'an upload':
        '@app.route("/up", methods=["POST"])\ndef up():\n    f = request.files["f"]\n    with open("/data/" + f.filename, "wb") as out:\n        out.write(f.read())\n',
      'an archive':
        'import tarfile\ndef unpack(p):\n    with tarfile.open(p) as tar:\n        tar.extractall("/tmp/x")\n',
    },
    'weak-crypto': {
      'old tls': 'import ssl\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n',
      'unverified context': 'import ssl\nssl._create_default_https_context = ssl._create_unverified_context()\n',
      'cryptography ecb':
        'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\ndef f(k):\n    return Cipher(algorithms.AES(k), modes.ECB())\n',
      'a password by chance':
        'import random\ndef make():\n    password = "".join(random.choices("abcdef", k=8))\n    return password\n',
    },
    'unsafe-deserialisation': {
      'a pickle of the request':
        'import pickle, base64\n@app.route("/l", methods=["POST"])\ndef l():\n    return str(pickle.loads(base64.b64decode(request.data)))\n',
      'a pickle of a file':
        'import pickle\ndef f(path):\n    with open(path, "rb") as fh:\n        return pickle.load(fh)\n',
      'full loader': 'import yaml\ndef f(t):\n    return yaml.load(t, Loader=yaml.UnsafeLoader)\n',
      jsonpickle: 'import jsonpickle\ndef f(t):\n    return jsonpickle.decode(t)\n',
    },
  },
  {
    'an orm filter': 'def f(request):\n    return User.objects.filter(name=request.GET["q"])\n',
    'bound text':
      'from sqlalchemy import text\ndef f(s, n):\n    return s.execute(text("SELECT * FROM t WHERE n = :n"), {"n": n})\n',
    'generated placeholders':
      'def f(cur, ids):\n    marks = ",".join("?" * len(ids))\n    cur.execute("SELECT * FROM t", ids)\n',
    'a mapped column':
      'COLUMNS = {"name": "name"}\ndef f(cur, key):\n    cur.execute("SELECT * FROM t ORDER BY name")\n    return COLUMNS.get(key)\n',
    'shell=False': 'import subprocess\ndef f(args):\n    subprocess.run(args, shell=False, check=True)\n',
    'an executor': 'def f(executor, task):\n    executor.submit(task)\n    cursor.fetchone()\n',
    'a dict returned': '@app.route("/hi")\ndef hi():\n    return {"name": request.args.get("name")}\n',
    'json of the request': '@app.route("/hi")\ndef hi():\n    return jsonify(name=request.args.get("name"))\n',
    'html escaped':
      'from html import escape\n@app.route("/hi")\ndef hi():\n    return "<p>" + escape(request.args["n"]) + "</p>"\n',
    'a fixed file': '@app.route("/f")\ndef f():\n    return send_file("static/report.pdf")\n',
    'a checked path':
      'import os\n@app.route("/f")\ndef f():\n    p = os.path.realpath(os.path.join("/data", request.args["f"]))\n    if os.path.commonpath(["/data", p]) != "/data":\n        abort(403)\n    return open(p).read()\n',
    'a safe archive':
      'import tarfile\ndef unpack(p):\n    with tarfile.open(p) as tar:\n        tar.extractall("/tmp/x", filter="data")\n',
    'a secret token': 'import secrets\ndef make():\n    token = secrets.token_hex(16)\n    return token\n',
    'a shuffled list': 'import random\ndef f(items):\n    random.shuffle(items)\n    return random.choice(items)\n',
    'verify by a bundle': 'import requests\ndef f(u):\n    return requests.get(u, verify="/etc/ca.pem", timeout=5)\n',
  },
);

export const harderGo = samples(
  'go',
  {
    'sql-injection': {
      'a query in a variable':
        'package a\n\nimport "fmt"\n\nfunc f(db *sql.DB, id string) {\n\tquery := fmt.Sprintf("DELETE FROM users WHERE id = %s", id)\n\t_, err := db.Exec(query)\n\t_ = err\n}\n',
      gorm: 'package a\n\nfunc f(db *gorm.DB, name string) {\n\tdb.Where("name = \'" + name + "\'").First(&u)\n}\n',
      'gin parameter':
        'package a\n\nfunc h(c *gin.Context) {\n\tid := c.Query("id")\n\tdb.QueryRow("SELECT * FROM t WHERE id = " + id)\n}\n',
    },
    'command-injection': {
      'a context':
        'package a\n\nimport "os/exec"\n\nfunc f(ctx context.Context, x string) {\n\texec.CommandContext(ctx, "/bin/sh", "-c", "ls "+x).Output()\n}\n',
    },
    'path-traversal': {
      'an upload':
        'package a\n\nimport "os"\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\tfile, header, err := r.FormFile("f")\n\tout, err := os.Create("/data/" + header.Filename)\n\t_, _, _ = file, out, err\n}\n',
      gorilla:
        'package a\n\nimport "os"\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\tvars := mux.Vars(r)\n\tos.ReadFile("/data/" + vars["name"])\n}\n',
    },
    xss: {
      'a string written':
        'package a\n\nimport "io"\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\tio.WriteString(w, "Hello "+r.URL.Query().Get("n"))\n}\n',
    },
    'weak-crypto': {
      'old tls': 'package a\n\nvar c = &tls.Config{MinVersion: tls.VersionTLS10}\n',
      rc4: 'package a\n\nimport "crypto/rc4"\n\nfunc f(k []byte) { rc4.NewCipher(k) }\n',
    },
  },
  {
    'gorm placeholder': 'package a\n\nfunc f(db *gorm.DB, name string) {\n\tdb.Where("name = ?", name).First(&u)\n}\n',
    'a logged query': 'package a\n\nfunc f(id string) {\n\tlog.Printf("SELECT * FROM t WHERE id = %s", id)\n}\n',
    'a template':
      'package a\n\nimport (\n\t"html/template"\n\t"net/http"\n)\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\ttmpl.Execute(w, r.FormValue("n"))\n}\n',
    'the body as json':
      'package a\n\nfunc h(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, "%d", len(r.URL.Path))\n}\n',
    'crypto rand':
      'package a\n\nimport "crypto/rand"\n\nfunc f() {\n\ttoken, _ := rand.Int(rand.Reader, max)\n\t_ = token\n}\n',
    'tls 1.3': 'package a\n\nvar c = &tls.Config{MinVersion: tls.VersionTLS13}\n',
  },
);

const type = (body: string) => `package app;\n\npublic class Sample {\n${body}\n}\n`;

export const harderJava = samples(
  'java',
  {
    'sql-injection': {
      jpa: type(
        '  List<User> f(EntityManager em, String n) { return em.createQuery("SELECT u FROM User u WHERE u.name = \'" + n + "\'").getResultList(); }',
      ),
      'a prepared statement that is not': type(
        '  void f(Connection c, String n) throws Exception { PreparedStatement s = c.prepareStatement("SELECT * FROM u WHERE n = \'" + n + "\'"); s.executeQuery(); }',
      ),
      'a header decoded': type(
        '  public void doPost(HttpServletRequest request, HttpServletResponse response) throws Exception {\n    String param = "";\n    if (request.getHeader("X") != null) { param = request.getHeader("X"); }\n    param = java.net.URLDecoder.decode(param, "UTF-8");\n    String sql = "INSERT INTO users (name) VALUES (\'" + param + "\')";\n    statement.executeUpdate(sql);\n  }',
      ),
    },
    'command-injection': {
      'an array with a shell': type(
        '  void f(String x) throws Exception { Runtime.getRuntime().exec(new String[] {"/bin/sh", "-c", x}); }',
      ),
      'a runtime in a variable': type(
        '  void f(String x) throws Exception { Runtime r = Runtime.getRuntime(); r.exec("ls " + x); }',
      ),
      'a list': type(
        '  void f(String x) throws Exception { new ProcessBuilder(Arrays.asList("bash", "-c", "ls " + x)).start(); }',
      ),
    },
    xss: {
      'a spring controller': type(
        '  @GetMapping("/hi")\n  @ResponseBody\n  public String hi(@RequestParam String name) { return "<h1>" + name + "</h1>"; }',
      ),
      'a formatted writer': type(
        '  void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception { response.getWriter().format("<p>%s", request.getParameter("n")); }',
      ),
    },
    'path-traversal': {
      'an upload': type(
        '  void f(MultipartFile file) throws Exception { Files.copy(file.getInputStream(), Paths.get("/data", file.getOriginalFilename())); }',
      ),
      'an archive': type('  void f(ZipEntry entry, File dir) { File target = new File(dir, entry.getName()); }'),
    },
    'weak-crypto': {
      'a key for DES': type('  void f(byte[] k) { new SecretKeySpec(k, "DES"); }'),
      'trust for everybody': type(
        '  static class T implements X509TrustManager {\n    public void checkServerTrusted(X509Certificate[] c, String a) {}\n  }',
      ),
      'old tls': type('  void f() throws Exception { SSLContext.getInstance("TLSv1"); }'),
    },
    'unsafe-deserialisation': {
      'read in place': type(
        '  Object f(HttpServletRequest r) throws Exception { return new ObjectInputStream(r.getInputStream()).readObject(); }',
      ),
      jackson: type('  void f(ObjectMapper m) { m.enableDefaultTyping(); }'),
    },
  },
  {
    'a named parameter': type(
      '  List<User> f(EntityManager em, String n) { return em.createQuery("SELECT u FROM User u WHERE u.name = :n").setParameter("n", n).getResultList(); }',
    ),
    'constants in SQL': type(
      '  void f(Statement s) throws Exception { String t = "users"; String q = "SELECT * FROM " + t; s.executeQuery(q); }',
    ),
    'a log line': type('  void f(String n) { log.info("SELECT * FROM t WHERE n = " + n); }'),
    'a file writer': type('  void f(PrintWriter fileWriter, String n) { fileWriter.println("<p>" + n); }'),
    'a uuid in a path': type(
      '  void f() throws Exception { Files.createFile(Paths.get("/data", UUID.randomUUID().toString())); }',
    ),
    'a key for AES': type('  void f(byte[] k) { new SecretKeySpec(k, "AES"); }'),
    'a spring text': type(
      '  @GetMapping("/hi")\n  public String hi(Model model, @RequestParam String name) { model.addAttribute("name", name); return "hi"; }',
    ),
    json: type('  User f(ObjectMapper m, String s) throws Exception { return m.readValue(s, User.class); }'),
  },
);
