extension Stylesheet {
  /// What Swagger UI needs to sit below our header.
  static let swagger = """
    .swagger { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem 2rem; }
    .swagger .swagger-ui .info { margin: 1.2rem 0; }
    .swagger .swagger-ui .wrapper { padding: 0; max-width: none; }
    .swagger .swagger-ui .scheme-container:not(:has(.auth-wrapper)) { display: none; }
    html.dark-mode .swagger .swagger-ui, html.dark-mode body { background: var(--page); }
    .swagger .swagger-ui .filter .operation-filter-input {
      border: 1px solid var(--muted); border-radius: 6px; background: var(--page); color: var(--text);
    }
    .swagger .swagger-ui .response-col_links, .swagger .swagger-ui .info__license { display: none; }
    .swagger .swagger-ui .examples-select__section-label, .swagger .swagger-ui .response .headers-wrapper td {
      color: var(--text);
    }
    .swagger .swagger-ui .request-snippets svg { fill: var(--text); }
    @media (max-width: 40rem) {
      .swagger { padding: 0 .6rem 2rem; }
      .swagger .swagger-ui .opblock-body { overflow-wrap: break-word; }
      .swagger .swagger-ui .opblock-tag { font-size: 18px; }
      .swagger .swagger-ui .opblock-tag small { min-width: 0; padding: 0 .4rem; overflow-wrap: anywhere; }
    }
    .credit { max-width: 90rem; margin: 0 auto; padding: 0 1.5rem 3rem; color: var(--muted); font-size: .85rem; }

    """
}
