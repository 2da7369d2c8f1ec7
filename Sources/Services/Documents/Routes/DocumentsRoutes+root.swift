import CelerityJSON
import CelerityRoutes

extension DocumentsRoutes {
  /// `GET /`, where the service owns the root
  var root: Route {
    route(
      .get, "/", "root", "What this service is and where its parts are.",
      responses: [.init(200, "The service.", DocumentsSchemas.object)]
    ) { call in
      let links = Links(call.request)
      var writer = JSONWriter(reservingCapacity: 768)
      writer.beginObject()
      writer.member("name", "documents")
      writer.member("message", "Makes resumes and cover letters as PDF, LaTeX and DOCX.")
      writer.member("version", call.environment.server.version)
      writer.member("documentation", "/docs")
      writer.member("health_check", "/health")
      writer.member("metrics", "/metrics")
      writer.member(
        "available_endpoints",
        object: { writer in
          for (name, path) in Self.endpoints { writer.member(name, links.path(path)) }
        })
      writer.endObject()
      return .json(200, writer.finish())
    }
  }

  private static let endpoints = [
    ("generation", "/generate"), ("generation_yaml", "/generate-yaml"), ("generation_async", "/generate/async"),
    ("generation_batch", "/generate/batch"), ("jobs", "/jobs/{job_id}"), ("download", "/jobs/{job_id}/download"),
    ("validation", "/validate"), ("analysis", "/analyze"), ("pdf_analysis", "/analyze-pdf"),
    ("templates", "/templates"), ("template_info", "/template-info/{document_type}/{template_name}"),
    ("schemas", "/schema/{document_type}"), ("schemas_yaml", "/schema-yaml/{document_type}"),
  ]
}
