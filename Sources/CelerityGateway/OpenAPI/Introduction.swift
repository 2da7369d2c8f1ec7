/// What a reader of the API must know before the first call, in Markdown.
enum Introduction {
  static let text = """
    Celerity takes tasks, keeps them on disk and has workers run them. **202 means durable:** a task that was accepted is \
    not lost, whatever dies.

    - **Errors** are `application/problem+json` (RFC 9457). `code` is stable and `type` is the path of a page that says \
    what happened and what to do. Services may have an error form of their own.
    - **Names** are in snake_case, times are RFC 3339 in UTC with microseconds, durations are seconds with the unit in \
    the name.
    - **Unknown** query parameters and members of `/v1` bodies are refused, so that a mistyped one is noticed. Answers \
    may gain members; ignore those you do not know.
    - **Repeating** a submission is safe with an `Idempotency-Key`. Every answer carries an `X-Request-ID`.
    - **Access:** as long as no keys are configured, only this machine is served.
    """
}
