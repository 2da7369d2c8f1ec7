// What authors of tasks and services import: one name for the parts they use.
@_exported public import CelerityCore
@_exported public import CelerityCron
@_exported public import CelerityJSON
@_exported public import CelerityRoutes
@_exported public import CelerityTasks
