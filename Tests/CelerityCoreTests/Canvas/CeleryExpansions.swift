import CelerityJSON

/// What Celery 5.7's client publishes for signatures, told in one line per message: written by a client of it.
enum CeleryExpansions {
  /// A signature as JSON, partial arguments, and the messages.
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    let args: String
    let signature: String
    let messages: [String]
    var description: String { name }
  }

  static let cases = [
    Case(
      name: "plain", args: "[]",
      signature: #"""
        {"task":"w.a","args":[1],"kwargs":{"k":2},"options":{},"subtask_type":null,"immutable":false}
        """#,
      messages: [
        #"w.a[1]{"k":2}"#
      ]),
    Case(
      name: "plain with partial", args: "[9]",
      signature: #"""
        {"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}
        """#,
      messages: [
        #"w.a[9,1]"#
      ]),
    Case(
      name: "immutable with partial", args: "[9]",
      signature: #"""
        {"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":true}
        """#,
      messages: [
        #"w.a[1]"#
      ]),
    Case(
      name: "chain", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[1] chain[w.b[2];w.c[]]"#
      ]),
    Case(
      name: "chain with partial", args: "[9]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[9,1] chain[w.b[2]]"#
      ]),
    Case(
      name: "nested chains", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.e","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[w.b[];w.c[];w.d[];w.e[]]"#
      ]),
    Case(
      name: "chain of one", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[]"#
      ]),
    Case(
      name: "group", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[1] in G0/0"#,
        #"w.b[2] in G0/1"#,
      ]),
    Case(
      name: "group with partial", args: "[9]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":true}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[9,1] in G0/0"#,
        #"w.b[2] in G0/1"#,
      ]),
    Case(
      name: "group of one", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[1] in G0/0"#
      ]),
    Case(
      name: "nested groups", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0"#,
        #"w.b[] in G0/0"#,
        #"w.c[] in G0/1"#,
        #"w.d[] in G0/2"#,
      ]),
    Case(
      name: "group in chain end", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[group(w.b[],w.c[])]"#
      ]),
    Case(
      name: "group in chain middle", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.e","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[chord(w.b[],w.c[]|w.d[]);w.e[]]"#
      ]),
    Case(
      name: "group in chain begin", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.c[] chain[w.d[]]}"#,
        #"w.b[] in G0/1 chord{w.c[] chain[w.d[]]}"#,
      ]),
    Case(
      name: "group then group", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{group(w.c[],w.d[])}"#,
        #"w.b[] in G0/1 chord{group(w.c[],w.d[])}"#,
      ]),
    Case(
      name: "group group task", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.e","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{chord(w.c[],w.d[]|w.e[])}"#,
        #"w.b[] in G0/1 chord{chord(w.c[],w.d[]|w.e[])}"#,
      ]),
    Case(
      name: "chord", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[1] in G0/0 chord{w.s[]}"#,
        #"w.b[2] in G0/1 chord{w.s[]}"#,
      ]),
    Case(
      name: "chord with partial", args: "[9]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[3],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[9,1] in G0/0 chord{w.s[3]}"#,
        #"w.b[9,2] in G0/1 chord{w.s[3]}"#,
      ]),
    Case(
      name: "chord immutable body", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[2],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[3],"kwargs":{},"options":{},"subtask_type":null,"immutable":true}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[1] in G0/0 chord{w.s[3]!}"#,
        #"w.b[2] in G0/1 chord{w.s[3]!}"#,
      ]),
    Case(
      name: "chord of nested groups", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false},{"task":"w.e","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.s[]}"#,
        #"w.d[] in G0/1 chord{w.s[]}"#,
        #"w.c[] in G0/2 chord{w.s[]}"#,
        #"w.b[] in G0/3 chord{w.s[]}"#,
        #"w.e[] in G0/4 chord{w.s[]}"#,
      ]),
    Case(
      name: "chord of chain", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[w.b[]]"#,
        #"w.c[] in G0/1 chord{w.s[]}"#,
      ]),
    Case(
      name: "chord of chord", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.t","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.t[]}"#,
        #"w.b[] in G0/1 chord{w.t[]}"#,
        #"w.c[] in G1/1 chord{w.s[]}"#,
      ]),
    Case(
      name: "chord of chain ending in group", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}]},"options":{},"subtask_type":"chain","immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[group(w.b[],w.c[])]"#,
        #"w.d[] in G0/1 chord{w.s[]}"#,
      ]),
    Case(
      name: "chord body chain", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.t","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.s[] chain[w.t[]]}"#,
        #"w.b[] in G0/1 chord{w.s[] chain[w.t[]]}"#,
      ]),
    Case(
      name: "chord body group", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{group(w.c[],w.d[])}"#,
        #"w.b[] in G0/1 chord{group(w.c[],w.d[])}"#,
      ]),
    Case(
      name: "chord body chord", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{chord(w.c[],w.d[]|w.s[])}"#,
        #"w.b[] in G0/1 chord{chord(w.c[],w.d[]|w.s[])}"#,
      ]),
    Case(
      name: "chord then tasks", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.t","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.e","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}},"options":{},"subtask_type":"chord","immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.s[] chain[w.t[];w.e[]]}"#,
        #"w.b[] in G0/1 chord{w.s[] chain[w.t[];w.e[]]}"#,
      ]),
    Case(
      name: "empty chord", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[],"body":{"task":"w.s","args":[1],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.s[[],1]"#
      ]),
    Case(
      name: "links", args: "[]",
      signature: #"""
        {"task":"w.a","args":[1],"kwargs":{},"options":{"link":[{"task":"w.link","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"link_error":[{"task":"w.err","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":null,"immutable":false}
        """#,
      messages: [
        #"w.a[1] link[w.link[]] err[w.err[]]"#
      ]),
    Case(
      name: "links of chain", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{"link":[{"task":"w.link","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"link_error":[{"task":"w.err","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] err[w.err[]] chain[w.b[] err[w.err[]];w.c[] link[w.link[]] err[w.err[]]]"#
      ]),
    Case(
      name: "links of chord", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{"link":[{"task":"w.link","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"link_error":[{"task":"w.err","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.s[] link[w.link[]] err[w.err[]]}"#,
        #"w.b[] in G0/1 chord{w.s[] link[w.link[]] err[w.err[]]}"#,
      ]),
    Case(
      name: "errors of group", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{"link_error":[{"task":"w.err","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{"link_error":[{"task":"w.err","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 err[w.err[]]"#,
        #"w.b[] in G0/1 err[w.err[]]"#,
      ]),
    Case(
      name: "map", args: "[]",
      signature: #"""
        {"task":"celery.map","args":[],"kwargs":{"task":{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},"it":[1,2,3]},"options":{},"subtask_type":null,"immutable":true}
        """#,
      messages: [
        #"celery.map[]{"it":[1,2,3],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}}"#
      ]),
    Case(
      name: "starmap", args: "[]",
      signature: #"""
        {"task":"celery.starmap","args":[],"kwargs":{"task":{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},"it":[[1,2],[3,4]]},"options":{},"subtask_type":null,"immutable":true}
        """#,
      messages: [
        #"celery.starmap[]{"it":[[1,2],[3,4]],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}}"#
      ]),
    Case(
      name: "chunks", args: "[]",
      signature: #"""
        {"task":"celery.chunks","args":[],"kwargs":{"task":{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},"it":[[1,1],[2,2],[3,3]],"n":2},"options":{},"subtask_type":null,"immutable":true}
        """#,
      messages: [
        #"celery.starmap[]{"it":[[1,1],[2,2]],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}} in G0/0"#,
        #"celery.starmap[]{"it":[[3,3]],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}} in G0/1"#,
      ]),
    Case(
      name: "chunks in chain", args: "[]",
      signature: #"""
        {"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"celery.starmap","args":[],"kwargs":{"task":{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},"it":[[1,1],[2,2]]},"options":{},"subtask_type":null,"immutable":true},{"task":"celery.starmap","args":[],"kwargs":{"task":{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},"it":[[3,3]]},"options":{},"subtask_type":null,"immutable":true}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}
        """#,
      messages: [
        #"celery.starmap[]{"it":[[1,1],[2,2]],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}} in G0/0 chord{w.s[]}"#,
        #"celery.starmap[]{"it":[[3,3]],"task":{"args":[],"immutable":false,"kwargs":{},"options":{},"subtask_type":null,"task":"w.a"}} in G0/1 chord{w.s[]}"#,
      ]),
    Case(
      name: "empty groups in chain", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[w.b[]]"#
      ]),
    Case(
      name: "chain in group", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false},{"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[w.b[]]"#,
        #"w.c[] chain[w.d[]]"#,
      ]),
    Case(
      name: "chord in group", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false},{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0 chord{w.s[]}"#,
        #"w.b[] in G0/1 chord{w.s[]}"#,
        #"w.c[] in G1/1"#,
      ]),
    Case(
      name: "group of groups in chord in chain", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.chord","args":[],"kwargs":{"kwargs":{},"header":[{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.c","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false},{"task":"w.d","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"group","immutable":false}],"body":{"task":"w.s","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}},"options":{},"subtask_type":"chord","immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] chain[chord(w.b[],w.d[],w.c[]|w.s[])]"#
      ]),
    Case(
      name: "options of group", args: "[]",
      signature: #"""
        {"task":"celery.group","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{"queue":"mine"},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{"queue":"ours"},"subtask_type":"group","immutable":false}
        """#,
      messages: [
        #"w.a[] in G0/0"#,
        #"w.b[] in G0/1"#,
      ]),
    Case(
      name: "chain with inner group links", args: "[]",
      signature: #"""
        {"task":"celery.chain","args":[],"kwargs":{"tasks":[{"task":"w.a","args":[],"kwargs":{},"options":{"link":[{"task":"w.link","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"subtask_type":null,"immutable":false},{"task":"w.b","args":[],"kwargs":{},"options":{},"subtask_type":null,"immutable":false}]},"options":{},"subtask_type":"chain","immutable":false}
        """#,
      messages: [
        #"w.a[] link[w.link[]] chain[w.b[]]"#
      ]),
  ]
}
