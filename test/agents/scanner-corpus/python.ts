import { samples } from './sample.ts';

export const pythonSamples = samples(
  'py',
  {
    'sql-injection': {
      'f-string': 'def find(cur, name):\n    cur.execute(f"SELECT * FROM users WHERE name = \'{name}\'")\n',
      percent: 'def find(cur, name):\n    cur.execute("SELECT * FROM users WHERE name = \'%s\'" % name)\n',
      format:
        'def find(cur, name):\n    query = "SELECT * FROM users WHERE name = \'{}\'".format(name)\n    cur.execute(query)\n',
      concatenation:
        'def find(db, request):\n    sql = "DELETE FROM users WHERE id = " + request.args["id"]\n    db.engine.execute(sql)\n',
      'django raw':
        'def find(request):\n    return User.objects.raw("SELECT * FROM users WHERE name = \'" + request.GET["q"] + "\'")\n',
    },
    xss: {
      'flask response':
        '@app.route("/hi")\ndef hi():\n    name = request.args.get("name")\n    return f"<h1>Hi {name}</h1>"\n',
      mark_safe:
        'from django.utils.safestring import mark_safe\ndef show(text):\n    return mark_safe("<b>" + text + "</b>")\n',
      HttpResponse: 'def view(request):\n    return HttpResponse("<p>" + request.GET["q"] + "</p>")\n',
      'template from a string': 'def view():\n    return render_template_string("<p>" + request.args["q"] + "</p>")\n',
    },
    'command-injection': {
      'os.system': 'import os\ndef ping(host):\n    os.system("ping -c 1 " + host)\n',
      'shell=True': 'import subprocess\ndef ls(path):\n    subprocess.run(f"ls {path}", shell=True)\n',
      'imported name':
        'from subprocess import check_output\ndef ls(path):\n    return check_output("ls %s" % path, shell=True)\n',
      'os.popen with an alias':
        'import os as operating\ndef who(user):\n    return operating.popen("id " + user).read()\n',
      eval: '@app.route("/calc")\ndef calc():\n    return str(eval(request.args["e"]))\n',
    },
    'path-traversal': {
      'open of a parameter': '@app.route("/f")\ndef f():\n    return open("/data/" + request.args["name"]).read()\n',
      'a route parameter':
        '@app.route("/files/<name>")\ndef get(name):\n    return send_file(os.path.join("/data", name))\n',
      'fastapi parameter': '@app.get("/files/{name}")\ndef get(name: str):\n    return FileResponse(f"/data/{name}")\n',
      pathlib:
        'from pathlib import Path\n@app.route("/p")\ndef p():\n    return (Path("/data") / request.args["n"]).read_text()\n',
    },
    'weak-crypto': {
      md5: 'import hashlib\ndef h(p):\n    return hashlib.md5(p.encode()).hexdigest()\n',
      'sha1 by new': 'import hashlib\ndef h(p):\n    return hashlib.new("sha1", p).hexdigest()\n',
      des: 'from Crypto.Cipher import DES\ndef c(key):\n    return DES.new(key, DES.MODE_ECB)\n',
      ecb: 'from Crypto.Cipher import AES\ndef c(key):\n    return AES.new(key, AES.MODE_ECB)\n',
      'random token':
        'import random, string\ndef make_token():\n    token = "".join(random.choice(string.ascii_letters) for _ in range(32))\n    return token\n',
      'tls off': 'import requests\ndef get(url):\n    return requests.get(url, verify=False)\n',
    },
    'unsafe-deserialisation': {
      pickle: 'import pickle\ndef load(data):\n    return pickle.loads(data)\n',
      'yaml.load': 'import yaml\ndef load(text):\n    return yaml.load(text)\n',
      'yaml with Loader': 'import yaml\ndef load(f):\n    return yaml.load(f, Loader=yaml.Loader)\n',
      marshal: 'import marshal\ndef load(b):\n    return marshal.loads(b)\n',
      'imported loads': 'from pickle import loads\ndef load(data):\n    return loads(data)\n',
    },
  },
  {
    parameters: 'def find(cur, name):\n    cur.execute("SELECT * FROM users WHERE name = %s", (name,))\n',
    'constant query': 'TABLE = "users"\ndef all(cur):\n    cur.execute(f"SELECT * FROM {TABLE}")\n',
    'a number':
      'def page(cur, request):\n    n = int(request.args["n"])\n    cur.execute(f"SELECT * FROM t LIMIT {n}")\n',
    'an allow list':
      'def sort(cur, col):\n    if col not in ("name", "age"):\n        raise ValueError(col)\n    cur.execute(f"SELECT * FROM t ORDER BY {col}")\n',
    'list without a shell': 'import subprocess\ndef ls(path):\n    subprocess.run(["ls", path])\n',
    'constant shell': 'import subprocess\ndef ls():\n    subprocess.run("ls | wc -l", shell=True)\n',
    quoted: 'import os, shlex\ndef ls(path):\n    os.system("ls " + shlex.quote(path))\n',
    literal_eval: 'import ast\ndef calc(e):\n    return ast.literal_eval(e)\n',
    'model.eval': 'def run(model, x):\n    model.eval()\n    return model(x)\n',
    'secure filename':
      '@app.route("/f")\ndef f():\n    return open(os.path.join("/data", secure_filename(request.args["n"]))).read()\n',
    'an integer route':
      '@app.route("/files/<int:number>")\ndef get(number):\n    return open(f"/data/{number}.txt").read()\n',
    'open of a setting': 'def load(path):\n    with open(path) as f:\n        return f.read()\n',
    escaped: '@app.route("/hi")\ndef hi():\n    return f"<h1>{escape(request.args[\'n\'])}</h1>"\n',
    'rendered template':
      '@app.route("/hi")\ndef hi():\n    return render_template("hi.html", name=request.args["n"])\n',
    'md5 not for security':
      'import hashlib\ndef etag(b):\n    return hashlib.md5(b, usedforsecurity=False).hexdigest()\n',
    sha256: 'import hashlib\ndef h(b):\n    return hashlib.sha256(b).hexdigest()\n',
    'random for a game': 'import random\ndef roll():\n    return random.randint(1, 6)\n',
    'safe yaml':
      'import yaml\ndef load(text):\n    a = yaml.safe_load(text)\n    return yaml.load(text, Loader=yaml.SafeLoader)\n',
    json: 'import json\ndef load(data):\n    return json.loads(data)\n',
    'pickle dump': 'import pickle\ndef save(o, f):\n    pickle.dump(o, f)\n',
  },
);
