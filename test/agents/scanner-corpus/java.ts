import { samples } from './sample.ts';

const type = (body: string) =>
  `package app;\n\nimport java.io.*;\nimport java.sql.*;\n\npublic class Sample {\n${body}\n}\n`;
const handler = (body: string) =>
  type(
    `  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {\n${body}\n  }`,
  );

export const javaSamples = samples(
  'java',
  {
    'sql-injection': {
      concatenation: type(
        '  ResultSet find(Connection c, String name) throws SQLException {\n    return c.createStatement().executeQuery("SELECT * FROM users WHERE name = \'" + name + "\'");\n  }',
      ),
      'through a variable': handler(
        '    String id = request.getParameter("id");\n    String sql = "DELETE FROM users WHERE id = " + id;\n    statement.executeUpdate(sql);',
      ),
      'String.format': type(
        '  void f(JdbcTemplate t, String n) { t.queryForList(String.format("SELECT * FROM u WHERE n = \'%s\'", n)); }',
      ),
      'a builder': type(
        '  void f(Statement s, String n) throws Exception {\n    StringBuilder sql = new StringBuilder("SELECT * FROM u WHERE n = \'");\n    sql.append(n);\n    s.executeQuery(sql.toString());\n  }',
      ),
    },
    xss: {
      writer: handler('    response.getWriter().println("<h1>" + request.getParameter("name") + "</h1>");'),
      'writer in a variable': handler(
        '    PrintWriter out = response.getWriter();\n    String name = request.getParameter("name");\n    out.print("<p>" + name + "</p>");',
      ),
    },
    'command-injection': {
      'Runtime.exec': type(
        '  void ping(String host) throws IOException { Runtime.getRuntime().exec("ping " + host); }',
      ),
      'sh -c': type(
        '  void run(String name) throws IOException { new ProcessBuilder("sh", "-c", "echo " + name).start(); }',
      ),
      'script engine': handler('    engine.eval(request.getParameter("code"));'),
    },
    'path-traversal': {
      'new File': handler('    File file = new File("/data/" + request.getParameter("name"));'),
      'Paths.get': handler(
        '    String name = request.getParameter("name");\n    Files.readAllBytes(Paths.get("/data", name));',
      ),
      'spring parameter': type(
        '  @GetMapping("/f")\n  public byte[] get(@RequestParam String name) throws IOException {\n    return new FileInputStream("/data/" + name).readAllBytes();\n  }',
      ),
    },
    'weak-crypto': {
      MD5: type('  void f() throws Exception { MessageDigest.getInstance("MD5"); }'),
      'SHA-1': type('  void f() throws Exception { MessageDigest.getInstance("SHA-1"); }'),
      DES: type('  void f() throws Exception { Cipher.getInstance("DES/CBC/PKCS5Padding"); }'),
      ECB: type('  void f() throws Exception { Cipher.getInstance("AES/ECB/PKCS5Padding"); }'),
      'Random token': type('  String f() { String token = String.valueOf(new Random().nextLong()); return token; }'),
    },
    'unsafe-deserialisation': {
      readObject: type(
        '  Object f(InputStream in) throws Exception { ObjectInputStream stream = new ObjectInputStream(in); return stream.readObject(); }',
      ),
      XMLDecoder: type('  Object f(InputStream in) { return new XMLDecoder(in).readObject(); }'),
      'snake yaml': type('  Object f(String text) { Yaml yaml = new Yaml(); return yaml.load(text); }'),
      XStream: type('  Object f(String xml) { XStream xstream = new XStream(); return xstream.fromXML(xml); }'),
    },
  },
  {
    'prepared statement': type(
      '  void find(Connection c, String name) throws SQLException {\n    PreparedStatement s = c.prepareStatement("SELECT * FROM users WHERE name = ?");\n    s.setString(1, name);\n    s.executeQuery();\n  }',
    ),
    'constant query': type(
      '  static final String TABLE = "users";\n  void f(Statement s) throws SQLException { s.executeQuery("SELECT * FROM " + TABLE); }',
    ),
    'parsed number': handler(
      '    int n = Integer.parseInt(request.getParameter("n"));\n    statement.executeQuery("SELECT * FROM t LIMIT " + n);',
    ),
    'list of arguments': type(
      '  void show(String ref) throws IOException { new ProcessBuilder("git", "show", ref).start(); }',
    ),
    'constant exec': type('  void f() throws IOException { Runtime.getRuntime().exec("ls -l"); }'),
    'encoded output': handler(
      '    response.getWriter().println("<h1>" + Encode.forHtml(request.getParameter("name")) + "</h1>");',
    ),
    'standard output': handler('    System.out.println("name " + request.getParameter("name"));'),
    'own file': type('  File f(String dir) { return new File(dir, "config.json"); }'),
    'checked path': handler(
      '    Path p = Paths.get("/data").resolve(request.getParameter("f")).normalize();\n    if (!p.startsWith("/data/")) throw new SecurityException();\n    Files.readAllBytes(p);',
    ).replace('Paths.get("/data").resolve(request.getParameter("f")).normalize()', 'base(request)'),
    'SHA-256': type('  void f() throws Exception { MessageDigest.getInstance("SHA-256"); }'),
    GCM: type(
      '  void f() throws Exception { Cipher.getInstance("AES/GCM/NoPadding"); KeyGenerator.getInstance("AES"); }',
    ),
    'SecureRandom token': type(
      '  String f() { String token = String.valueOf(new SecureRandom().nextLong()); return token; }',
    ),
    'Random for a game': type('  int roll() { return new Random().nextInt(6); }'),
    'safe yaml': type(
      '  Object f(String text) { Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions())); return yaml.load(text); }',
    ),
    'filtered stream': type(
      '  Object f(InputStream in) throws Exception { ObjectInputStream s = new ObjectInputStream(in); s.setObjectInputFilter(ObjectInputFilter.Config.createFilter("app.*;!*")); return s.readObject(); }',
    ),
  },
);
