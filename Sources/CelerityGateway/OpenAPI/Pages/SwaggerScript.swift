/// Starts Swagger UI. A file of its own, so that the page needs no inline script.
enum SwaggerScript {
  static let text = """
    "use strict";
    (function () {
      var dark = window.matchMedia("(prefers-color-scheme: dark)");
      function follow() {
        document.documentElement.classList.toggle("dark-mode", dark.matches);
      }
      dark.addEventListener("change", follow);
      follow();
      var place = document.getElementById("swagger-ui");
      window.SwaggerUIBundle({
        url: place.dataset.document,
        domNode: place,
        layout: "BaseLayout",
        presets: [window.SwaggerUIBundle.presets.apis],
        deepLinking: true,
        docExpansion: "list",
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        filter: true,
        requestSnippetsEnabled: true,
        validatorUrl: null
      });
    })();

    """
}
