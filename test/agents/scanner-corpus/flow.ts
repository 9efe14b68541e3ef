import { samples } from './sample.ts';

/** A servlet with one method; `request.getParameter("q")` is what an outsider sends. */
const servlet = (body: string, more = '') =>
  `package app;\n\npublic class Page extends HttpServlet {\n  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws Exception {\n    String asked = request.getParameter("q");\n${body}\n  }\n${more}\n}\n`;
const query = '    statement.executeQuery("SELECT * FROM users WHERE name = \'" + shown + "\'");';

/** Which value arrives depends on what can be computed without running the program. */
export const javaFlowSamples = samples(
  'java',
  {
    'sql-injection': {
      'the branch that is taken': servlet(
        `    int size = 40;\n    String shown;\n    if (7 * 6 + size > 50) shown = asked;\n    else shown = "fixed";\n${query}`,
      ),
      'a branch that may be taken': servlet(
        `    String shown = "fixed";\n    if (System.nanoTime() > 5) { shown = asked; }\n${query}`,
      ),
      'the case that is chosen': servlet(
        `    String letters = "XYZ";\n    char letter = letters.charAt(2);\n    String shown;\n    switch (letter) {\n      case 'X':\n        shown = "fixed";\n        break;\n      case 'Z':\n        shown = asked;\n        break;\n      default:\n        shown = "other";\n    }\n${query}`,
      ),
      'a case that the chosen one falls through to': servlet(
        `    char letter = 'X';\n    String shown = "";\n    switch (letter) {\n      case 'X':\n      case 'Y':\n        shown = asked;\n        break;\n    }\n${query}`,
      ),
      'the key of a map that holds it': servlet(
        `    Map<String, String> values = new HashMap<>();\n    values.put("a", "fixed");\n    values.put("b", asked);\n    String shown = values.get("b");\n${query}`,
      ),
      'a list whose first one was taken out': servlet(
        `    List<String> values = new ArrayList<>();\n    values.add("fixed");\n    values.add(asked);\n    values.remove(0);\n    String shown = values.get(0);\n${query}`,
      ),
      'a list that another function had': servlet(
        `    List<String> values = new ArrayList<>();\n    values.add("fixed");\n    values.add(asked);\n    shuffle(values);\n    String shown = values.get(0);\n${query}`,
      ),
      'a counter that the condition asks': servlet(
        `    String shown = "fixed";\n    for (int at = 0; at < 3; at++) {\n      if (at == 2) shown = asked;\n    }\n${query}`,
      ),
      'a cookie in a loop': servlet(
        `    String shown = "";\n    for (Cookie cookie : request.getCookies()) {\n      if (cookie.getName().equals("name")) { shown = cookie.getValue(); break; }\n    }\n${query}`,
      ),
      'a method of an inner class': servlet(
        `    String shown = new Helper().pick(asked);\n${query}`,
        '  private class Helper {\n    String pick(String text) { return text.trim(); }\n  }',
      ),
      'an object around the request': servlet(
        `    PageRequest wrapped = new PageRequest(request);\n    String shown = wrapped.getName();\n${query}`,
      ),
      'a parameter that is replaced only when it is missing':
        'class Api {\n  @GetMapping("/u")\n  void find(@RequestParam String shown) throws Exception {\n    if (shown == null) shown = "fixed";\n' +
        `${query}\n  }\n}\n`,
      'a call in JDBC’s own syntax': servlet('    connection.prepareCall("{call " + asked + "}");'),
    },
    'command-injection': {
      'the environment of a program': servlet(
        '    String[] environment = {asked};\n    Runtime.getRuntime().exec("ls", environment);',
      ),
      'a list that grows': servlet(
        '    List<String> words = new ArrayList<>();\n    words.add("sh");\n    words.add("-c");\n    words.add("ls " + asked);\n    new ProcessBuilder(words).start();',
      ),
    },
    'weak-crypto': {
      'a cookie’s value by chance': servlet(
        '    long number = new java.util.Random().nextLong();\n    String text = Long.toString(number);\n    response.addCookie(new Cookie("visitor", text));',
      ),
      'a secret’s bytes by chance': servlet(
        '    Random numbers = new Random();\n    byte[] bytes = new byte[32];\n    numbers.nextBytes(bytes);\n    String sessionToken = encode(bytes);',
      ),
    },
  },
  {
    'the branch that is not taken': servlet(
      `    int size = 40;\n    String shown;\n    if (7 * 6 + size > 50) shown = "fixed";\n    else shown = asked;\n${query}`,
    ),
    'the other value of a condition': servlet(`    String shown = 5 / 2 == 2 ? "fixed" : asked;\n${query}`),
    'a case that is not chosen': servlet(
      `    char letter = "XYZ".charAt(0);\n    String shown;\n    switch (letter) {\n      case 'X':\n        shown = "fixed";\n        break;\n      default:\n        shown = asked;\n    }\n${query}`,
    ),
    'a value that is replaced': servlet(`    String shown = asked;\n    shown = "fixed";\n${query}`),
    'a parameter that is always replaced':
      'class Api {\n  @GetMapping("/u")\n  void find(@RequestParam String shown) throws Exception {\n    shown = "fixed";\n' +
      `${query}\n  }\n}\n`,
    'another key of the map': servlet(
      `    Map<String, String> values = new HashMap<>();\n    values.put("a", "fixed");\n    values.put("b", asked);\n    String shown = values.get("a");\n${query}`,
    ),
    'another place in the list': servlet(
      `    List<String> values = new ArrayList<>();\n    values.add("zero");\n    values.add(asked);\n    values.add("two");\n    values.remove(0);\n    String shown = values.get(1);\n${query}`,
    ),
    'a private method that is given constants': servlet(
      `    String shown = pick("fixed");\n${query}`,
      '  private String pick(String text) { return text.trim(); }',
    ),
    'a program from a helper': servlet('    Runtime.getRuntime().exec(Programs.find("list") == null ? "ls" : "dir");'),
    'a cookie from a secure generator': servlet(
      '    long number = new java.security.SecureRandom().nextLong();\n    response.addCookie(new Cookie("visitor", Long.toString(number)));',
    ),
    'a die in a game': servlet('    int die = new java.util.Random().nextInt(6);\n    log.info("rolled " + die);'),
  },
);

const view = (body: string) =>
  `import os\nimport random\nimport secrets\nimport subprocess\nimport configparser\nfrom pathlib import Path\nfrom flask import request\n\n@app.route("/page")\ndef page():\n    asked = request.args.get("q")\n${body}`;

export const pythonFlowSamples = samples(
  'py',
  {
    'sql-injection': {
      'the case that matches': view(
        `    letter = "XYZ"[2]\n    match letter:\n        case "X":\n            shown = "fixed"\n        case "Y" | "Z":\n            shown = asked\n        case _:\n            shown = "other"\n    cursor.execute("SELECT * FROM t WHERE n = '" + shown + "'")\n`,
      ),
      'an entry of a dictionary': view(
        `    values = {}\n    values["a"] = "fixed"\n    values["b"] = asked\n    cursor.execute("SELECT * FROM t WHERE n = '" + values["b"] + "'")\n`,
      ),
    },
    xss: {
      'text that grew': view('    answer = ""\n    answer += f"Hello {asked}"\n    return answer\n'),
    },
    'path-traversal': {
      'asking whether a file is there': view('    file = Path("/srv") / asked\n    if file.exists():\n        log()\n'),
    },
    'command-injection': {
      'a list for a shell': view(
        '    words = []\n    words.append("sh")\n    words.append("-c")\n    words.append(f"ls {asked}")\n    subprocess.run(words)\n',
      ),
    },
    'weak-crypto': {
      'kept in the session': view('    text = str(random.random())[2:]\n    session["visitor"] = text\n'),
      'set as a cookie': view('    number = random.getrandbits(64)\n    answer.set_cookie("visitor", str(number))\n'),
    },
  },
  {
    'a case that does not match': view(
      `    letter = "XYZ"[0]\n    match letter:\n        case "X":\n            shown = "fixed"\n        case _:\n            shown = asked\n    cursor.execute("SELECT * FROM t WHERE n = '" + shown + "'")\n`,
    ),
    'another entry of the dictionary': view(
      `    values = {}\n    values["a"] = "fixed"\n    values["b"] = asked\n    cursor.execute("SELECT * FROM t WHERE n = '" + values["a"] + "'")\n`,
    ),
    'another setting': view(
      `    settings = configparser.ConfigParser()\n    settings.add_section("s")\n    settings.set("s", "a", "fixed")\n    settings.set("s", "b", asked)\n    shown = settings.get("s", "a")\n    cursor.execute("SELECT * FROM t WHERE n = '" + shown + "'")\n`,
    ),
    'a header of the answer': view('    return make_response(("fine", {"X-Asked": asked}))\n'),
    'a name without ways up': view(
      '    if "../" in asked:\n        return "no"\n    with open("/srv/" + asked) as file:\n        log(file)\n',
    ),
    'a session with a real secret': view('    session["visitor"] = secrets.token_hex(16)\n'),
  },
);
