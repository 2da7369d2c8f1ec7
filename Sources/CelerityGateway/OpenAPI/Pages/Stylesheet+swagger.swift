extension Stylesheet {
  /// What Swagger UI needs to sit below our header.
  static let swagger = """
    .swagger { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem 2rem; }
    .swagger .swagger-ui .info { margin: 1.2rem 0; }
    .swagger .swagger-ui .wrapper { padding: 0; max-width: none; }
    .swagger .swagger-ui .scheme-container:not(:has(.auth-wrapper)) { display: none; }
    html.dark-mode .swagger .swagger-ui, html.dark-mode body { background: var(--page); }
    .credit { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem 3rem; color: var(--muted); font-size: .85rem; }

    """
}
