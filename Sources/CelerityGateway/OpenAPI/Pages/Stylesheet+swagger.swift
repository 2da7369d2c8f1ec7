extension Stylesheet {
  /// What Swagger UI needs to sit below our header.
  static let swagger = """
    .swagger .swagger-ui .information-container { padding-top: .5rem; }
    .swagger .swagger-ui .info { margin: 1.2rem 0; }
    .swagger .swagger-ui .wrapper { padding: 0; }
    html.dark-mode body { background: var(--page); }

    """
}
