import { samples } from './sample.ts';

const file = (imports: string, body: string) =>
  `package main\n\nimport (\n${imports
    .split(' ')
    .map((name) => `\t"${name}"`)
    .join('\n')}\n)\n\n${body}\n`;

export const goSamples = samples(
  'go',
  {
    'sql-injection': {
      Sprintf: file(
        'database/sql fmt',
        'func find(db *sql.DB, name string) {\n\tdb.Query(fmt.Sprintf("SELECT * FROM users WHERE name = \'%s\'", name))\n}',
      ),
      concatenation: file(
        'database/sql net/http',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tq := "SELECT * FROM users WHERE id = " + r.URL.Query().Get("id")\n\trows, err := db.Query(q)\n\t_ = rows\n\t_ = err\n}',
      ),
      'with a context': file(
        'context database/sql',
        'func del(ctx context.Context, db *sql.DB, id string) {\n\tdb.ExecContext(ctx, "DELETE FROM users WHERE id = \'"+id+"\'")\n}',
      ),
    },
    xss: {
      Fprintf: file(
        'fmt net/http',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, "<h1>Hi %s</h1>", r.URL.Query().Get("name"))\n}',
      ),
      'template.HTML': file(
        'html/template',
        'func page(text string) template.HTML {\n\treturn template.HTML("<b>" + text + "</b>")\n}',
      ),
      'w.Write': file(
        'net/http',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tname := r.FormValue("name")\n\tw.Write([]byte("<p>" + name + "</p>"))\n}',
      ),
    },
    'command-injection': {
      'sh -c': file('os/exec', 'func run(name string) {\n\texec.Command("sh", "-c", "echo "+name).Run()\n}'),
      'bash with Sprintf': file(
        'fmt os/exec',
        'func run(h string) {\n\tcmd := fmt.Sprintf("ping %s", h)\n\texec.Command("bash", "-c", cmd).Run()\n}',
      ),
      'the program from the request': file(
        'net/http os/exec',
        'func h(w http.ResponseWriter, r *http.Request) {\n\texec.Command(r.FormValue("cmd")).Run()\n}',
      ),
    },
    'path-traversal': {
      'os.Open': file(
        'net/http os',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tos.Open("/data/" + r.URL.Query().Get("f"))\n}',
      ),
      'filepath.Join': file(
        'net/http os path/filepath',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tp := filepath.Join("/data", r.FormValue("f"))\n\tos.ReadFile(p)\n}',
      ),
      ServeFile: file(
        'net/http',
        'func h(w http.ResponseWriter, r *http.Request) {\n\thttp.ServeFile(w, r, "/srv/"+r.URL.Query().Get("f"))\n}',
      ),
    },
    'weak-crypto': {
      md5: file('crypto/md5', 'func h(b []byte) [16]byte { return md5.Sum(b) }'),
      sha1: file('crypto/sha1', 'func h() { _ = sha1.New() }'),
      des: file('crypto/des', 'func c(k []byte) { des.NewCipher(k) }'),
      'tls off': file('crypto/tls', 'var cfg = &tls.Config{InsecureSkipVerify: true}'),
      'math/rand token': file(
        'math/rand strconv',
        'func newToken() string {\n\ttoken := strconv.Itoa(rand.Intn(1000000))\n\treturn token\n}',
      ),
    },
    'unsafe-deserialisation': {
      'gob of the body': file(
        'encoding/gob net/http',
        'func h(w http.ResponseWriter, r *http.Request) {\n\tvar v any\n\tgob.NewDecoder(r.Body).Decode(&v)\n}',
      ),
    },
  },
  {
    placeholders: file(
      'database/sql',
      'func find(db *sql.DB, name string) {\n\tdb.Query("SELECT * FROM users WHERE name = $1", name)\n}',
    ),
    'constant query': file(
      'database/sql',
      'const table = "users"\n\nfunc all(db *sql.DB) {\n\tdb.Query("SELECT * FROM " + table)\n}',
    ),
    'converted number': file(
      'database/sql fmt net/http strconv',
      'func h(w http.ResponseWriter, r *http.Request) {\n\tn, _ := strconv.Atoi(r.FormValue("n"))\n\tdb.Query(fmt.Sprintf("SELECT * FROM t LIMIT %d", n))\n}',
    ),
    'arguments without a shell': file(
      'os/exec',
      'func show(ref string) {\n\texec.Command("git", "show", ref).Run()\n}',
    ),
    'constant shell': file('os/exec', 'func run() {\n\texec.Command("sh", "-c", "ls | wc -l").Run()\n}'),
    'base name': file(
      'net/http os path/filepath',
      'func h(w http.ResponseWriter, r *http.Request) {\n\tos.Open(filepath.Join("/data", filepath.Base(r.FormValue("f"))))\n}',
    ),
    'checked prefix': file(
      'net/http os path/filepath strings',
      'func h(w http.ResponseWriter, r *http.Request) {\n\tp := filepath.Join("/data", r.FormValue("f"))\n\tif !strings.HasPrefix(p, "/data/") {\n\t\treturn\n\t}\n\tos.Open(p)\n}',
    ),
    'own path': file('os', 'func load(path string) { os.ReadFile(path) }'),
    'escaped output': file(
      'fmt html net/http',
      'func h(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, "<h1>%s</h1>", html.EscapeString(r.FormValue("n")))\n}',
    ),
    'print to a file': file('fmt os', 'func p(f *os.File, s string) { fmt.Fprintf(f, "<p>%s", s) }'),
    sha256: file('crypto/sha256', 'func h(b []byte) [32]byte { return sha256.Sum256(b) }'),
    'json of the body': file(
      'encoding/json net/http',
      'func h(w http.ResponseWriter, r *http.Request) {\n\tvar v T\n\tjson.NewDecoder(r.Body).Decode(&v)\n}',
    ),
    'rand for a delay': file('math/rand time', 'func jitter() time.Duration { return time.Duration(rand.Intn(100)) }'),
  },
);
